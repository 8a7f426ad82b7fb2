public import GitStore
public import Store

/// Keeps a store small: repacks the collections that have grown.
public final class Upkeep {
    let store: GitCollectionStore
    let options: UpkeepOptions
    let log: (String) -> Void
    private let watch: CollectionWatch
    /// Collections of which Git refused one, and when to try again.
    private var refused: [StorePath: Retry] = [:]
    /// Collections with a pack that writers added to when they were last looked at.
    private var growing: Set<StorePath> = []

    private struct Retry {
        var failures = 0
        var time: ContinuousClock.Instant
    }

    /// What was done to one collection.
    public struct Repacked {
        /// The collection.
        public let path: StorePath
        /// How it was.
        public let before: RepositoryGrowth
        /// How it is.
        public let after: RepositoryGrowth
    }

    /// Makes ready to keep `store`.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - options: how.
    ///   - log: takes one line for each thing to be known, without its end.
    /// - Throws: what the store says about its root.
    public init(_ store: GitCollectionStore, options: UpkeepOptions, log: @escaping (String) -> Void)
        throws(StoreError)
    {
        self.store = store
        self.options = options
        self.log = log
        self.watch = try CollectionWatch(store)
    }

    /// Can be read once a worker says so.
    var signalDescriptor: Int32 { watch.descriptor }

    /// All containers that were there at the last round.
    var containers: [StorePath] { watch.paths }

    /// True when a worker says that something has changed since this was last asked.
    func isSignalled() throws(StoreError) -> Bool {
        try watch.isSignalled()
    }

    /// Repacks, of the collections that changed since the last round, those for which it is time; the largest first.
    ///
    /// The first round looks at all. One that cannot be repacked is logged, and tried again after a while.
    ///
    /// - Parameters:
    ///   - joiningAll: whether to make one pack of each collection, be it time or not.
    ///   - isMeasuring: whether to look how large a collection is afterwards; else that is told to be as before.
    ///   - isFull: whether packs that writers add to are packed too, in collections that did not change since the last round;
    ///     nil: in all.
    /// - Returns: what was repacked.
    /// - Throws: what the store says when its root cannot be read.
    @discardableResult
    public func round(
        joiningAll: Bool = false, isMeasuring: Bool = true, isFull: Bool? = nil
    ) throws(StoreError) -> [Repacked] {
        let now = ContinuousClock.now
        let again = refused.filter { $0.value.time <= now }.map(\.key)
        let changed = try watch.changed().filter { refused[$0].map { $0.time <= now } ?? true }
        let resting = isFull == true ? growing.subtracting(changed) : []
        growing.subtract(resting)
        var due: [(path: StorePath, growth: RepositoryGrowth)] = []
        for path in Set(changed + again).union(resting) {
            do throws(StoreError) {
                let isLeft = isFull != nil && !resting.contains(path)
                let growth = try store.growth(of: path, leavingGrowing: isLeft)
                if growth.hasGrowingPack { growing.insert(path) }
                if joiningAll || options.policy.isDue(growth) { due.append((path, growth)) }
                if !joiningAll, !options.policy.isDue(growth) { refused[path] = nil }
            } catch {
                failed(path, error)
            }
        }
        var done: [Repacked] = []
        for (path, before) in due.sorted(by: { $0.growth.looseBytes > $1.growth.looseBytes }) {
            do throws(StoreError) {
                try store.repack(
                    path, git: options.git, joiningAll: joiningAll,
                    leavingGrowing: isFull != nil && !resting.contains(path))
                let after = isMeasuring ? try store.growth(of: path) : before
                done.append(Repacked(path: path, before: before, after: after))
                refused[path] = nil
            } catch {
                failed(path, error)
            }
        }
        return done
    }

    /// True when a collection could not be repacked at the last attempt.
    public var hasFailures: Bool { !refused.isEmpty }

    private func failed(_ path: StorePath, _ error: StoreError) {
        // Gone since we looked: that is no failure.
        if case .notFound = error {
            refused[path] = nil
            return
        }
        var retry = refused[path] ?? Retry(time: .now)
        let seconds = min(60 << min(retry.failures, 6), 3600)
        retry.failures += 1
        retry.time = .now + .seconds(seconds)
        refused[path] = retry
        log("\(path) is not repacked: \(error)")
    }
}
