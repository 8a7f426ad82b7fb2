public import Store

/// Values by the version of the bytes they were made of, so none is ever stale; those not used lately are forgotten.
///
/// It has two generations: when the younger one is half of the capacity, the older one is dropped.
///
/// - Complexity: O(1) for each access.
public final class RecentCache<Value> {
    private let capacity: Int
    private var young: [ItemVersion: (value: Value, cost: Int)] = [:]
    private var old: [ItemVersion: (value: Value, cost: Int)] = [:]
    private var youngCost = 0

    /// Makes a cache whose values cost at most `capacity` together.
    public init(capacity: Int) {
        self.capacity = capacity
    }

    /// The value of a version, if it is still known.
    public subscript(version: ItemVersion) -> Value? {
        if let entry = young[version] { return entry.value }
        guard let entry = old[version] else { return nil }
        insert(entry.value, for: version, cost: entry.cost)
        return entry.value
    }

    /// Keeps a value; one that alone costs half of the capacity is not kept.
    public func insert(_ value: Value, for version: ItemVersion, cost: Int) {
        guard cost <= capacity / 2 else { return }
        if youngCost + cost > capacity / 2 {
            swap(&young, &old)
            young.removeAll(keepingCapacity: true)
            youngCost = 0
        }
        if young.updateValue((value: value, cost: cost), forKey: version) == nil { youngCost += cost }
    }
}
