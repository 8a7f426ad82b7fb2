import CLibgit2

/// The latest writes to a large collection, whose objects are all in one pack that grows with each of them.
///
/// They are told in a file of the Git directory, which is never flushed and may go away or be damaged at any time: then
/// a new pack begins. It counts only where it leads, write by write, to the commit that the branch is at.
struct RecentWrites {
    /// One write.
    struct Write {
        /// The commit before it.
        let parent: ObjectID
        let commit: ObjectID
        let tree: ObjectID
        /// The pack that it made, which has all that the packs of the writes before it have.
        let pack: ObjectID
        /// Where in that pack, and in those after it, the tree lies.
        let offset: Int
        /// What makes the tree of the one before, in the form of packs.
        let delta: [UInt8]
    }

    /// The commit and the tree that the first of the writes changed.
    let commit: ObjectID
    let tree: ObjectID
    private(set) var writes: [Write] = []

    /// Its name in the Git directory.
    static let fileName = "artemisios.recent"

    private static let magic = Array("artemisios recent writes 1\n".utf8)

    /// Begins, with no writes, at `commit`.
    init(from commit: ObjectID, _ tree: ObjectID) {
        self.commit = commit
        self.tree = tree
    }

    /// The commit and the tree that the last write made.
    var newest: (commit: ObjectID, tree: ObjectID) {
        writes.last.map { ($0.commit, $0.tree) } ?? (commit, tree)
    }

    /// The packs that are still needed: the newest, and the one before, in which somebody may be reading.
    var packs: [ObjectID] { writes.suffix(2).map(\.pack) }

    // MARK: - The file

    /// The bytes of a file without writes.
    var start: [UInt8] { Self.magic + Self.checked(commit.bytes + tree.bytes) }

    /// The bytes that a file has more by `write`.
    static func bytes(of write: Write) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in [write.parent, write.commit, write.tree, write.pack] { bytes += id.bytes }
        bytes += BigEndian.bytes(UInt32(write.offset)) + write.delta
        return checked(bytes)
    }

    /// Reads the file; nil when there is none, or when it is not whole.
    init?(_ directory: Path) throws(GitError) {
        guard let bytes = try directory.appending(Self.fileName).read(), bytes.starts(with: Self.magic) else {
            return nil
        }
        var at = Self.magic.count
        guard let head = try Self.checked(bytes, at: &at), head.count == 2 * ObjectID.size else { return nil }
        self.init(from: ObjectID(head, at: 0), ObjectID(head, at: ObjectID.size))
        let fixed = 4 * ObjectID.size + 4
        while at < bytes.count {
            guard let record = try Self.checked(bytes, at: &at), record.count >= fixed else { return nil }
            let write = Write(
                parent: ObjectID(record, at: 0), commit: ObjectID(record, at: ObjectID.size),
                tree: ObjectID(record, at: 2 * ObjectID.size), pack: ObjectID(record, at: 3 * ObjectID.size),
                offset: BigEndian.number(record, at: fixed - 4), delta: Array(record[fixed...]))
            guard write.parent == newest.commit else { return nil }
            writes.append(write)
        }
    }

    /// A number of bytes, the bytes, and their sum.
    private static func checked(_ bytes: [UInt8]) -> [UInt8] {
        BigEndian.bytes(UInt32(bytes.count)) + bytes + BigEndian.bytes(Adler32.sum(of: bytes))
    }

    private static func checked(_ bytes: [UInt8], at: inout Int) throws(GitError) -> [UInt8]? {
        guard at + 8 <= bytes.count else { return nil }
        let end = at + 4 + BigEndian.number(bytes, at: at)
        guard end + 4 <= bytes.count else { return nil }
        let content = Array(bytes[at + 4..<end])
        at = end + 4
        return BigEndian.number(bytes, at: end) == Int(Adler32.sum(of: content)) ? content : nil
    }

    // MARK: - Differences

    /// What makes the tree after the first `last` writes of the one after the first `first` of them; nil when it is long.
    func delta(from first: Int, to last: Int) -> [UInt8]? {
        guard first < last, last <= writes.count else { return nil }
        var delta = writes[first].delta
        for write in writes[(first + 1)..<last] {
            guard let joined = TreeDelta.joined(delta, write.delta), joined.count <= Self.longestOfMany else {
                return nil
            }
            delta = joined
        }
        return delta
    }

    /// The longest difference of one write that is kept, and the longest of many.
    static let longest = 16 << 10
    static let longestOfMany = 64 << 10

    /// The tree of `commit`, made of the older tree `base`; nil when that is not to be had from these writes.
    func tree(ofCommit commit: ObjectID, from base: RawTree) throws(GitError) -> RawTree? {
        guard let last = writes.lastIndex(where: { $0.commit == commit }) else { return nil }
        let first = writes[...last].lastIndex { $0.tree == base.id }.map { $0 + 1 }
        guard let first = first ?? (tree == base.id ? 0 : nil) else { return nil }
        if first == last + 1 { return base }
        guard let delta = delta(from: first, to: last + 1),
            let bytes = TreeDelta.apply(delta, to: base.bytes),
            try LooseObjects.quickID(of: GIT_OBJECT_TREE, bytes) == writes[last].tree
        else { return nil }
        return try RawTree(id: writes[last].tree, bytes: bytes, like: base)
    }

    /// Adds a write.
    mutating func append(_ write: Write) { writes.append(write) }
}
