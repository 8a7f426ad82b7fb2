internal import CLinux
internal import Glibc

/// What to run as a worker.
public struct WorkerCommand: Hashable, Sendable {
    /// The path of the program.
    public var executable: String
    /// The arguments after its name.
    public var arguments: [String]

    /// Makes a command.
    public init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The path of the program called `name` that lies beside the running one.
    ///
    /// - Throws: `system` when the system does not say which program is running.
    public static func besideThisProgram(_ name: String) throws(PoolError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink(
                "/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count > 0, let slash = buffer[..<count].lastIndex(of: UInt8(ascii: "/")) else {
            throw .last("readlink", "/proc/self/exe")
        }
        return String(decoding: buffer[...slash], as: UTF8.self) + name
    }
}

/// A worker process.
///
/// Its descriptor 0 is the listening socket (the convention of FastCGI), and descriptor 3 one end of a pair of sockets,
/// whose other end is here: the worker says on it that it is ready, and ends when this process is gone, however that came.
@safe final class Worker {
    let pid: pid_t
    let started: Int
    /// Our end of the pair, readable when the worker is ready or gone.
    let channel: Int32
    private(set) var isReady = false
    /// Whether it has closed its end of the pair.
    private(set) var isSilent = false
    /// When to kill it, because it has been told to end.
    private(set) var killTime: Int?

    /// How long a worker may take to be ready.
    private static let startMilliseconds = 30_000
    private static let lifelineDescriptor: Int32 = 3
    /// Variables that are meant for this process alone.
    private static let ownVariables = [
        "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
        "ARTEMISIOS_LIFELINE",
    ]

    /// Starts a worker.
    init(_ command: WorkerCommand, socket: Int32) throws(PoolError) {
        var pair: [Int32] = [-1, -1]
        guard
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair)
                == 0
        else { throw .last("socketpair") }
        // Above those that mean something in the worker.
        let channel = fcntl(pair[0], F_DUPFD_CLOEXEC, 10)
        let theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10)
        close(pair[0])
        close(pair[1])
        defer { close(theirs) }
        let spawned = Self.spawn(command, socket: socket, lifeline: theirs)
        guard spawned.code == 0, channel >= 0, theirs >= 0 else {
            close(channel)
            throw .system(call: "posix_spawn", subject: command.executable, code: spawned.code)
        }
        self.pid = spawned.pid
        self.channel = channel
        self.started = monotonicMilliseconds()
    }

    deinit { close(channel) }

    /// Reads what the worker says; true when that makes it ready.
    func hear() -> Bool {
        var byte: UInt8 = 0
        guard !isReady, !isSilent else { return false }
        let count = unsafe recv(channel, &byte, 1, Int32(MSG_DONTWAIT))
        isReady = count == 1
        isSilent = count == 0
        return isReady
    }

    /// Tells it to finish its request and end.
    ///
    /// - Parameter killTime: when to kill it, if it is still there.
    func stop(killTime: Int) {
        guard self.killTime == nil else { return }
        self.killTime = killTime
        kill(pid, SIGTERM)
    }

    /// Ends it at once, when it is over its time.
    ///
    /// - Returns: whether it was.
    func killIfOverdue(now: Int) -> Bool {
        guard let killTime, now >= killTime else { return false }
        self.killTime = .max
        kill(pid, SIGKILL)
        return true
    }

    /// When it must be ready at the latest, nil when it is or has been told to end.
    var readyTime: Int? { isReady || killTime != nil ? nil : started + Self.startMilliseconds }

    /// Whether it should have been ready by now.
    func isOverdue(now: Int) -> Bool {
        readyTime.map { now >= $0 } ?? false
    }

    /// How it ended, nil while it runs.
    func ending() -> ProcessEnding? {
        var status: Int32 = 0
        return unsafe waitpid(pid, &status, WNOHANG) == pid ? ProcessEnding(waitStatus: status) : nil
    }

    private static func spawn(_ command: WorkerCommand, socket: Int32, lifeline: Int32) -> (
        pid: pid_t, code: Int32
    ) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, lifeline, lifelineDescriptor)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let arguments = CStrings([command.executable] + command.arguments)
        let variables = CStrings(inheritedEnvironment() + ["ARTEMISIOS_LIFELINE=\(lifelineDescriptor)"])
        var pid: pid_t = 0
        let code = unsafe posix_spawn(
            &pid, command.executable, &actions, &attributes, arguments.pointers, variables.pointers)
        return (pid, code)
    }

    private static func inheritedEnvironment() -> [String] {
        var variables: [String] = []
        var next = unsafe linux_environment()
        while let entry = unsafe next?.pointee {
            let variable = unsafe String(cString: entry)
            if !ownVariables.contains(where: { variable.utf8.starts(with: "\($0)=".utf8) }) {
                variables.append(variable)
            }
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

/// Milliseconds of a clock that never jumps.
func monotonicMilliseconds() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

/// Processors that the process may use.
func processorCount() -> Int {
    sysconf(Int32(_SC_NPROCESSORS_ONLN))
}
