import GitStore
public import Store

extension Upkeep {
    /// Goes on until the process at the other end of `lifeline` has gone.
    ///
    /// - Throws: what the store says when its root cannot be read at the start. Later it is tried again.
    public func keepOn(until lifeline: Lifeline) throws(StoreError) {
        /// Milliseconds between two looks at the signal; longer while nothing happens, which the signal then ends.
        let (shortest, longest) = (20, 400)
        /// Changes by programs that do not signal are found by then.
        let fullLook = Duration.seconds(30)
        let trashLook = Duration.seconds(3600)
        var pause = shortest
        var isQuiet = false
        var lastFullLook = ContinuousClock.now
        var lastTrashLook: ContinuousClock.Instant?
        _ = try isSignalled()
        try round(isFull: false)
        repeat {
            do throws(StoreError) {
                let start = ContinuousClock.now
                let isFull = start - lastFullLook >= fullLook
                if try isSignalled() || isFull {
                    isQuiet = false
                    let repacked = try round(isMeasuring: false, isFull: isFull)
                    let lastLook = ContinuousClock.now
                    if isFull { lastFullLook = lastLook }
                    // Looking at thousands of collections takes time, and has the less of it the longer it takes.
                    let looking = repacked.isEmpty ? Int((lastLook - start) / .milliseconds(1)) : 0
                    pause = repacked.isEmpty ? max(shortest, looking * options.lookingShare) : 0
                } else {
                    isQuiet = true
                    pause = min(max(pause * 5 / 4, shortest), max(longest, pause))
                }
                if lastTrashLook.map({ $0.duration(to: start) >= trashLook }) ?? true {
                    lastTrashLook = start
                    try purgeTrash()
                    try removeUnfinished()
                }
            } catch {
                log("maintenance: \(error)")
                pause = 10_000
            }
        } while lifeline.holds(forMilliseconds: pause, orUntil: isQuiet ? signalDescriptor : -1)
    }

    /// Removes what is left of containers whose maker died before they had their names.
    func removeUnfinished() throws(StoreError) {
        for path in containers {
            do throws(StoreError) {
                for name in try store.unfinishedContainers(in: path, isRemoving: true) {
                    log("\(name) in \(path) was never finished, and is gone")
                }
            } catch .notFound {
                continue
            }
        }
    }

    /// Removes for good what has been in the trash for longer than it is to be kept; nothing when it is kept for ever.
    public func purgeTrash() throws(StoreError) {
        guard let days = options.trashRetentionDays else { return }
        let day: Int64 = 86_400
        for entry in try store.purgeTrash(removedBefore: GitStoreOptions.now() - Int64(days) * day) {
            log(
                "\(entry.path.map { "\($0)" } ?? entry.id), in the trash for over \(days) days, is gone for good"
            )
        }
    }
}
