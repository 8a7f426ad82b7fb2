import CLibgit2
import Glibc

/// A file whose time says when a process last changed some collection below a root.
///
/// Writers touch it and never wait for it; who maintains the store looks at one file instead of at all collections.
struct ChangeSignal {
    private let path: Path

    init(below root: Path) {
        self.path = root.appending(".artemisios").appending("changed")
    }

    /// Says that something has changed.
    ///
    /// Where nobody has made the file nobody listens.
    func send() {
        _ = unsafe utimensat(AT_FDCWD, path.chars, nil, 0)
    }

    /// Makes the file.
    func make() throws(GitError) {
        _ = try File(path, O_WRONLY | O_CREAT | O_NOFOLLOW)
    }

    /// A descriptor that can be read once something changes; -1 when that cannot be had.
    func watch() -> CInt { unsafe shim_watch_times(path.chars) }

    /// When something last changed.
    func time() throws(GitError) -> FileStatus.Timestamp? {
        try FileStatus(of: path)?.modified
    }
}
