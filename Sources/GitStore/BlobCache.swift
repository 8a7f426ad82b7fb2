/// The bytes of small blobs read lately, as several devices ask for the same items one after the other.
///
/// A blob's name says what its bytes are, so they are never stale, and repositories can share one cache. There are two
/// generations: when the younger one is half of the capacity, the older one is dropped.
///
/// - Complexity: O(1) for each access.
final class BlobCache {
    private let capacity: Int
    private var young: [ObjectID: [UInt8]] = [:]
    private var old: [ObjectID: [UInt8]] = [:]
    private var youngCost = 0

    /// Larger ones are not kept.
    private static let largest = 4096
    /// What keeping a blob takes beside its bytes.
    private static let overhead = 96

    /// Makes a cache of blobs that take at most `capacity` bytes together.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The bytes of the blob called `id`, if they are still known.
    func bytes(of id: ObjectID) -> [UInt8]? {
        if let bytes = young[id] { return bytes }
        guard let bytes = old[id] else { return nil }
        insert(bytes, for: id)
        return bytes
    }

    /// Keeps the bytes of a blob.
    func insert(_ bytes: [UInt8], for id: ObjectID) {
        guard bytes.count <= Self.largest else { return }
        let cost = bytes.count + Self.overhead
        if youngCost + cost > capacity / 2 {
            swap(&young, &old)
            young.removeAll(keepingCapacity: true)
            youngCost = 0
        }
        if young.updateValue(bytes, forKey: id) == nil { youngCost += cost }
    }
}
