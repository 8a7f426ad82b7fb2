import CLibgit2
import Glibc
import Store

/// Why something below the store failed: libgit2, the system, or what was found on disk.
enum GitError: Error {
    /// libgit2 refused `call` with its `code`; `category` is its error class.
    case git(call: String, code: CInt, category: CInt, message: String)
    /// The system refused `call` on `path`.
    case system(call: String, errno: CInt, path: String)
    /// Bytes on disk are not what they should be.
    case malformed(String)
    /// A lock was not free in time.
    case lockTimeout
    /// Somebody else moved the branch between our reading it and our moving it.
    case branchMoved
    /// The repository is no longer where it was.
    case repositoryGone
    /// The store's contract refuses it.
    case refused(StoreError)

    /// True when libgit2 says that what was asked for is not there.
    var isNotFound: Bool {
        if case .git(_, let code, _, _) = self { return code == GIT_ENOTFOUND.rawValue }
        return false
    }

    /// True when a `*.lock` file of libgit2 is held by somebody.
    var isLocked: Bool {
        if case .git(_, let code, _, _) = self { return code == GIT_ELOCKED.rawValue }
        return false
    }
}

/// Throws when `code`, the result of the libgit2 function `call`, is negative.
///
/// libgit2 keeps its message per thread until its next failure, so nothing may run in between.
func check(_ code: CInt, _ call: StaticString) throws(GitError) {
    guard code < 0 else { return }
    guard let last = unsafe git_error_last() else {
        throw .git(call: "\(call)", code: code, category: 0, message: "")
    }
    let message = unsafe last.pointee.message.map { unsafe String(cString: $0) } ?? ""
    throw unsafe .git(call: "\(call)", code: code, category: last.pointee.klass, message: message)
}

/// Calls a C constructor, checks it and returns the handle it wrote.
@unsafe func make(
    _ call: StaticString, _ constructor: (inout OpaquePointer?) -> CInt
) throws(GitError) -> OpaquePointer {
    var handle: OpaquePointer?
    try unsafe check(constructor(&handle), call)
    guard let made = unsafe handle else {
        throw .git(call: "\(call)", code: GIT_ERROR.rawValue, category: 0, message: "no handle")
    }
    return unsafe made
}

/// Runs a system call again while a signal interrupts it, and throws when it fails.
@discardableResult
func system<Result: SignedInteger>(
    _ call: StaticString, _ path: Path, _ body: () -> Result
) throws(GitError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw .system(call: "\(call)", errno: code, path: path.description) }
    }
}
