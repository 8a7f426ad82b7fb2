internal import Glibc

/// Programs that run beside the workers.
extension Supervisor {
    /// A program that runs once, and is started again when it ends.
    struct Companion {
        let name: String
        let command: WorkerCommand
        /// What it finds at its descriptor 0, nil: nothing.
        let socket: ListenSocket?
        var process: Worker?
        /// When to start it, if it does not run.
        var startTime: Int? = 0
        var backOff = BackOff()
    }

    /// Starts those for which it is time.
    func startCompanions(now: Int) {
        for index in companions.indices {
            guard let time = companions[index].startTime, now >= time else { continue }
            do throws(PoolError) {
                let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
                guard nothing >= 0 else { throw .last("open", "/dev/null") }
                defer { close(nothing) }
                let process = try Worker(
                    companions[index].command, socket: companions[index].socket?.descriptor ?? nothing)
                companions[index].process = process
                companions[index].startTime = nil
                log("\(companions[index].name) \(process.pid) started")
            } catch {
                let delay = companions[index].backOff.failed(after: 0)
                companions[index].startTime = now + max(delay, 100)
                log("\(companions[index].name) cannot be started: \(error)")
            }
        }
    }

    /// Takes note of those that have ended.
    func reapCompanions() {
        for index in companions.indices {
            guard let process = companions[index].process, let ending = process.ending() else { continue }
            companions[index].process = nil
            guard !isStopping else { continue }
            let now = monotonicMilliseconds()
            let delay =
                process.killTime != nil ? 0 : companions[index].backOff.failed(after: now - process.started)
            companions[index].startTime = now + delay
            log(
                "\(companions[index].name) \(process.pid) \(ending); it is started again \(delay == 0 ? "now" : "in \(delay) ms")"
            )
        }
    }

    /// Tells them to end; those that are not needed any more are not started again.
    func stopCompanions(killTime: Int) {
        for index in companions.indices {
            if isStopping { companions[index].startTime = nil }
            companions[index].process?.stop(killTime: killTime)
        }
    }
}
