/// When items were made and last changed, by their names.
///
/// Of a name only a hash is kept, of 64 bits and different in each process: for each of the items of each collection in
/// use, the names themselves would take several times the memory.
public struct ItemTimesTable: Equatable, ExpressibleByDictionaryLiteral {
    private struct Times: Equatable {
        var created: Int64
        var modified: Int64
    }

    private var times: [Int: Times] = [:]
    /// What stands for a time that is not known.
    private static let unknown = Int64.min

    /// Makes a table of items whose names are different.
    public init(dictionaryLiteral elements: (ItemName, ItemTimes)...) {
        for (name, times) in elements { self[name] = times }
    }

    /// For how many items there is something known.
    public var count: Int { times.count }

    /// True when nothing is known.
    public var isEmpty: Bool { times.isEmpty }

    /// True when it is known of each item in it when it was made.
    public var knowsAllBeginnings: Bool { times.allSatisfy { $0.value.created != Self.unknown } }

    /// The times of the item called `name`, nil when nothing is known of it.
    public subscript(name: ItemName) -> ItemTimes? {
        get {
            guard let known = times[name.hashValue] else { return nil }
            return ItemTimes(
                created: known.created == Self.unknown ? nil : known.created,
                modified: known.modified == Self.unknown ? nil : known.modified)
        }
        set {
            times[name.hashValue] = newValue.map {
                Times(created: $0.created ?? Self.unknown, modified: $0.modified ?? Self.unknown)
            }
        }
    }
}
