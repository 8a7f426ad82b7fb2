import CLibgit2
import Glibc

/// An open Git repository.
@safe final class Repository {
    /// What Git calls its directory: `.git`, or the directory of a bare repository.
    let gitDirectory: Path
    /// Where the files are that are kept equal to the branch, nil in a repository that is or says it is bare.
    let workTree: Path?
    /// Where the objects are; elsewhere than in `gitDirectory` for a linked work tree.
    let commonDirectory: Path
    /// Where loose objects go.
    let objectsDirectory: Path

    private let branch: BranchFiles
    private let handle: OpaquePointer
    private var objects: OpaquePointer
    /// When the list of packs had last changed as `objects` was opened.
    private var packsChanged: FileStatus.Timestamp?
    /// True while `objects` has nothing in it, until something is read.
    private var isResting = false
    /// Bytes read from packs since `objects` was opened.
    private var packedBytesRead = 0
    /// After so many it is opened anew: libgit2 keeps whatever differences were made from, up to 16 MiB for each pack.
    private static let packedBytesPerOpening = 4 << 20
    private let packDirectory: Path
    /// Blobs read lately, here or in other repositories.
    private let blobs: BlobCache?
    /// The clock of the files here.
    let clock: FileClock
    /// The status of the directory before all that says where the branch is was looked at, and when that was.
    private var lastFullLook: (directory: FileStatus, time: LastLook)?
    /// Whether names of files here become durable together.
    let hasSharedJournal: Bool
    private let isAskedForReferenceLog: Bool

    /// Opens the repository of `layout`.
    init(_ layout: RepositoryLayout, identity: Committer, blobs: BlobCache? = nil) throws(GitError) {
        self.blobs = blobs
        let opened = try unsafe make("git_repository_open") {
            unsafe git_repository_open_ext(
                &$0, layout.gitDirectory.chars, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
        }
        unsafe self.handle = opened
        do {
            unsafe self.objects = try make("git_repository_odb") { unsafe git_repository_odb(&$0, opened) }
        } catch {
            unsafe git_repository_free(opened)
            throw error
        }
        self.gitDirectory = layout.gitDirectory
        self.workTree = unsafe git_repository_is_bare(opened) == 1 ? nil : layout.workTree
        self.commonDirectory =
            unsafe git_repository_commondir(opened).map {
                var text = unsafe String(cString: $0)
                while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text.removeLast() }
                return Path(text)
            } ?? layout.gitDirectory
        self.objectsDirectory = commonDirectory.appending("objects")
        self.packDirectory = objectsDirectory.appending("pack")
        self.hasSharedJournal = commonDirectory.hasSharedJournal
        self.isAskedForReferenceLog =
            try ConfigFile(commonDirectory.appending("config"))?.value(of: "core.logallrefupdates") != nil
        self.clock = FileClock(of: commonDirectory)
        self.branch = BranchFiles(gitDirectory: gitDirectory, commonDirectory: commonDirectory, clock: clock)
        // Git keeps a log of what branches pointed to in repositories with a work tree; this is who moved them.
        try unsafe check(
            git_repository_set_ident(opened, identity.name, identity.email), "git_repository_set_ident")
    }

    deinit {
        unsafe git_odb_free(objects)
        unsafe git_repository_free(handle)
    }

    // MARK: - Objects

    /// An object's type and bytes; looks again when a repack took it from where it was.
    func read(_ id: ObjectID) throws(GitError) -> (type: git_object_t, bytes: [UInt8]) {
        try lookingAgain { () throws(GitError) in try readOnce(id) }
    }

    /// The bytes of a blob, nil when `id` is not one; they may be known from before.
    func blob(_ id: ObjectID) throws(GitError) -> [UInt8]? {
        if let bytes = blobs?.bytes(of: id) { return bytes }
        let (type, bytes) = try read(id)
        guard type == GIT_OBJECT_BLOB else { return nil }
        blobs?.insert(bytes, for: id)
        return bytes
    }

    /// Runs `look`, and after a failure again with what then lies in the directory of the objects.
    private func lookingAgain<Result>(_ look: () throws(GitError) -> Result) throws(GitError) -> Result {
        for _ in 0..<2 {
            do throws(GitError) { return try look() } catch { try reopenObjects() }
        }
        return try look()
    }

    /// Opens the objects anew when packs have come or gone.
    ///
    /// libgit2 finds new packs by itself, but keeps those that are gone open, and their bytes on the disk.
    private func followRepack() throws(GitError) {
        if isResting { return }
        if try FileStatus(of: packDirectory)?.modified != packsChanged { try reopenObjects() }
    }

    private func reopenObjects() throws(GitError) {
        packsChanged = try FileStatus(of: packDirectory)?.modified
        let directory = objectsDirectory
        try unsafe use(make("git_odb_open") { unsafe git_odb_open(&$0, directory.chars) })
        isResting = false
        packedBytesRead = 0
    }

    /// Gives back the memory and the files that reading takes, until something is read.
    func rest() throws(GitError) {
        if isResting { return }
        try unsafe use(make("git_odb_new") { unsafe git_odb_new(&$0) })
        isResting = true
    }

    private func wake() throws(GitError) {
        if isResting { try reopenObjects() }
    }

    @unsafe private func use(_ opened: OpaquePointer) throws(GitError) {
        let code = unsafe git_repository_set_odb(handle, opened)
        guard code == 0 else {
            unsafe git_odb_free(opened)
            return try check(code, "git_repository_set_odb")
        }
        unsafe git_odb_free(objects)
        unsafe objects = opened
    }

    private func readOnce(_ id: ObjectID) throws(GitError) -> (type: git_object_t, bytes: [UInt8]) {
        if let stored = try looseObjects.read(id) { return stored }
        if isResting || packedBytesRead >= Self.packedBytesPerOpening { try reopenObjects() }
        var oid = id.oid
        let object = try unsafe make("git_odb_read") { unsafe git_odb_read(&$0, objects, &oid) }
        defer { unsafe git_odb_object_free(object) }
        let bytes = unsafe [UInt8](
            UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
        packedBytesRead += bytes.count
        let type = unsafe git_odb_object_type(object)
        guard try LooseObjects.quickID(of: type, bytes) == id else {
            throw .malformed("the bytes of object \(id) are not those of its name")
        }
        return (type, bytes)
    }

    /// An object's type and size without its bytes.
    func header(_ id: ObjectID) throws(GitError) -> (type: git_object_t, byteCount: Int) {
        try lookingAgain { () throws(GitError) in
            try wake()
            var oid = id.oid
            var size = 0
            var type = GIT_OBJECT_INVALID
            try unsafe check(git_odb_read_header(&size, &type, objects, &oid), "git_odb_read_header")
            return (type, size)
        }
    }

    /// The tree called `id`, nil when there is no such object or it is none.
    ///
    /// `base` is a tree that it is likely to be like; that only makes it quicker.
    func tree(_ id: ObjectID, like base: RawTree = .empty) throws(GitError) -> RawTree? {
        if id == .emptyTree { return .empty }
        if id == base.id { return base }
        if let (type, bytes) = try looseObjects.read(id) {
            return type == GIT_OBJECT_TREE ? try RawTree(id: id, bytes: bytes, like: base) : nil
        }
        do {
            // A token may name anything: a large blob is not worth reading to find that it is no tree.
            guard try header(id).type == GIT_OBJECT_TREE else { return nil }
            return try RawTree(id: id, bytes: read(id).bytes, like: base)
        } catch  where error.isNotFound {
            return nil
        }
    }

    /// The tree of the commit called `id`.
    func tree(ofCommit id: ObjectID, like base: RawTree = .empty) throws(GitError) -> RawTree {
        let treeID = try commit(id).tree
        guard let tree = try tree(treeID, like: base) else {
            throw .malformed("tree \(treeID) of commit \(id) is missing")
        }
        return tree
    }

    /// The tree and the first parent of the commit called `id`.
    func commit(_ id: ObjectID) throws(GitError) -> (tree: ObjectID, parent: ObjectID?) {
        let (type, bytes) = try read(id)
        let hexEnd = 5 + 2 * ObjectID.size
        guard type == GIT_OBJECT_COMMIT, bytes.count > hexEnd, bytes.starts(with: "tree ".utf8),
            let tree = ObjectID(hex: bytes[5..<hexEnd])
        else { throw .malformed("\(id) is no commit") }
        let rest = bytes[(hexEnd + 1)...]
        let parent =
            rest.starts(with: "parent ".utf8)
            ? ObjectID(hex: rest.dropFirst(7).prefix(2 * ObjectID.size)) : nil
        return (tree, parent)
    }

    // MARK: - The branch

    /// The branch that HEAD is on, and its commit.
    struct Head: Equatable {
        /// The reference to move: a branch, or `HEAD` when that is detached.
        let reference: String
        /// Nil while the branch has no commit.
        let commit: ObjectID?
    }

    /// True when `commit`, which is there, came before `head`.
    func isDescendant(_ head: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
        try wake()
        var (newer, older) = (head.oid, commit.oid)
        let code = unsafe git_graph_descendant_of(handle, &newer, &older)
        try check(code, "git_graph_descendant_of")
        return code == 1
    }

    /// The commit HEAD leads to, nil while there is none.
    ///
    /// Git and libgit2 replace `HEAD` and `packed-refs`, and so change the directory that has them. While that stays the
    /// same, only the branch's own file is looked at; once a second all of it, lest somebody edits `HEAD` where it lies.
    ///
    /// - Parameter directory: the settled status of the directory that has them, if it was just looked at.
    /// - Returns: the commit.
    /// - Throws: when it cannot be read.
    func headCommit(in directory: FileStatus? = nil) throws(GitError) -> ObjectID? {
        if let directory, let lastFullLook, lastFullLook.directory == directory, lastFullLook.time.isRecent,
            let commit = try branch.commitOfKnownBranch()
        {
            return commit
        }
        lastFullLook = nil
        try followRepack()
        if let commit = try branch.commit() {
            if let directory {
                var time = LastLook()
                time.renew()
                lastFullLook = (directory, time)
            }
            return commit
        }
        var oid = git_oid()
        var code = unsafe git_reference_name_to_id(&oid, handle, "HEAD")
        if code == GIT_ENOTFOUND.rawValue {
            // A branch on its way into `packed-refs` must not look like an empty collection.
            code = unsafe git_reference_name_to_id(&oid, handle, "HEAD")
        }
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "git_reference_name_to_id")
        return ObjectID(oid)
    }

    func head() throws(GitError) -> Head {
        try followRepack()
        if let (reference, commit) = try branch.current() {
            return Head(reference: reference, commit: commit)
        }
        var name = "HEAD"
        for _ in 0..<5 {
            let reference: OpaquePointer
            do {
                unsafe reference = try make("git_reference_lookup") {
                    unsafe git_reference_lookup(&$0, handle, name)
                }
            } catch  where error.isNotFound {
                return Head(reference: name, commit: nil)
            }
            defer { unsafe git_reference_free(reference) }
            if let target = unsafe git_reference_symbolic_target(reference) {
                name = unsafe String(cString: target)
            } else if let oid = unsafe git_reference_target(reference) {
                return unsafe Head(reference: name, commit: ObjectID(oid.pointee))
            }
        }
        throw .malformed("HEAD leads nowhere")
    }

    /// Moves the branch of `head` to `commit` if it still is where `head` says.
    ///
    /// - Throws: `branchMoved` when it is not; an error for which `isLocked` holds while another program moves it.
    func move(
        _ head: Head, to commit: ObjectID, because message: String, isDurable: Bool
    ) throws(GitError) {
        if let old = head.commit, try !keepsReferenceLog(),
            try branch.move(
                head.reference, from: old, to: commit,
                isDurable: isDurable, hasSharedJournal: hasSharedJournal)
        {
            return
        }
        try wake()
        var new = commit.oid
        var reference: OpaquePointer?
        defer { unsafe git_reference_free(reference) }
        let code: CInt
        if var old = head.commit?.oid {
            code = unsafe git_reference_create_matching(
                &reference, handle, head.reference, &new, 1, &old, message)
        } else {
            code = unsafe git_reference_create(&reference, handle, head.reference, &new, 0, message)
        }
        if code == GIT_EMODIFIED.rawValue || code == GIT_EEXISTS.rawValue || code == GIT_ENOTFOUND.rawValue {
            throw .branchMoved
        }
        try check(code, "git_reference_create")
    }

    /// True when `commit` is in the history of `descendant`.
    ///
    /// A commit that is not there, because history was rewritten and cleaned, is in no history.
    func isAncestor(_ commit: ObjectID, of descendant: ObjectID) throws(GitError) -> Bool {
        try wake()
        var (old, new) = (commit.oid, descendant.oid)
        return unsafe git_graph_descendant_of(handle, &new, &old) == 1
    }

    // MARK: - What is beside the objects

    /// Who the repository's own configuration says works in it.
    func configuredUser() throws(GitError) -> (name: String?, email: String?) {
        guard let config = try ConfigFile(gitDirectory.appending("config")) else { return (nil, nil) }
        return try (config.value(of: "user.name"), config.value(of: "user.email"))
    }

    /// The files libgit2 locks `reference` with.
    func lockFiles(of reference: String) -> [Path] {
        var files = [commonDirectory.appending(reference + ".lock")]
        if commonDirectory != gitDirectory || reference != "HEAD" {
            files.append(gitDirectory.appending("HEAD.lock"))
        }
        return files
    }

    /// True when what branches pointed to is to be written down.
    ///
    /// Without a setting Git does so in repositories with a work tree, and elsewhere in logs that are there.
    private func keepsReferenceLog() throws(GitError) -> Bool {
        if workTree != nil || isAskedForReferenceLog { return true }
        return try FileStatus(of: commonDirectory.appending("logs")) != nil
    }

    private var looseObjects: StoredObjectReader { StoredObjectReader(directory: objectsDirectory) }
}
