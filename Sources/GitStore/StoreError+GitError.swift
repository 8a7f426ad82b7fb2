import CLibgit2
import Glibc
import Store

extension StoreError {
    /// What a failure below the store means to those above it.
    init(_ error: GitError) {
        switch error {
        case .git(let call, let code, let category, let message):
            self.init(call: call, code: code, category: category, message: message)
        case .system(let call, let code, let path):
            self = Self.meaning(of: code) ?? .damaged(details: "\(call) \(path): \(Self.text(of: code))")
        case .malformed(let details):
            self = .damaged(details: details)
        case .lockTimeout, .branchMoved:
            self = .busy
        case .repositoryGone:
            self = .notFound
        case .refused(let refusal):
            self = refusal
        }
    }

    private init(call: String, code: CInt, category: CInt, message: String) {
        // libgit2 clears errno when it composes its message, which then ends in the system's text.
        if category == GIT_ERROR_OS.rawValue || category == GIT_ERROR_FILESYSTEM.rawValue,
            let known = [ENOSPC, EDQUOT, EROFS, EACCES, EPERM].first(where: {
                message.hasSuffix(Self.text(of: $0))
            }),
            let meaning = Self.meaning(of: known)
        {
            self = meaning
        } else if code == GIT_ELOCKED.rawValue {
            self = .busy
        } else {
            self = .damaged(details: "\(call): \(message) (\(code))")
        }
    }

    private static func meaning(of code: CInt) -> StoreError? {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: .full
        case EROFS, EACCES, EPERM: .readOnly
        case ENAMETOOLONG: .invalidName
        default: nil
        }
    }

    private static func text(of code: CInt) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// Runs `body` and translates what it throws: the one border between Git's errors and the store's.
func translating<Result>(_ body: () throws(GitError) -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch {
        throw StoreError(error)
    }
}
