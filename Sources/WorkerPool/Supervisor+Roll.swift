internal import Glibc

/// Replacing the workers one by one.
extension Supervisor {
    /// Begins to replace all workers.
    func roll() {
        guard !isStopping else { return }
        log("replacing all workers, one by one")
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        notification.send(
            "RELOADING=1", "MONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)")
        isRolling = true
        toRoll = Array(slots.indices)
        stopCompanions(killTime: monotonicMilliseconds() + options.graceSeconds * 1000)
        rollNext()
    }

    /// Starts the next successor, if none is on its way; or says that all are replaced.
    func rollNext() {
        guard isRolling, !slots.contains(where: { $0.successor != nil }) else { return }
        while let index = toRoll.first {
            toRoll.removeFirst()
            // Where none runs, a fresh one is due anyway.
            guard slots[index].worker != nil else { continue }
            do throws(PoolError) {
                let successor = try Worker(options.command, socket: socket.descriptor)
                slots[index].successor = successor
                log("worker \(successor.pid) started to replace one")
            } catch {
                giveUpRoll("\(error)")
            }
            return
        }
        isRolling = false
        log("all workers are replaced")
        notification.send("READY=1")
    }

    /// The successor is ready: the old worker may go.
    func retire(_ index: Int) {
        guard let old = slots[index].worker else { return }
        old.stop(killTime: monotonicMilliseconds() + options.graceSeconds * 1000)
    }

    /// A successor ended before it took its place.
    func successorEnded(_ index: Int, _ worker: Worker, _ ending: ProcessEnding) {
        slots[index].successor = nil
        guard !isStopping else { return }
        if worker.isReady {
            // The old one has been told to end; when it has, a fresh one is started.
            log("worker \(worker.pid) \(ending)")
        } else {
            giveUpRoll("worker \(worker.pid) \(ending) before it was ready")
        }
    }

    private func giveUpRoll(_ why: String) {
        isRolling = false
        toRoll = []
        log("\(why); the workers that run stay")
        notification.send("READY=1")
    }
}
