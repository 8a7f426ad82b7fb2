import CLibgit2

/// One configuration file of Git's, without those it inherits from.
@safe final class ConfigFile {
    private let handle: OpaquePointer

    /// Opens the file at `path`, nil when there is none.
    init?(_ path: Path) throws(GitError) {
        guard try FileStatus(of: path) != nil else { return nil }
        unsafe self.handle = try make("git_config_open_ondisk") {
            unsafe git_config_open_ondisk(&$0, path.chars)
        }
    }

    deinit { unsafe git_config_free(handle) }

    /// The last value of the variable `name`, nil when it is not set.
    func value(of name: String) throws(GitError) -> String? {
        try variables(of: name).last { $0.name == name }?.value
    }

    /// The variables whose names begin with `prefix`, in the order of the file.
    ///
    /// libgit2 could choose them by a regular expression, but 1.5 keeps the memory of each comparison that fails.
    func variables(of prefix: String) throws(GitError) -> [(name: String, value: String)] {
        let iterator = try unsafe make("git_config_iterator_new") {
            unsafe git_config_iterator_new(&$0, handle)
        }
        defer { unsafe git_config_iterator_free(iterator) }
        var found: [(name: String, value: String)] = []
        while true {
            var entry: UnsafeMutablePointer<git_config_entry>?
            let code = unsafe git_config_next(&entry, iterator)
            if code == GIT_ITEROVER.rawValue { return found }
            try check(code, "git_config_next")
            guard let variable = unsafe entry?.pointee, let name = unsafe variable.name else { continue }
            let text = unsafe String(cString: name)
            guard text.utf8.starts(with: prefix.utf8) else { continue }
            found.append((text, unsafe variable.value.map { unsafe String(cString: $0) } ?? ""))
        }
    }

    /// Sets and removes variables, all or none; the rest of the file stays as it is.
    func change(_ changes: [(name: String, value: String?)]) throws(GitError) {
        let transaction = try unsafe make("git_config_lock") { unsafe git_config_lock(&$0, handle) }
        defer { unsafe git_transaction_free(transaction) }
        for (name, value) in changes {
            if let value {
                try unsafe check(git_config_set_string(handle, name, value), "git_config_set_string")
            } else {
                let code = unsafe git_config_delete_multivar(handle, name, ".*")
                if code != GIT_ENOTFOUND.rawValue { try check(code, "git_config_delete_multivar") }
            }
        }
        try unsafe check(git_transaction_commit(transaction), "git_transaction_commit")
    }
}
