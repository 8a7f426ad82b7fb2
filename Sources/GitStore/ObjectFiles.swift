/// The files that hold the objects of a repository: one for each loose object, and packs.
struct ObjectFiles {
    /// A file with one object.
    struct Loose {
        /// As `ab/cdef…`, below `objects`.
        let name: String
        let id: ObjectID
        let byteCount: Int
        let modified: FileStatus.Timestamp
    }

    /// A file with many objects, and those that belong to it.
    struct Pack {
        /// The name without its extension, below `objects/pack`.
        let name: String
        let byteCount: Int
        /// About how many objects it has, by the size of its index.
        let objectCount: Int
        let modified: FileStatus.Timestamp
        let extensions: Set<String>
        /// True for one that a writer is about to replace.
        let isGrowing: Bool

        /// True for a pack that is whole and that nobody asked to keep as it is.
        var isOurs: Bool {
            !isGrowing && extensions.isSuperset(of: ["pack", "idx"])
                && extensions.isDisjoint(with: ["keep", "promisor", "mtimes"])
        }

        /// True for one so small that it is written anew together with others and with what is loose.
        var isRecent: Bool { isOurs && objectCount <= 4096 && byteCount <= 16 << 20 }
    }

    /// Newest first.
    let loose: [Loose]
    /// Those with the fewest objects first.
    let packs: [Pack]

    /// The newest tree of a large collection, as far as this can be told without reading.
    ///
    /// It stays in a file of its own also when a pack has it: it is what is read most.
    var spared: Loose? {
        let newest = loose.prefix(8).max { $0.byteCount < $1.byteCount }
        return newest.flatMap { $0.byteCount >= PackingHurry.largeTreeBytes ? $0 : nil }
    }

    /// Looks at all files in the `objects` of `directory`; `growing` are the packs that are left to the writers.
    init(in directory: borrowing OpenDirectory, leaving growing: [ObjectID] = []) throws(GitError) {
        let growing = Set(growing.map { "pack-\($0)" })
        var loose: [Loose] = []
        for folder in try directory.names(in: "objects") where Self.isFanOut(folder) {
            for file in try directory.names(in: "objects/" + folder) {
                guard let id = ObjectID(hex: (folder + file).utf8),
                    let status = try directory.status(of: "objects/\(folder)/\(file)"),
                    status.kind == .regular
                else { continue }
                loose.append(
                    Loose(
                        name: "\(folder)/\(file)", id: id, byteCount: Int(status.size),
                        modified: status.modified))
            }
        }
        self.loose = loose.sorted {
            $1.modified < $0.modified
        }

        var extensions: [String: Set<String>] = [:]
        for name in try directory.names(in: "objects/pack") where name.hasPrefix("pack-") {
            guard let dot = name.lastIndex(of: ".") else { continue }
            extensions[String(name[..<dot]), default: []].insert(String(name[name.index(after: dot)...]))
        }
        var packs: [Pack] = []
        for (name, extensions) in extensions where extensions.contains("pack") {
            guard let status = try directory.status(of: "objects/pack/\(name).pack") else { continue }
            let indexSize = try directory.status(of: "objects/pack/\(name).idx")?.size ?? 0
            packs.append(
                Pack(
                    name: name, byteCount: Int(status.size), objectCount: max(0, Int(indexSize) - 1072) / 28,
                    modified: status.modified, extensions: extensions, isGrowing: growing.contains(name)))
        }
        self.packs = packs.sorted { ($0.objectCount, $0.name) < ($1.objectCount, $1.name) }
    }

    private static func isFanOut(_ name: String) -> Bool {
        name.utf8.count == 2
            && name.utf8.allSatisfy {
                ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                    || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f"))
            }
    }
}
