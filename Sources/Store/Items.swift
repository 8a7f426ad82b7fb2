/// The items of a snapshot in byte order of their names, each made when it is asked for.
///
/// A store that keeps them in another form can so serve a hundred thousand without ever having them all as values.
public struct Items: RandomAccessCollection, ExpressibleByArrayLiteral, Equatable {
    /// The number of items.
    public let count: Int
    private let make: (Int) -> Item
    private let spell: ((Int, inout [UInt8]) -> ItemVersion)?

    /// Makes a collection of items that are made when they are asked for.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - spell: appends the UTF-8 of the name of the item at an index, and gives its version, where that can be done
    ///     without making the item.
    ///   - make: gives the item at an index, the same one each time.
    public init(
        count: Int, spell: ((Int, inout [UInt8]) -> ItemVersion)? = nil, _ make: @escaping (Int) -> Item
    ) {
        self.count = count
        self.make = make
        self.spell = spell
    }

    /// Makes a collection of items that are there.
    public init(_ items: [Item]) {
        self.init(count: items.count) { items[$0] }
    }

    /// Makes a collection of items that are there.
    public init(arrayLiteral items: Item...) {
        self.init(items)
    }

    /// The first index.
    public var startIndex: Int { 0 }
    /// The index behind the last item.
    public var endIndex: Int { count }

    /// The item at an index.
    public subscript(index: Int) -> Item { make(index) }

    /// Appends the UTF-8 of an item's name to `bytes`, and gives its version: for long lists, where items as values cost
    /// more than all else.
    public func appendName(at index: Int, to bytes: inout [UInt8]) -> ItemVersion {
        if let spell { return spell(index, &bytes) }
        let item = make(index)
        bytes.append(contentsOf: item.name.description.utf8)
        return item.version
    }

    /// Compares the items.
    public static func == (left: Items, right: Items) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }
}
