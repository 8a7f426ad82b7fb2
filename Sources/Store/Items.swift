/// The items of a snapshot in byte order of their names, each made when it is asked for.
///
/// A store that keeps them in another form can so serve a hundred thousand without ever having them all as values.
public struct Items: RandomAccessCollection, ExpressibleByArrayLiteral, Equatable {
    /// The number of items.
    public let count: Int
    private let make: (Int) -> Item
    private let visit: ((Range<Int>, Visitor) -> Void)?

    /// Is given the UTF-8 of an item's name and its version; false to be given no more.
    public typealias Visitor = (_ name: Span<UInt8>, _ version: ItemVersion) -> Bool

    /// Makes a collection of items that are made when they are asked for.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - visit: goes through the items of some indices in order, where that can be done without making them.
    ///   - make: gives the item at an index, the same one each time.
    public init(
        count: Int, visit: ((Range<Int>, Visitor) -> Void)? = nil, _ make: @escaping (Int) -> Item
    ) {
        self.count = count
        self.make = make
        self.visit = visit
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

    /// Goes through the items of some indices in order, until `visitor` wants no more: for long lists, where items as
    /// values cost more than all else.
    public func forEach(at indices: Range<Int>, _ visitor: Visitor) {
        if let visit { return visit(indices, visitor) }
        for index in indices {
            let item = make(index)
            if !visitor(item.name.description.utf8.span, item.version) { return }
        }
    }

    /// Compares the items.
    public static func == (left: Items, right: Items) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }
}
