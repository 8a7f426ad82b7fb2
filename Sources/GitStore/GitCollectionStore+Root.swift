public import Store

extension GitCollectionStore {
    /// Makes the data root, with the directories above it that are missing.
    ///
    /// Does nothing when it is there.
    public static func makeRoot(_ root: String) throws(StoreError) {
        let isAbsolute = root.utf8.first == UInt8(ascii: "/")
        var path = isAbsolute ? Path("/") : Path(".")
        for name in root.split(separator: "/") {
            path = path.appending(String(name))
            try translating { () throws(GitError) in try path.makeDirectoryIfMissing() }
        }
    }
}
