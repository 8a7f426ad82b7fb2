import CLibgit2
import Glibc

/// Packing what was written lately without the `git` program.
///
/// That knows nothing of trees of which each is the one before with an entry exchanged, and compares them to find it out.
extension Repack {
    /// What is left for the next time.
    private static let batchBytes = 64 << 20
    /// Objects that are not to be held in memory.
    private static let hugeBytes = 32 << 20

    /// Packs what is loose together with those packs that were made lately.
    ///
    /// - Returns: false when something is left that only `git` can pack.
    func packRecent(_ files: ObjectFiles) throws(GitError) -> Bool {
        var writer = try PackWriter()
        var replaced: [ObjectFiles.Pack] = []
        for pack in files.packs.filter(\.isRecent).sorted(by: { $0.modified < $1.modified }) {
            guard let file = try read(pack) else { continue }
            try writer.append(file)
            replaced.append(pack)
        }
        let known = writer.count
        var packed: [ObjectFiles.Loose] = []
        var isAll = true
        // The oldest first, so that each tree follows the one it was made of.
        for object in files.loose.reversed() {
            if writer.contains(object.id) {
                packed.append(object)
                if object.id == files.spared?.id, let (_, content) = try read(object) {
                    writer.remember(object.id, content)
                }
                continue
            }
            if writer.bytes.count >= Self.batchBytes { break }
            if object.byteCount > Self.hugeBytes {
                isAll = false
                continue
            }
            // A damaged one stays where it is, to be repaired, and keeps no other from being packed.
            guard let (type, content) = try read(object) else { continue }
            try writer.append(object.id, type, content)
            packed.append(object)
        }
        // The newest tree is the one that is read; and the next one is made of it.
        packed.removeAll { $0.id == files.spared?.id }
        if writer.count > known || replaced.count > 1 {
            let made = try write(&writer)
            replaced.removeAll { $0.name == made }
        } else {
            replaced = []
        }
        try remove(loose: packed, packs: replaced)
        return isAll
    }

    private func read(_ pack: ObjectFiles.Pack) throws(GitError) -> PackFile? {
        guard let index = try directory.read("objects/pack/\(pack.name).idx").flatMap({ PackIndex($0) }),
            let bytes = try directory.read("objects/pack/\(pack.name).pack")
        else { return nil }
        return try PackFile(bytes, index)
    }

    /// A loose object, nil when it is not there any more or damaged.
    private func read(
        _ object: ObjectFiles.Loose
    ) throws(GitError) -> (type: PackObjectType, content: [UInt8])? {
        guard let file = try directory.read("objects/" + object.name),
            let (type, content) = StoredObjectReader.object(in: file)
                ?? StoredObjectReader.compressedObject(in: file, limit: Self.hugeBytes),
            let packType = PackObjectType(type),
            try LooseObjects.quickID(of: type, content) == object.id
        else { return nil }
        return (packType, content)
    }

    /// Writes the pack, on the disk when this returns, and returns its name.
    private func write(_ writer: inout PackWriter) throws(GitError) -> String {
        let (pack, index, id) = try writer.finish()
        let name = "pack-\(id)"
        let temporary = "objects/pack/tmp_pack_\(getpid())"
        try directory.write(pack, to: temporary)
        try directory.rename(temporary, to: "objects/pack/\(name).pack")
        // Without its index a pack is not looked at.
        try directory.write(index, to: temporary)
        try directory.rename(temporary, to: "objects/pack/\(name).idx")
        try directory.flush("objects/pack")
        return name
    }
}
