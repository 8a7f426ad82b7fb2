import Glibc
public import Store

extension GitCollectionStore {
    /// The settings of the container at `path`; which of their forms is in use is found anew each time.
    public func metadata(of path: StorePath) throws(StoreError) -> Metadata {
        try translating { () throws(GitError) in
            if let collection = try unchanged(path) { return try collection.metadata() }
            let directory = try existingDirectory(at: path)
            guard try RepositoryLayout(of: directory, within: root) == nil else {
                return try gitCollection(at: path).metadata()
            }
            return SettingNames.settings(
                in: INIFile(try settingsFile(of: directory).read() ?? []), of: .directory)
        }
    }

    /// Changes settings of the container at `path`, in the form they have.
    public func update(metadata changes: MetadataChanges, of path: StorePath, by author: Author)
        throws(StoreError)
    {
        try translating { () throws(GitError) in
            let directory = try existingDirectory(at: path)
            guard try RepositoryLayout(of: directory, within: root) == nil else {
                return try gitCollection(at: path).update(metadata: changes, by: author)
            }
            try update(metadata: changes, ofDirectory: directory)
        }
    }

    /// Where a plain directory keeps its settings.
    private func settingsFile(of directory: Path) -> Path { directory.appending(".xandikos") }

    /// Changes the settings of a plain directory: a file without history, replaced as a whole.
    private func update(metadata changes: MetadataChanges, ofDirectory directory: Path) throws(GitError) {
        let lock = try File(directory, O_RDONLY | O_DIRECTORY)
        var wait = Wait(timeout: options.lockTimeout)
        while flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard wait.pause() else { throw .lockTimeout }
        }
        let path = settingsFile(of: directory)
        let old = try path.read() ?? []
        var file = INIFile(old)
        for (key, value) in changes.sorted(by: { $0.key.description < $1.key.description }) {
            let option = SettingNames.option(for: key, in: .directory)
            file.set(option.key, in: option.section, to: value)
        }
        guard file.bytes != old else { return }
        try path.replace(
            with: file.bytes, through: directory.appending(".artemisios-settings"), fsync: options.fsync)
        if options.fsync { try directory.flushDirectory() }
    }
}
