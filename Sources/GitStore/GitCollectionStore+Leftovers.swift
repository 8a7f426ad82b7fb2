import Glibc
public import Store

/// What is left of containers whose maker died before they had their names.
extension GitCollectionStore {
    private static let unfinishedPrefix = ".artemisios-new-"
    /// Age in seconds from which on an unfinished container is looked at at all.
    private static let unfinishedAge: Int64 = 3600

    /// A hidden name beside `destination` for a container that is being made by this process.
    static func unfinishedName() -> String {
        "\(unfinishedPrefix)\(getpid())-\(UInt32.random(in: .min ... .max))"
    }

    /// Unfinished containers directly in `path` that nobody will finish: they are old, and no process has the number of
    /// their maker.
    ///
    /// - Parameters:
    ///   - path: a container.
    ///   - isRemoving: whether to remove them.
    /// - Returns: the names of the directories.
    /// - Throws: `notFound`, and what the system says.
    public func unfinishedContainers(in path: StorePath, isRemoving: Bool) throws(StoreError) -> [String] {
        try translating { () throws(GitError) in
            let directory = try existingDirectory(at: path)
            let now = Int64(time(nil))
            var found: [String] = []
            for bytes in try directory.directoryNames() where bytes.starts(with: Self.unfinishedPrefix.utf8) {
                let name = String(decoding: bytes, as: UTF8.self)
                let rest = name.dropFirst(Self.unfinishedPrefix.count)
                guard let maker = rest.split(separator: "-").first.flatMap({ Int32($0) }), maker > 0,
                    let status = try FileStatus(of: directory.appending(bytes: bytes)),
                    status.kind == .directory, now - status.modified.seconds > Self.unfinishedAge,
                    kill(maker, 0) != 0, errno == ESRCH
                else { continue }
                if isRemoving { try directory.appending(bytes: bytes).removeTree() }
                found.append(name)
            }
            return found
        }
    }
}
