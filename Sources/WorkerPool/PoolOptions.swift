/// What a `Supervisor` keeps running.
public struct PoolOptions: Hashable, Sendable {
    /// The program.
    public var command: WorkerCommand
    /// How many of them.
    public var workers: Int
    /// Seconds that a worker has to finish its request, once told to end.
    public var graceSeconds: Int
    /// Programs beside the workers, by what the log calls them, each run once and started again when it ends.
    public var companions: [String: WorkerCommand]
    /// Exit codes that mean: it is useless to start me again like this.
    public var fatalCodes: Set<Int32>

    /// Makes options.
    public init(
        command: WorkerCommand, workers: Int, graceSeconds: Int = 30,
        companions: [String: WorkerCommand] = [:], fatalCodes: Set<Int32> = [64, 78]
    ) {
        self.command = command
        self.workers = workers
        self.graceSeconds = graceSeconds
        self.companions = companions
        self.fatalCodes = fatalCodes
    }

    /// Workers where nobody says how many: one for each processor, and two at least.
    public static var standardWorkers: Int { max(2, processorCount()) }
}
