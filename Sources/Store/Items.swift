/// The items of a snapshot in byte order of their names, each made when it is asked for.
///
/// A store that keeps them in another form can so serve a hundred thousand without ever having them all as values.
public struct Items: RandomAccessCollection, ExpressibleByArrayLiteral, Equatable {
    /// The number of items.
    public let count: Int
    private let make: (Int) -> Item

    /// Makes a collection of `count` items; `make` gives the one at an index, the same one each time.
    public init(count: Int, _ make: @escaping (Int) -> Item) {
        self.count = count
        self.make = make
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

    /// Compares the items.
    public static func == (left: Items, right: Items) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }
}
