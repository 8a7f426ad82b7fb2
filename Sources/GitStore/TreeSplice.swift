import CLibgit2

/// Makes new trees of old ones by exchanging entries and keeping every other byte.
struct TreeSplice {
    private let repository: Repository
    /// The objects made so far; they are in the repository once flushed.
    var objects: LooseObjects

    init(_ repository: Repository, fsync: Bool) {
        self.repository = repository
        self.objects = LooseObjects(repository, fsync: fsync)
    }

    /// The tree that `base` becomes with `changes`; `base` itself when they change nothing.
    mutating func tree(_ base: RawTree, applying changes: [FileChange]) throws(GitError) -> RawTree {
        var direct: [[UInt8]: FileChange.Content?] = [:]
        var nested: [[UInt8]: [FileChange]] = [:]
        for change in changes {
            guard let name = change.path.first else { continue }
            if change.path.count == 1 {
                direct[name] = .some(change.content)
            } else {
                let rest = Array(change.path.dropFirst())
                nested[name, default: []].append(FileChange(path: rest, content: change.content))
            }
        }
        var exchanges: [Exchange] = []
        for (name, content) in direct where nested[name] == nil {
            exchanges.append(try exchange(name, content, in: base))
        }
        for (name, changes) in nested {
            exchanges.append(try exchange(name, applying: changes, in: base))
        }
        guard let (bytes, kept) = Self.bytes(of: base, exchanging: exchanges) else { return base }
        return try RawTree(id: objects.add(GIT_OBJECT_TREE, bytes), bytes: bytes, like: base, keeping: kept)
    }

    /// What takes the place of the entry called `name`.
    private struct Exchange {
        let name: [UInt8]
        let old: RawTree.Entry?
        let new: (mode: UInt32, id: ObjectID)?
    }

    private mutating func exchange(
        _ name: [UInt8], _ content: FileChange.Content?, in base: RawTree
    ) throws(GitError) -> Exchange {
        let old = base.entry(named: name)
        guard let content else { return Exchange(name: name, old: old, new: nil) }
        let id = try LooseObjects.id(of: GIT_OBJECT_BLOB, content.bytes)
        let oldMode = old.map { base.mode($0) }.flatMap { $0 & 0o170000 == 0o100000 ? $0 : nil }
        let mode = content.mode ?? oldMode ?? RawTree.fileMode
        if let old, base.objectID(old) == id, base.mode(old) == mode {
            return Exchange(name: name, old: old, new: (mode, id))
        }
        _ = try objects.add(GIT_OBJECT_BLOB, content.bytes)
        return Exchange(name: name, old: old, new: (mode, id))
    }

    private mutating func exchange(
        _ name: [UInt8], applying changes: [FileChange], in base: RawTree
    ) throws(GitError) -> Exchange {
        let old = base.entry(named: name)
        var below = RawTree.empty
        if let old, base.mode(old) == RawTree.treeMode {
            let id = base.objectID(old)
            guard let tree = try repository.tree(id) else { throw .malformed("tree \(id) is missing") }
            below = tree
        }
        let new = try tree(below, applying: changes)
        return Exchange(name: name, old: old, new: new.entries.isEmpty ? nil : (RawTree.treeMode, new.id))
    }

    /// The bytes of `base` with `exchanges` made, and how many of them are the same at the start and at the end; nil when
    /// all are the same.
    private static func bytes(
        of base: RawTree, exchanging exchanges: [Exchange]
    ) -> (bytes: [UInt8], kept: (prefix: Int, suffix: Int))? {
        var patches: [(range: Range<Int>, name: [UInt8], bytes: [UInt8])] = []
        for exchange in exchanges {
            let oldIsTree = exchange.old.map { base.mode($0) == RawTree.treeMode }
            if let old = exchange.old {
                if let new = exchange.new, base.mode(old) == new.mode, base.objectID(old) == new.id {
                    continue
                }
                let keepsPlace = exchange.new.map { ($0.mode == RawTree.treeMode) == oldIsTree } ?? false
                let range = Int(old.start)..<old.end
                if keepsPlace, let new = exchange.new {
                    // The mode's own digits stay when the mode does: old Git versions wrote some with a leading zero.
                    let mode =
                        base.mode(old) == new.mode
                        ? Array(base.bytes[Int(old.start)..<Int(old.nameStart) - 1])
                        : Array(String(new.mode, radix: 8).utf8)
                    patches.append(
                        (range, [], mode + [UInt8(ascii: " ")] + exchange.name + [0] + new.id.bytes))
                    continue
                }
                patches.append((range, [], []))
            }
            if let new = exchange.new {
                let isTree = new.mode == RawTree.treeMode
                let index = base.position(of: exchange.name, isTree: isTree)
                let at = index < base.entries.count ? Int(base.entries[index].start) : base.bytes.count
                let entry = Array("\(String(new.mode, radix: 8)) ".utf8) + exchange.name + [0] + new.id.bytes
                patches.append((at..<at, exchange.name + (isTree ? [UInt8(ascii: "/")] : [0]), entry))
            }
        }
        if patches.isEmpty { return nil }
        let end = patches.reduce(0) { max($0, $1.range.upperBound) }
        // Several new entries at one place go by name, and before the entry that stands there.
        patches.sort {
            ($0.range.lowerBound, $0.range.isEmpty ? 0 : 1) != ($1.range.lowerBound, $1.range.isEmpty ? 0 : 1)
                ? ($0.range.lowerBound, $0.range.isEmpty ? 0 : 1) < (
                    $1.range.lowerBound, $1.range.isEmpty ? 0 : 1
                )
                : $0.name.lexicographicallyPrecedes($1.name)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(base.bytes.count + patches.reduce(0) { $0 + $1.bytes.count })
        var done = 0
        for patch in patches {
            bytes += base.bytes[done..<patch.range.lowerBound]
            bytes += patch.bytes
            done = patch.range.upperBound
        }
        bytes += base.bytes[done...]
        return (bytes, (patches[0].range.lowerBound, base.bytes.count - end))
    }
}
