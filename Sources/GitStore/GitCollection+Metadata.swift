import CLibgit2
import Store

/// Where a repository keeps the settings of its collection.
///
/// Decided anew at each access: a `[xandikos]` section in the repository's configuration wins, then the file
/// `.xandikos` in the tree, then the directory `.xandikos` with the file `config` in it. New settings go to a file.
/// Availability is always the file `.xandikos/availability.ics`, for which a file `.xandikos` becomes a directory.
enum MetadataForm: Equatable {
    case gitConfig
    case file
    case directory
    /// No settings yet.
    case none
}

/// What the configuration of a repository was found to have.
struct KnownConfig {
    let status: FileStatus
    let hasSection: Bool
    /// The status of the directory before the file was looked at last, and when that was.
    private var look: (directory: FileStatus, time: LastLook)?

    init(status: FileStatus, hasSection: Bool) {
        self.status = status
        self.hasSection = hasSection
    }

    /// The file was just found as it was, in a directory of this status.
    mutating func seen(in directory: FileStatus?) {
        var time = LastLook()
        time.renew()
        look = directory.map { ($0, time) }
    }

    /// True when the file need not be looked at, as the directory is what it was a moment ago.
    func isCurrent(in directory: FileStatus?) -> Bool {
        guard let look, let directory else { return false }
        return look.directory == directory && look.time.isRecent
    }
}

extension GitCollection {
    private static let folder = Array(".xandikos".utf8)
    private static let config = Array("config".utf8)
    private static let availabilityFile = Array("availability.ics".utf8)
    static let availability = MetadataKey("availability")
    private static let description = MetadataKey("description")

    private var descriptionPath: Path { repository.commonDirectory.appending("description") }

    // MARK: - Reading

    func metadata() throws(GitError) -> Metadata {
        try metadata(in: latest().tree)
    }

    func metadata(in snapshot: any Snapshot) throws(StoreError) -> Metadata {
        try translating { () throws(GitError) in
            guard let snapshot = snapshot as? GitSnapshot else { return try metadata() }
            return try metadata(in: snapshot.tree)
        }
    }

    private func metadata(in tree: RawTree) throws(GitError) -> Metadata {
        if try hasConfigSection() { return try withAvailability(configSettings(), in: tree) }
        if let knownSettings, knownSettings.tree == tree.id { return knownSettings.metadata }
        let entry = tree.entry(named: Self.folder).map { (tree.mode($0), tree.objectID($0)) }
        if let knownSettings, knownSettings.mode == entry?.0, knownSettings.id == entry?.1 {
            self.knownSettings?.tree = tree.id
            return knownSettings.metadata
        }
        let metadata = try treeSettings(in: tree)
        knownSettings = (tree.id, entry?.0, entry?.1, metadata)
        return metadata
    }

    /// The settings that files of the tree hold.
    private func treeSettings(in tree: RawTree) throws(GitError) -> Metadata {
        let metadata: Metadata
        switch try form(in: tree) {
        case .gitConfig, .none: metadata = [:]
        case .file: metadata = SettingNames.settings(in: try file([Self.folder], in: tree), of: .collection)
        case .directory:
            metadata = SettingNames.settings(
                in: try file([Self.folder, Self.config], in: tree), of: .collection)
        }
        return try withAvailability(metadata, in: tree)
    }

    private func withAvailability(_ settings: Metadata, in tree: RawTree) throws(GitError) -> Metadata {
        var metadata = settings
        if let bytes = try blob([Self.folder, Self.availabilityFile], in: tree) {
            metadata[Self.availability] = String(decoding: bytes, as: UTF8.self)
        }
        return metadata
    }

    private func form(in tree: RawTree) throws(GitError) -> MetadataForm {
        if try hasConfigSection() { return .gitConfig }
        guard let entry = tree.entry(named: Self.folder) else { return .none }
        return tree.mode(entry) == RawTree.treeMode ? .directory : .file
    }

    /// True when the configuration has a section `[xandikos]`, be it empty.
    ///
    /// Git and Xandikos replace the file, and so change the directory that has it. While that stays the same, the file is
    /// looked at once a second, lest somebody edits it where it lies.
    private func hasConfigSection() throws(GitError) -> Bool {
        let directory = takeDirectoryOfConfig()
        if let knownConfig, knownConfig.isCurrent(in: directory) { return knownConfig.hasSection }
        let now = FileClock.now
        // Looked at before it is read, so that a change in between is found later.
        let status = try FileStatus(of: configPath)
        if let knownConfig, let status, knownConfig.status == status {
            self.knownConfig?.seen(in: directory)
            return knownConfig.hasSection
        }
        let hasSection = try readsConfigSection()
        knownConfig = status.flatMap {
            repository.clock.isSettled($0, at: now) ? KnownConfig(status: $0, hasSection: hasSection) : nil
        }
        return hasSection
    }

    private func readsConfigSection() throws(GitError) -> Bool {
        guard let bytes = try configPath.read() else { return false }
        return bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            let text = String(
                decoding: line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }, as: UTF8.self)
            return text.lowercased().utf8.starts(with: "[xandikos]".utf8)
        }
    }

    private func configSettings() throws(GitError) -> Metadata {
        var settings: Metadata = [:]
        for (name, value) in try ConfigFile(configPath)?.variables(of: "xandikos.") ?? [] {
            if let key = SettingNames.key(forVariable: name) { settings[key] = value }
        }
        settings[Self.description] = try readDescription()
        return settings
    }

    /// The text of the file `description`, nil for the one that Git puts there.
    private func readDescription() throws(GitError) -> String? {
        guard var bytes = try descriptionPath.read() else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.isEmpty || bytes.starts(with: "Unnamed repository".utf8) { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func file(_ path: [[UInt8]], in tree: RawTree) throws(GitError) -> INIFile {
        INIFile(try blob(path, in: tree) ?? [])
    }

    /// The bytes of a file of the tree, nil when there is none.
    private func blob(_ path: [[UInt8]], in tree: RawTree) throws(GitError) -> [UInt8]? {
        guard let name = path.first, let entry = tree.entry(named: name) else { return nil }
        let (id, mode) = (tree.objectID(entry), tree.mode(entry))
        if path.count == 1 { return mode & 0o170000 == 0o100000 ? try repository.read(id).bytes : nil }
        guard mode == RawTree.treeMode, let below = try repository.tree(id) else { return nil }
        return try blob(Array(path.dropFirst()), in: below)
    }

    // MARK: - Changing

    func update(metadata changes: MetadataChanges, by author: Author) throws(GitError) {
        _ = try changing(timeout: options.lockTimeout) { (session) throws(GitError) in
            let tree = session.snapshot.tree
            let form = try form(in: tree)
            var plain = changes
            let availability = plain.removeValue(forKey: Self.availability)
            let files = try fileChanges(plain, availability: availability, form: form, in: tree)
            if form == .gitConfig { try setConfig(plain) }
            try session.commit(files, by: author, message: "Set \(Self.list(of: changes))")
        }
    }

    /// The files of the tree that hold the settings after `changes`; `availability` is nil when it is to stay.
    func fileChanges(
        _ changes: MetadataChanges, availability: String??, form: MetadataForm, in tree: RawTree
    ) throws(GitError) -> [FileChange] {
        var files: [FileChange] = []
        let isFile = tree.entry(named: Self.folder).map { tree.mode($0) != RawTree.treeMode } ?? false
        // Setting what only a directory can hold makes a file a directory; nothing in it is lost.
        let becomesDirectory = isFile && availability.flatMap { $0 } != nil
        let isInDirectory = form == .directory || becomesDirectory
        if becomesDirectory { files.append(.delete([Self.folder])) }
        if form == .none && !changes.contains(where: { $0.value != nil }) {
            // Nothing to take away.
        } else if form != .gitConfig || becomesDirectory {
            let old = form == .directory ? [Self.folder, Self.config] : [Self.folder]
            var file = try file(old, in: tree)
            if form != .gitConfig {
                for (key, value) in changes.sorted(by: { $0.key.description < $1.key.description }) {
                    let option = SettingNames.option(for: key, in: .collection)
                    file.set(option.key, in: option.section, to: value)
                }
            }
            let isNews = becomesDirectory || !changes.isEmpty
            let new =
                isInDirectory || (form == .none && availability.flatMap { $0 } != nil)
                ? [Self.folder, Self.config] : [Self.folder]
            if isNews { files.append(.write(new, file.bytes)) }
        }
        switch availability {
        case .some(.some(let text)):
            files.append(.write([Self.folder, Self.availabilityFile], Array(text.utf8)))
        case .some(.none) where !isFile: files.append(.delete([Self.folder, Self.availabilityFile]))
        case .some(.none), .none: break
        }
        return files
    }

    private func setConfig(_ changes: MetadataChanges) throws(GitError) {
        var settings = changes
        if let text = settings.removeValue(forKey: Self.description) {
            // Written as Xandikos writes it: without a line end of its own.
            var bytes = Array((text ?? "").utf8)
            if bytes.last == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
            try descriptionPath.replace(
                with: bytes, through: descriptionPath.suffixed(".new"), fsync: options.fsync)
        }
        guard !settings.isEmpty, let config = try ConfigFile(configPath) else { return }
        // Nobody else of ours has it: the collection's lock is held.
        let age = lock.lastHolderDied ? StaleLock.Age.ofDeadHolder : StaleLock.Age.ofReference
        try StaleLock.remove(configPath.suffixed(".lock"), olderThan: age)
        let variables = settings.map { (SettingNames.variable(for: $0.key), $0.value) }
        try config.change(variables.sorted { $0.0 < $1.0 })
    }

    /// The names of the settings for the history.
    static func list(of changes: MetadataChanges) -> String {
        changes.keys.map(\.description).sorted().joined(separator: ", ")
    }
}
