import Foundation
import GitStore
import Store
import TestSupport
import Testing

/// A program that ended badly.
struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// Runs a program and returns what it writes.
@discardableResult
func run(_ program: String, _ arguments: [String], in folder: String, input: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging([
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Hand",
        "GIT_AUTHOR_EMAIL": "hand@example.org", "GIT_COMMITTER_NAME": "Hand",
        "GIT_COMMITTER_EMAIL": "hand@example.org", "LC_ALL": "C.UTF-8",
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    if let input {
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        pipe.fileHandleForWriting.write(Data(input.utf8))
        try pipe.fileHandleForWriting.close()
    } else {
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ProgramFailure(description: "\(program) \(arguments.joined(separator: " ")): \(text)")
    }
    return text
}

/// A data root with repositories made by the real `git`.
final class Workshop {
    let folder: TemporaryFolder
    var options = GitStoreOptions(fsync: false, clock: { 1_700_000_000 }, lockTimeout: .seconds(30))

    init() throws {
        self.folder = try TemporaryFolder()
    }

    /// A new store object, as another process would have.
    func store() throws -> GitCollectionStore {
        try GitCollectionStore(root: folder.path, options: options)
    }

    @discardableResult
    func git(_ repository: String, _ arguments: String..., input: String? = nil) throws -> String {
        try run("git", arguments, in: folder.path(repository), input: input)
    }

    /// Makes a repository with a work tree and the given files committed.
    func makeWorkTree(_ name: String, files: [String: String] = [:], branch: String = "master") throws {
        try run("git", ["init", "-q", "-b", branch, name], in: folder.path)
        if files.isEmpty { return }
        for (file, text) in files { try folder.write(text, to: "\(name)/\(file)") }
        try git(name, "add", "-A")
        try git(name, "commit", "-qm", "Start")
    }

    /// Makes a bare repository with the given files committed.
    func makeBare(_ name: String, files: [String: String] = [:], branch: String = "master") throws {
        try makeWorkTree("start-of-\(name)", files: files, branch: branch)
        try run("git", ["clone", "-q", "--bare", "start-of-\(name)", name], in: folder.path)
        try FileManager.default.removeItem(atPath: folder.path("start-of-\(name)"))
    }

    /// Checks that Git finds nothing wrong, and in a work tree nothing uncommitted.
    ///
    /// `known` is in the complaints that the test's own odd repository causes.
    func expectSound(
        _ name: String, isClean: Bool = true, except known: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    )
        throws
    {
        let report = try git(name, "fsck", "--strict", "--full", "--no-dangling")
        let problems = report.split(separator: "\n").filter { line in
            !line.hasPrefix("notice:") && !line.hasPrefix("Checking")
                && !(known.map { line.contains($0) } ?? false)
        }
        #expect(problems.isEmpty, sourceLocation: location)
        guard isClean, try git(name, "rev-parse", "--is-bare-repository") == "false\n" else { return }
        #expect(
            try git(name, "status", "--porcelain", "--untracked-files=no").isEmpty, sourceLocation: location)
    }

    func collection(_ name: String) throws -> any ItemCollection {
        try store().collection(at: path(name))
    }
}
