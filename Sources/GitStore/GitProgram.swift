import CLibgit2
import Glibc
import Spawn

/// The `git` program, run in a repository with no configuration but the repository's own.
struct GitProgram {
    let name: String

    /// What it wrote, and how it ended.
    struct Outcome {
        let output: [UInt8]
        let errors: [UInt8]
        /// The exit code; 128 and the signal's number for a program that was killed, as shells have it.
        let code: CInt
    }

    /// Where the program finds the bytes that are given as `attributes`.
    static let attributesFile = "/proc/self/fd/3"

    /// Runs it in `directory`, which is what Git calls its directory, and waits for its end.
    ///
    /// - Throws: `system` when it cannot be started. A bad end is no error here.
    func run(
        _ arguments: [String], in directory: borrowing OpenDirectory, input: [UInt8] = [],
        attributes: String = ""
    ) throws(GitError) -> Outcome {
        let program = Path(name)
        let standardInput = try Self.memoryFile(program)
        let output = try Self.memoryFile(program)
        let errors = try Self.memoryFile(program)
        let attributesInput = try Self.memoryFile(program)
        try standardInput.write(input)
        try standardInput.rewind()
        try attributesInput.write(Array(attributes.utf8))
        try attributesInput.rewind()

        var start = ProgramStart(name, arguments)
        start.isSearched = true
        start.environment = Self.variables
        start.directory = directory.descriptor
        start.descriptors = [
            (0, standardInput.descriptor), (1, output.descriptor), (2, errors.descriptor),
            (3, attributesInput.descriptor),
        ]
        let spawned: pid_t
        do throws(ProgramStart.Refusal) {
            spawned = try start.start()
        } catch {
            throw .system(call: "run", errno: error.code, path: name)
        }
        var status: CInt = 0
        try system("waitpid", program) { unsafe waitpid(spawned, &status, 0) }
        try output.rewind()
        try errors.rewind()
        return Outcome(
            output: try output.readToEnd(expecting: 256), errors: try errors.readToEnd(expecting: 256),
            code: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
    }

    /// A repository named by `GIT_DIR` is not asked for its owner; whose it is, is the administrator's decision.
    private static var variables: [String] {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return [
            "PATH=\(path)", "LC_ALL=C", "GIT_DIR=.", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1",
        ]
    }

    private static func memoryFile(_ program: Path) throws(GitError) -> File {
        File(
            descriptor: try system("memfd_create", program) { unsafe shim_memory_file("artemisios") },
            path: program)
    }
}

extension File {
    /// Goes back to the start.
    fileprivate func rewind() throws(GitError) {
        try system("lseek", path) { lseek(descriptor, 0, SEEK_SET) }
    }
}
