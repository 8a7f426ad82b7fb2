import Glibc

/// Moves loose objects into packs, and small packs into larger ones, while others read and write.
///
/// Every object is packed, also one that nothing leads to: old trees are sync tokens. What was written lately is packed
/// here; many or large packs are joined by Git. The new pack is written and flushed with no lock held. Files then go away only when the new pack is known to have all that was in them. No writer
/// waits for that: one that finds an object there already is right, in whatever file it is. A reader that had such a
/// file in mind looks again and finds the pack. Only a copy, file by file, must not miss what moves meanwhile: it waits
/// for a turn to end, and none begins while it goes on.
struct Repack: ~Copyable {
    private let gitDirectory: Path
    let directory: OpenDirectory
    private let git: GitProgram
    private let prunePermit: Path

    /// From so many packs on they are joined.
    private static let manyPacks = 16
    /// Packs of fewer objects than this are always joined.
    private static let smallPack = 500
    /// How long files go away in one turn, and how long they then stay, in microseconds.
    private static let turn = 50_000
    private static let rest: UInt32 = 5_000
    /// Age in seconds from which on an unfinished file is an orphan.
    private static let orphanAge: Int64 = 3600

    /// How much is tried to keep objects as differences.
    ///
    /// A longer chain of differences takes less space, and more time to read an old tree.
    private static let options = ["--window=10", "--depth=100", "--window-memory=256m"]
    private static let settings = [
        "pack.threads=1", "pack.packSizeLimit=0", "pack.writeReverseIndex=false", "core.multiPackIndex=false",
        "core.fsync=objects,derived-metadata", "core.fsyncMethod=fsync", "pack.deltaCacheSize=64m",
    ]

    init(_ layout: RepositoryLayout, git: GitProgram, below root: Path) throws(GitError) {
        let permit = try Self.prunePermit(below: root)
        let owner = try layout.objectsOwner()
        self.directory = try OpenDirectory(owner)
        self.gitDirectory = layout.gitDirectory
        self.git = git
        self.prunePermit = permit
    }

    /// The file whose lock is held by who removes files that a pack has, in any collection below `root`, and by who
    /// copies files.
    static func prunePermit(below root: Path) throws(GitError) -> Path {
        let own = root.appending(".artemisios")
        try own.makeDirectoryIfMissing()
        return own.appending("prune.lock")
    }

    func growth(leavingGrowing: Bool) throws(GitError) -> RepositoryGrowth {
        try RepositoryGrowth(files(leavingGrowing: leavingGrowing))
    }

    /// The files there are; packs that writers add to are marked where they are to be left alone.
    private func files(leavingGrowing: Bool) throws(GitError) -> ObjectFiles {
        guard leavingGrowing else { return try ObjectFiles(in: directory) }
        // One that is made just now is taken for a small one: then the writer begins another.
        return try ObjectFiles(in: directory, leaving: RecentWrites(gitDirectory)?.packs ?? [])
    }

    /// Packs what is loose, together with those packs that it is worth to join; with all packs where `joiningAll`.
    func run(joiningAll: Bool, leavingGrowing: Bool) throws(GitError) {
        try removeOrphans()
        var files = try files(leavingGrowing: leavingGrowing)
        if files.packs.contains(where: { $0.extensions.contains("promisor") }) { return }
        let hurry = try PackingHurry(gitDirectory, RepositoryGrowth(files), spared: files.spared)
        defer { hurry?.end() }
        if !joiningAll {
            let isAll = try packRecent(files)
            // One that was just made is not counted: a look at all files takes as long as packing some.
            if isAll && files.packs.filter(\.isOurs).count < Self.manyPacks { return }
            files = try self.files(leavingGrowing: leavingGrowing)
        }
        let joined = Self.joined(files, all: joiningAll)
        if files.loose.isEmpty && joined.count < 2 { return }

        var wanted = Set(files.loose.map(\.id))
        var list = files.loose.map(\.id)
        for pack in joined {
            for id in try objects(of: pack) where wanted.insert(id).inserted { list.append(id) }
        }
        let made = try pack(list)
        guard try wanted.isSubset(of: objects(named: made)) else {
            throw .malformed("\(gitDirectory): the new pack \(made) lacks objects; nothing was removed")
        }
        try directory.flush("objects/pack")
        try remove(loose: files.loose, packs: joined.filter { $0.name != made })
    }

    /// Removes files whose objects are in another pack.
    func remove(loose: [ObjectFiles.Loose], packs old: [ObjectFiles.Pack]) throws(GitError) {
        try remove(loose.map { "objects/" + $0.name })
        if old.isEmpty { return }
        // An index over all packs would name packs that are gone; it is made anew by who wants it.
        let overAll = try directory.names(in: "objects/pack").filter { $0.hasPrefix("multi-pack-index") }
        try remove(
            (overAll + old.flatMap(\.files)).map { "objects/pack/" + $0 })
    }

    /// The packs to join with what is loose.
    ///
    /// From the smallest on, as long as the next is not much larger than all before, so that an object is copied only
    /// as often as the logarithm of the size says. What counts is the number of objects: it is what joining costs.
    private static func joined(_ files: ObjectFiles, all: Bool) -> [ObjectFiles.Pack] {
        let ours = files.packs.filter(\.isOurs)
        if all { return ours }
        var sum = files.loose.count
        var joined: [ObjectFiles.Pack] = []
        // Half of many, however large they are.
        let least = ours.count < manyPacks ? 0 : ours.count / 2
        for pack in ours {
            guard joined.count < least || pack.objectCount <= max(smallPack, 2 * sum) else { break }
            joined.append(pack)
            sum += pack.objectCount
        }
        return joined
    }

    // MARK: - Making the pack

    /// Has Git write a pack of `objects`, on the disk when this returns, and returns its name.
    ///
    /// Events and contacts stay whole: who is asked for one would have to read a dozen others first. The space is in the
    /// trees, which are kept as differences.
    private func pack(_ objects: [ObjectID]) throws(GitError) -> String {
        let blobs = try areBlobs(objects)
        var input: [UInt8] = []
        input.reserveCapacity(objects.count * (2 * ObjectID.size + 6))
        for (id, isBlob) in zip(objects, blobs) {
            input += id.description.utf8
            input += (isBlob ? " blob\n" : "\n").utf8
        }
        let outcome = try git.run(
            (Self.settings + ["core.attributesFile=\(GitProgram.attributesFile)"]).flatMap { ["-c", $0] }
                + ["pack-objects", "-q"] + Self.options + ["objects/pack/pack"],
            in: directory, input: input, attributes: "blob* -delta\n")
        let hash = String(decoding: outcome.output.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard outcome.code == 0, hash.utf8.count == 2 * ObjectID.size else {
            throw .malformed(complaint("pack-objects", outcome))
        }
        return "pack-" + hash
    }

    /// Of each object whether it is a blob.
    private func areBlobs(_ objects: [ObjectID]) throws(GitError) -> [Bool] {
        var input: [UInt8] = []
        input.reserveCapacity(objects.count * (2 * ObjectID.size + 1))
        for id in objects { input += "\(id)\n".utf8 }
        let outcome = try git.run(
            ["cat-file", "--batch-check=%(objecttype)", "--buffer"], in: directory, input: input)
        let types = outcome.output.split(separator: UInt8(ascii: "\n"))
        guard outcome.code == 0, types.count == objects.count else {
            throw .malformed(complaint("cat-file", outcome))
        }
        return types.map { $0.elementsEqual("blob".utf8) }
    }

    private func complaint(_ command: String, _ outcome: GitProgram.Outcome) -> String {
        let message = String(decoding: outcome.errors.prefix(400), as: UTF8.self)
        return "\(gitDirectory): git \(command) ends with \(outcome.code): \(message)"
    }

    private func objects(of pack: ObjectFiles.Pack) throws(GitError) -> [ObjectID] {
        try indexed(pack.name)
    }

    private func objects(named name: String) throws(GitError) -> Set<ObjectID> {
        try Set(indexed(name))
    }

    private func indexed(_ name: String) throws(GitError) -> [ObjectID] {
        guard let bytes = try directory.read("objects/pack/\(name).idx"), let index = PackIndex(bytes) else {
            throw .malformed("\(gitDirectory): the index of \(name) cannot be read")
        }
        return index.objects
    }

    // MARK: - Taking away

    /// Removes files in short turns.
    private func remove(_ names: [String]) throws(GitError) {
        var rest = names[...]
        while !rest.isEmpty {
            let lock = try FileLock(prunePermit, timeout: .seconds(60))
            let start = Wait.now
            repeat {
                if let name = rest.popFirst() { try directory.remove(name) }
            } while !rest.isEmpty && Wait.now - start < Self.turn
            lock.free()
            if !rest.isEmpty { usleep(Self.rest) }
        }
    }

    /// Removes what a killed repack or a killed writer left unfinished.
    private func removeOrphans() throws(GitError) {
        let now = Int64(time(nil))
        for name in try directory.names(in: "objects/pack") where name.hasPrefix("tmp_") {
            let path = "objects/pack/" + name
            if let status = try directory.status(of: path), status.kind == .regular,
                now - status.modified.seconds > Self.orphanAge
            {
                try directory.remove(path)
            }
        }
    }
}

extension ObjectFiles.Pack {
    /// Its files, that without which the others mean nothing at the end.
    fileprivate var files: [String] {
        (extensions.subtracting(["pack"]).sorted() + ["pack"]).map { "\(name).\($0)" }
    }
}

extension RepositoryLayout {
    /// The directory that has `objects` in it: another than `gitDirectory` for a linked work tree.
    func objectsOwner() throws(GitError) -> Path {
        guard let bytes = try gitDirectory.appending("commondir").read() else { return gitDirectory }
        let text = Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 })
        return text.first == UInt8(ascii: "/") ? Path(bytes: text) : gitDirectory.appending(bytes: text)
    }
}
