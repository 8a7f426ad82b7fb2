/// A file of a repository to write or to delete.
struct FileChange {
    /// Where it is from the root of the tree: the names of the directories, then its own.
    let path: [[UInt8]]
    /// What it is to be, nil to delete it.
    let content: Content?

    /// What a file is to hold.
    struct Content {
        let bytes: [UInt8]
        /// The file's mode, nil to keep the one it has.
        let mode: UInt32?
    }

    static func write(_ path: [[UInt8]], _ bytes: [UInt8], mode: UInt32? = nil) -> FileChange {
        FileChange(path: path, content: Content(bytes: bytes, mode: mode))
    }

    static func delete(_ path: [[UInt8]]) -> FileChange {
        FileChange(path: path, content: nil)
    }

    /// The path as the index of a repository has it.
    var joinedPath: [UInt8] { Array(path.joined(separator: [UInt8(ascii: "/")])) }
}
