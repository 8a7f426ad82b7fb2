internal import Glibc

/// Keeps a number of workers running on one listening socket.
///
/// SIGTERM and SIGINT end it: the workers finish their requests, and what then still runs is killed. SIGHUP replaces the
/// workers one by one, each only when its successor is ready, so that a new version is taken up without a request lost,
/// and a broken one takes nothing away.
public final class Supervisor {
    let options: PoolOptions
    let socket: ListenSocket
    let log: (String) -> Void
    let notification = ServiceNotification()
    private let signals: SignalQueue
    var slots: [Slot] = []
    var companions: [Companion] = []
    /// Slots whose workers are still to be replaced.
    var toRoll: [Int] = []
    var isRolling = false
    var isStopping = false
    private var hasBeenReady = false
    private var nextWatchdog: Int?

    /// A place for one worker.
    struct Slot {
        var worker: Worker?
        /// The one that takes its place as soon as it is ready.
        var successor: Worker?
        /// When to start one, if there is none.
        var startTime: Int? = 0
        var backOff = BackOff()
    }

    /// Takes over the signals of this process; before any thread is started.
    ///
    /// - Parameters:
    ///   - options: what to run.
    ///   - socket: where the web server connects.
    ///   - companionSockets: where others connect, by the name of the companion that finds it at its descriptor 0; they
    ///     can wait there also while it is started again.
    ///   - log: takes one line for each event, without its end.
    /// - Throws: `system`.
    public init(
        _ options: PoolOptions, socket: ListenSocket, companionSockets: [String: ListenSocket] = [:],
        log: @escaping (String) -> Void
    ) throws(PoolError) {
        self.options = options
        self.socket = socket
        self.log = log
        signal(SIGPIPE, SIG_IGN)
        signals = try SignalQueue([SIGTERM, SIGINT, SIGHUP, SIGCHLD])
        slots = Array(repeating: Slot(), count: max(1, options.workers))
        companions = options.companions.sorted { $0.key < $1.key }.map {
            Companion(name: $0.key, command: $0.value, socket: companionSockets[$0.key])
        }
    }

    /// Runs until told to end, and leaves no worker behind.
    ///
    /// - Throws: `refused` when the workers do not accept their arguments, `system` when none can be started.
    public func run() throws(PoolError) {
        defer {
            socket.removeFile()
            for companion in companions { companion.socket?.removeFile() }
        }
        do throws(PoolError) {
            for index in slots.indices { try start(index) }
            while !(isStopping && slots.allSatisfy(\.isEmpty) && companions.allSatisfy({ $0.process == nil }))
            {
                wait()
                handleSignals()
                hear()
                try reap()
                reapCompanions()
                act(now: monotonicMilliseconds())
            }
        } catch {
            killAll()
            throw error
        }
        log("all workers have ended")
    }

    /// Waits for a signal, for a word of a worker, or for the time of the next thing to do.
    private func wait() {
        let now = monotonicMilliseconds()
        var times = slots.compactMap(\.startTime)
        times += slots.flatMap(\.workers).compactMap(\.killTime) + slots.compactMap(\.successor?.readyTime)
        times += companions.compactMap(\.startTime) + companions.compactMap(\.process?.killTime)
        if let nextWatchdog { times.append(nextWatchdog) }
        let timeout = times.min().map { Int32(clamping: max(0, $0 - now)) } ?? -1
        var events = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        for worker in slots.flatMap(\.workers) where !worker.isReady && !worker.isSilent {
            events.append(pollfd(fd: worker.channel, events: Int16(POLLIN), revents: 0))
        }
        // Failing is waking up early.
        unsafe poll(&events, nfds_t(events.count), timeout)
    }

    private func handleSignals() {
        while let signal = signals.next() {
            switch signal {
            case SIGHUP: roll()
            case SIGTERM, SIGINT: stop()
            default: break
            }
        }
    }

    /// Tells the workers to end, and nobody to come any more.
    private func stop() {
        guard !isStopping else { return }
        isStopping = true
        log("stopping; requests in hand are finished, \(options.graceSeconds) s at most")
        notification.send("STOPPING=1")
        socket.removeFile()
        toRoll = []
        for index in slots.indices { slots[index].startTime = nil }
        let killTime = monotonicMilliseconds() + options.graceSeconds * 1000
        for worker in slots.flatMap(\.workers) { worker.stop(killTime: killTime) }
        stopCompanions(killTime: killTime)
    }

    private func hear() {
        for index in slots.indices {
            for worker in slots[index].workers where worker.hear() {
                becameReady(worker)
                if worker === slots[index].successor { retire(index) }
            }
        }
    }

    private func becameReady(_ worker: Worker) {
        log("worker \(worker.pid) is ready")
        guard !hasBeenReady else { return }
        hasBeenReady = true
        notification.send("READY=1")
        nextWatchdog = notification.watchdogMilliseconds.map { monotonicMilliseconds() + $0 }
    }

    private func reap() throws(PoolError) {
        for index in slots.indices {
            if let worker = slots[index].successor, let ending = worker.ending() {
                successorEnded(index, worker, ending)
            }
            if let worker = slots[index].worker, let ending = worker.ending() {
                try ended(index, worker, ending)
            }
        }
    }

    /// A worker has ended: its successor takes its place, or a fresh one is started, now or later.
    private func ended(_ index: Int, _ worker: Worker, _ ending: ProcessEnding) throws(PoolError) {
        // Its last word may have come after `hear`.
        if worker.hear() { becameReady(worker) }
        slots[index].worker = slots[index].successor
        slots[index].successor = nil
        let wasTold = worker.killTime != nil
        if wasTold || isStopping {
            log("worker \(worker.pid) \(ending)")
            slots[index].startTime = isStopping ? nil : 0
        } else if ending == .exited(code: 0), worker.isReady {
            log("worker \(worker.pid) has done its part; a fresh one is started")
            slots[index].backOff.succeeded()
            slots[index].startTime = 0
        } else {
            if !hasBeenReady, case .exited(let code) = ending, options.fatalCodes.contains(code) {
                throw .refused(code: code)
            }
            let now = monotonicMilliseconds()
            let delay = slots[index].backOff.failed(after: now - worker.started)
            slots[index].startTime = now + delay
            log(
                "worker \(worker.pid) \(ending); a new one is started \(delay == 0 ? "now" : "in \(delay) ms")"
            )
        }
        if slots[index].worker != nil { slots[index].startTime = nil }
    }

    /// Does what is due.
    private func act(now: Int) {
        for worker in slots.flatMap(\.workers) where worker.killIfOverdue(now: now) {
            log("worker \(worker.pid) does not end; it is killed")
        }
        for companion in companions where companion.process?.killIfOverdue(now: now) == true {
            log("\(companion.name) does not end; it is killed")
        }
        for worker in slots.compactMap(\.successor) where worker.isOverdue(now: now) {
            log("worker \(worker.pid) does not become ready")
            worker.stop(killTime: now)
        }
        if let time = nextWatchdog, let interval = notification.watchdogMilliseconds, now >= time {
            notification.send("WATCHDOG=1")
            nextWatchdog = now + interval
        }
        guard !isStopping else { return }
        for index in slots.indices {
            guard let time = slots[index].startTime, now >= time else { continue }
            do throws(PoolError) {
                try start(index)
            } catch {
                let delay = slots[index].backOff.failed(after: 0)
                slots[index].startTime = now + max(delay, 100)
                log("no worker can be started: \(error)")
            }
        }
        rollNext()
        startCompanions(now: now)
    }

    private func start(_ index: Int) throws(PoolError) {
        let worker = try Worker(options.command, socket: socket.descriptor)
        slots[index].worker = worker
        slots[index].startTime = nil
        log("worker \(worker.pid) started")
    }

    private func killAll() {
        for worker in slots.flatMap(\.workers) + companions.compactMap(\.process) {
            worker.stop(killTime: 0)
            _ = worker.killIfOverdue(now: 1)
            while worker.ending() == nil { usleep(1000) }
        }
    }
}

extension Supervisor.Slot {
    var workers: [Worker] { [worker, successor].compactMap(\.self) }
    var isEmpty: Bool { worker == nil && successor == nil }
}
