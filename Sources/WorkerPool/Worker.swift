internal import Glibc
internal import Spawn

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
        guard channel >= 0, theirs >= 0 else {
            close(channel)
            throw .last("fcntl")
        }
        do throws(ProgramStart.Refusal) {
            self.pid = try Self.start(command, socket: socket, lifeline: theirs)
        } catch {
            close(channel)
            throw .system(call: "posix_spawn", subject: command.executable, code: error.code)
        }
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

    private static func start(
        _ command: WorkerCommand, socket: Int32, lifeline: Int32
    ) throws(ProgramStart.Refusal) -> pid_t {
        var start = ProgramStart(command.executable, command.arguments)
        start.environment = start.environment.filter { variable in
            !ownVariables.contains { variable.utf8.starts(with: "\($0)=".utf8) }
        }
        start.environment.append("ARTEMISIOS_LIFELINE=\(lifelineDescriptor)")
        start.descriptors = [(0, socket), (lifelineDescriptor, lifeline)]
        start.resetsSignals = true
        return try start.start()
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
