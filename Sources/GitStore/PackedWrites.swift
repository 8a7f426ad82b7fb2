import Glibc

/// Keeps what is written to a large collection in one growing pack instead of in files of its own.
///
/// A write changes one entry of the list of all names, and leaves another list of half a megabyte behind where there are
/// 10,000: whole in a file of its own it takes as much as a thousand writes do in a pack. So each write copies the pack of
/// the writes before it, with its objects behind those and its tree as the difference from an earlier one. The disk never
/// has more than a few such packs, however fast writes come, and any Git reads them. After some
/// hundred writes a new pack begins, with the last tree of the one before whole in it; joining them leaves that out.
///
/// All is done with the collection's lock held.
final class PackedWrites {
    private let directory: Path
    private let objects: Path
    private let fsync: Bool
    private let hasSharedJournal: Bool
    /// What is known of the file; true for as long as it ends where the branch is.
    private var known: RecentWrites?
    /// Packs before the last one of those that `known` does not tell of any more.
    private var outgrown: [ObjectID] = []

    /// Trees from this size on make it worthwhile, and up to that size copying them each time costs less than it saves.
    static let worthwhile = 64 << 10...2 << 20
    /// How many writes go into one pack.
    private static let mostWrites = 255
    /// Larger objects stay in files of their own.
    private static let largestObject = 64 << 10

    init(_ repository: Repository, fsync: Bool) {
        self.directory = repository.gitDirectory
        self.objects = repository.objectsDirectory
        self.fsync = fsync
        self.hasSharedJournal = repository.hasSharedJournal
    }

    // MARK: - Writing

    /// Writes, of `pending`, what goes into the pack, which is then as durable as loose objects are after `flush`.
    ///
    /// - Returns: the write, to be told by `follow` once the branch leads to it; nil when it is better done in another way.
    func store(
        _ pending: inout LooseObjects, _ old: RawTree, at parent: ObjectID?, _ new: RawTree,
        in commit: ObjectID
    ) throws(GitError) -> RecentWrites.Write? {
        guard let parent, Self.worthwhile.contains(new.bytes.count),
            Self.worthwhile.contains(old.bytes.count),
            let writes = try writes(upTo: parent, old.id), var pack = try pack(of: writes, old)
        else { return nil }
        let delta = TreeDelta.bytes(from: old.bytes, to: new.bytes, keeping: new.kept(of: old))
        // A pack has what it says, whatever is wrong with the program.
        guard delta.count <= RecentWrites.longest, TreeDelta.makes(delta, new.bytes, of: old.bytes) else {
            return nil
        }
        let compressor = try Deflater(level: 6)
        for object in pending.take(where: { $0.id != new.id && $0.bytes.count <= Self.largestObject }) {
            if pack.offset(of: object.id) == nil, let type = PackObjectType(object.type) {
                _ = try pack.append(object.id, type, object.bytes, by: compressor)
            }
        }
        _ = pending.take { $0.id == new.id }
        let offset: Int
        if let known = pack.offset(of: new.id) {
            offset = known
        } else {
            offset = try append(new.id, delta, after: writes, to: &pack, compressor)
        }
        let id = try write(pack)
        return RecentWrites.Write(
            parent: parent, commit: commit, tree: new.id, pack: id, offset: offset, delta: delta)
    }

    /// The writes that lead to `commit`, of this `tree`, unless they are so many that the next pack begins; nil when none do.
    private func writes(upTo commit: ObjectID, _ tree: ObjectID) throws(GitError) -> RecentWrites? {
        if known?.newest.commit != commit { known = try RecentWrites(directory) }
        guard let writes = known, writes.newest == (commit, tree) else { return nil }
        if writes.writes.count < Self.mostWrites { return writes }
        outgrown = Array(writes.packs.dropLast())
        let none = RecentWrites(from: commit, tree)
        known = none
        return none
    }

    /// The pack that has what was written so far, and before that the tree that the first write changed.
    private func pack(of writes: RecentWrites, _ old: RawTree) throws(GitError) -> GrowingPack? {
        if let last = writes.writes.last {
            guard let pack = try file(last.pack, "pack").read(), let index = try file(last.pack, "idx").read()
            else { return nil }
            return GrowingPack(pack, index)
        }
        var pack = GrowingPack()
        // Names of objects, and names made up by programs, are hardly smaller with more effort.
        _ = try pack.append(old.id, .tree, old.bytes, by: Deflater(level: 1))
        return pack
    }

    /// Adds a tree as the difference from an earlier one: which one that is keeps the chains short.
    private func append(
        _ id: ObjectID, _ delta: [UInt8], after writes: RecentWrites, to pack: inout GrowingPack,
        _ compressor: borrowing Deflater
    ) throws(GitError) -> Int {
        let count = writes.writes.count
        func offset(_ number: Int) -> Int {
            number == 0 ? GrowingPack.start : writes.writes[number - 1].offset
        }
        // The next pack begins with the last tree: when they are joined, all behind it is made of that.
        let usual = PackWriter.base(of: count + 1)
        if let base = count + 1 == Self.mostWrites ? 0 : usual, base < count,
            let before = writes.delta(from: base, to: count), let joined = TreeDelta.joined(before, delta),
            joined.count <= RecentWrites.longestOfMany
        {
            return try pack.append(id, .difference, joined, from: offset(base), by: compressor)
        }
        return try pack.append(id, .difference, delta, from: offset(count), by: compressor)
    }

    private func file(_ pack: ObjectID, _ ending: String) -> Path {
        objects.appending("pack").appending("pack-\(pack).\(ending)")
    }

    /// Writes the files of a pack, its index last: without that a pack is not looked at.
    private func write(_ pack: consuming GrowingPack) throws(GitError) -> ObjectID {
        let (pack, index, id) = try pack.finished()
        let folder = objects.appending("pack")
        try folder.makeDirectoryIfMissing()
        let temporary = [folder.unfinishedPack(0), folder.unfinishedPack(1)]
        do {
            for (path, bytes) in zip(temporary, [pack, index]) {
                unlink(ignoringFailure: path)
                let file = try File(path, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o444)
                try file.write(bytes)
                if fsync { if hasSharedJournal { try file.writeOut() } else { try file.flush() } }
            }
            for (path, ending) in zip(temporary, ["pack", "idx"]) { try path.rename(to: file(id, ending)) }
            if fsync && !hasSharedJournal {
                try folder.flushDirectory()
                try objects.flushDirectory()
            }
        } catch {
            for path in temporary { unlink(ignoringFailure: path) }
            throw error
        }
        return id
    }

    // MARK: - After the write

    /// Tells of a write that the branch now leads to, and removes what nobody needs any more.
    ///
    /// The write is done, whatever fails here. Then the next one stands alone, and packs that are left are joined later.
    func follow(_ write: RecentWrites.Write) {
        guard let writes = known, writes.newest.commit == write.parent else { return forget() }
        do throws(GitError) {
            let record = RecentWrites.bytes(of: write)
            if writes.writes.isEmpty {
                try replaceFile(with: writes.start + record)
                try objects.appending(object: writes.tree).remove()
            } else {
                let file = try File(
                    directory.appending(RecentWrites.fileName), O_WRONLY | O_APPEND | O_NOFOLLOW)
                try file.write(record)
            }
            known?.append(write)
            try removeOld(of: outgrown + writes.packs.dropLast())
            outgrown = []
        } catch {
            forget()
        }
    }

    /// Removes packs whose objects are all in newer ones: what makes them packs first.
    private func removeOld(of packs: [ObjectID]) throws(GitError) {
        for pack in packs {
            try file(pack, "idx").remove()
            try file(pack, "pack").remove()
        }
    }

    /// Begins anew after a write that went into files of their own.
    func restart(at commit: ObjectID, _ tree: RawTree) {
        do throws(GitError) {
            if !Self.worthwhile.contains(tree.bytes.count) {
                if known != nil { forget() }
                return
            }
            if let writes = known, let last = writes.packs.last,
                try FileStatus(of: file(last, "idx")) != nil, try FileStatus(of: file(last, "pack")) != nil
            {
                try removeOld(of: Array(writes.packs.dropLast()))
            }
            let writes = RecentWrites(from: commit, tree.id)
            try replaceFile(with: writes.start)
            known = writes
        } catch {
            forget()
        }
    }

    private func replaceFile(with bytes: [UInt8]) throws(GitError) {
        try directory.appending(RecentWrites.fileName).replace(
            with: bytes, through: directory.appending(RecentWrites.fileName + ".new"), fsync: false)
    }

    private func forget() {
        known = nil
        unlink(ignoringFailure: directory.appending(RecentWrites.fileName))
    }

    // MARK: - Reading

    /// The tree of `commit`, made of the older tree `base` by what is told of the writes in between; nil when that does
    /// not lead there.
    ///
    /// It takes less time than to read the tree; no lock is needed.
    func tree(ofCommit commit: ObjectID, from base: RawTree) throws(GitError) -> RawTree? {
        guard Self.worthwhile.contains(base.bytes.count) else { return nil }
        if known?.newest.commit != commit { known = try RecentWrites(directory) }
        return try known?.tree(ofCommit: commit, from: base)
    }
}

extension Path {
    /// A file of this process in this directory of packs, which is removed some time when its maker dies.
    fileprivate func unfinishedPack(_ number: Int) -> Path {
        appending("tmp_pack_\(getpid())_\(number)")
    }
}
