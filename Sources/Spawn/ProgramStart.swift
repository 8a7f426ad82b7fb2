internal import CLinux
internal import Glibc

/// A program to be started, and what it gets from this process.
@safe public struct ProgramStart {
    /// Its path, or with `isSearched` its name.
    public var executable: String
    /// The arguments after its name.
    public var arguments: [String]
    /// Variables as `NAME=value`; those of this process unless told.
    public var environment: [String] = inheritedEnvironment()
    /// Descriptors of this process by the number that each has there; others stay behind if they close on exec.
    public var descriptors: [(number: Int32, source: Int32)] = []
    /// A descriptor of the directory that it starts in; nil: where this process is.
    public var directory: Int32?
    /// Whether it is looked for along `PATH`.
    public var isSearched = false
    /// Whether no signal is blocked, ignored or handled there, as this process may have it.
    public var resetsSignals = false

    /// The system's refusal to start a program.
    public struct Refusal: Error {
        /// The number that `errno` would have.
        public let code: Int32
    }

    /// Names a program.
    public init(_ executable: String, _ arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Starts it.
    ///
    /// - Returns: the id of its process, for which the caller has to wait.
    public func start() throws(Refusal) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // Before its number may become that of something else.
        if let directory { unsafe linux_start_in(&actions, directory) }
        for descriptor in descriptors {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor.source, descriptor.number)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        if resetsSignals { Self.resetSignals(&attributes) }

        let program = CStrings([executable] + arguments)
        let variables = CStrings(environment)
        var pid: pid_t = 0
        let spawn = unsafe isSearched ? posix_spawnp : posix_spawn
        let code = unsafe spawn(
            &pid, executable, &actions, &attributes, program.pointers, variables.pointers)
        guard code == 0 else { throw Refusal(code: code) }
        return pid
    }

    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    /// The variables of this process, as `NAME=value`.
    public static func inheritedEnvironment() -> [String] {
        var variables: [String] = []
        var next = unsafe linux_environment()
        while let entry = unsafe next?.pointee {
            unsafe variables.append(String(cString: entry))
            unsafe next = next?.advanced(by: 1)
        }
        return variables
    }
}

/// Strings as `posix_spawn` wants them: ended by a nil.
@safe private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() {
            unsafe (pointers + index).initialize(to: strdup(string))
        }
        unsafe (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}
