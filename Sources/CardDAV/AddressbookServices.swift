public import Index
import Store
import VCard
import WebDAV

/// What address books need besides the request: bounds, and what was learnt of cards before.
///
/// There is one for each worker, which answers one request at a time.
public final class AddressbookServices {
    /// Bounds on what is stored and remembered.
    public let limits: Limits

    let records: RecordViews
    let searchableCards: RecentCache<Card>

    /// Makes the services of a worker; `index` is what all workers remember together, nil for none.
    public init(limits: Limits = Limits(), index: RecordIndex? = nil) {
        self.limits = limits
        self.records = RecordViews(
            index, CardRecord.format, maxBytes: limits.cachedRecordBytes, facts: CardRecord.facts)
        self.searchableCards = RecentCache(capacity: limits.cachedBytes)
    }

    /// Bounds on address books.
    public struct Limits: Hashable, Sendable {
        /// Bytes of one card (`CARDDAV:max-resource-size`, RFC 6352 §6.2.3); photos stand in cards.
        public var resourceBytes: Int
        /// Cards that one query may return (`DAV:number-of-matches-within-limits`, RFC 6352 §8.6.2).
        public var matches: Int
        /// Bytes of the cards that are kept parsed between requests, photos not counted; in memory they take several
        /// times that.
        public var cachedBytes: Int
        /// Bytes of what is remembered of the cards of all address books but the one in question.
        public var cachedRecordBytes: Int

        /// Makes limits.
        public init(
            resourceBytes: Int = 20 << 20, matches: Int = 100_000, cachedBytes: Int = 2 << 20,
            cachedRecordBytes: Int = 24 << 20
        ) {
            self.resourceBytes = resourceBytes
            self.matches = matches
            self.cachedBytes = cachedBytes
            self.cachedRecordBytes = cachedRecordBytes
        }
    }
}
