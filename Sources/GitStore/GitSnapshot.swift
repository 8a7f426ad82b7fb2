import CLibgit2
import Store

/// A collection at one tree of its repository.
final class GitSnapshot: Snapshot {
    let tree: RawTree
    /// Keeps the repository open for as long as anybody reads from it.
    private let repository: Repository
    /// The tree of the properties of items, once somebody asked for one.
    private var propertiesTree: RawTree?
    /// The number of bytes of all items, once somebody asked.
    private var knownUsage: Int?
    /// An older tree whose items are known to have so many bytes.
    private let earlier: (tree: RawTree, usage: Int)?

    /// Makes the snapshot of a tree; what is known of `previous` is used for it.
    init(_ tree: RawTree, in repository: Repository, after previous: GitSnapshot? = nil) {
        self.tree = tree
        self.repository = repository
        self.earlier = previous.flatMap { previous in
            previous.knownUsage.map { (previous.tree, $0) } ?? previous.earlier
        }
    }

    func usedBytes() throws(StoreError) -> Int {
        if let knownUsage { return knownUsage }
        var usage = earlier?.usage ?? 0
        for change in (earlier?.tree ?? .empty).changes(to: tree) {
            if case .written(let item) = change { usage += try byteCount(of: item.version) }
            if let old = earlier?.tree.item(named: Array(change.name.description.utf8)), let earlier {
                usage -= try byteCount(of: ItemVersion(earlier.tree.objectID(old)))
            }
        }
        knownUsage = usage
        return usage
    }

    private(set) lazy var version = CollectionVersion(tree.id.description)

    var items: Items {
        Items(count: tree.items.count) { [tree] indices, visitor in
            let bytes = tree.bytes.span
            let items = tree.items.span
            for index in indices {
                let entry = items[index]
                let version = ItemVersion(ObjectID(tree.bytes, at: Int(entry.nameEnd) + 1))
                if !visitor(bytes.extracting(entry.name), version) { return }
            }
        } _: { [tree] in
            tree.item(tree.items[$0])
        }
    }

    func item(named name: ItemName) -> Item? {
        tree.item(named: Array(name.description.utf8)).map { entry in
            Item(name: name, version: ItemVersion(tree.objectID(entry)))
        }
    }

    var hasProperties: Bool { tree.entry(named: GitCollection.propertiesFolder) != nil }

    func properties(of name: ItemName) throws(StoreError) -> [UInt8]? {
        guard let folder = tree.entry(named: GitCollection.propertiesFolder),
            tree.mode(folder) == RawTree.treeMode, !name.isReserved
        else { return nil }
        return try translating { () throws(GitError) in
            if propertiesTree == nil { propertiesTree = try repository.tree(tree.objectID(folder)) }
            guard let propertiesTree, let entry = propertiesTree.entry(named: Array(name.description.utf8)),
                propertiesTree.mode(entry) & 0o170000 == 0o100000
            else { return nil }
            return try repository.read(propertiesTree.objectID(entry)).bytes
        }
    }

    func bytes(of version: ItemVersion) throws(StoreError) -> [UInt8] {
        guard let id = ObjectID(version) else { throw .notFound }
        do {
            guard let bytes = try repository.blob(id) else { throw StoreError.notFound }
            return bytes
        } catch let error as GitError {
            throw StoreError(error, reading: id, of: tree)
        } catch {
            throw .notFound
        }
    }

    func byteCount(of version: ItemVersion) throws(StoreError) -> Int {
        guard let id = ObjectID(version) else { throw .notFound }
        do {
            let (type, byteCount) = try repository.header(id)
            guard type == GIT_OBJECT_BLOB else { throw StoreError.notFound }
            return byteCount
        } catch let error as GitError {
            throw StoreError(error, reading: id, of: tree)
        } catch {
            throw .notFound
        }
    }
}

extension StoreError {
    /// A missing object is damage when the tree needs it, and simply not there otherwise.
    fileprivate init(_ error: GitError, reading id: ObjectID, of tree: RawTree) {
        if error.isNotFound, !tree.items.contains(where: { tree.objectID($0) == id }) {
            self = .notFound
        } else {
            self.init(error)
        }
    }
}

extension RawTree {
    /// The item of `entry`, which is one of `items`.
    func item(_ entry: Entry) -> Item {
        guard let name = ItemName(String(decoding: bytes[entry.name], as: UTF8.self)) else {
            preconditionFailure("an entry is an item only if its name is a name")
        }
        return Item(name: name, version: ItemVersion(objectID(entry)))
    }

    /// What changed from this tree's items to those of `newer`, in byte order of the names.
    func changes(to newer: RawTree) -> [Change] {
        if id == newer.id { return [] }
        var changes: [Change] = []
        var (old, new) = Self.differingItems(self, newer)
        while let next = old.first ?? new.first {
            _ = next
            let order: Int
            if let left = old.first, let right = new.first {
                order = Self.compareNames(bytes, left.name, newer.bytes, right.name)
            } else {
                order = old.isEmpty ? 1 : -1
            }
            if order < 0, let left = old.popFirst() {
                changes.append(.deleted(item(left).name))
            } else if order > 0, let right = new.popFirst() {
                changes.append(.written(newer.item(right)))
            } else if let left = old.popFirst(), let right = new.popFirst() {
                let isSame =
                    bytes[Int(left.nameEnd)..<left.end] == newer.bytes[Int(right.nameEnd)..<right.end]
                if !isSame { changes.append(.written(newer.item(right))) }
            }
        }
        return changes
    }
}
