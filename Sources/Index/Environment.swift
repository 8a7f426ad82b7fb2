import CLMDB
import Glibc

/// An open LMDB environment; closed when it and all its transactions go away.
///
/// It runs without LMDB's own lock file, whose mutexes a killed or stopped process and a stray byte can leave closed
/// for ever. Writers hold the `Gate`. Readers hold nothing: `ReadTransaction.isOvertaken` tells them that what they
/// look at may have been written over.
@safe final class Environment {
    fileprivate let handle: OpaquePointer
    fileprivate private(set) var database: MDB_dbi = 0
    /// Which file it was when it was opened.
    let identity: FileIdentity
    /// The data's file, open as long as the environment.
    let descriptor: CInt

    /// The handlers for what a damaged file leads to.
    private static let guardCode: CInt = guard_install()

    /// Opens the data, making it when it is missing.
    ///
    /// It is written without flushing: a crash of a process loses nothing, and after one of the machine the file is
    /// not used again.
    init(_ files: IndexFiles, maxBytes: Int, _ gate: borrowing Gate) throws(IndexError) {
        try check(Self.guardCode, "sigaction")
        var created: OpaquePointer?
        try check(unsafe mdb_env_create(&created), "mdb_env_create")
        guard let handle = unsafe created else { throw .refused("mdb_env_create: no memory") }
        let flags = UInt32(MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK | MDB_NOTLS)
        do throws(IndexError) {
            try check(unsafe mdb_env_set_mapsize(handle, maxBytes), "mdb_env_set_mapsize")
            try check(unsafe guarded_env_open(handle, files.records, flags, 0o600), "mdb_env_open")
            var descriptor: CInt = -1
            try check(unsafe mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd")
            self.descriptor = descriptor
            self.identity = FileIdentity(try Self.status(descriptor))
        } catch {
            _ = unsafe guarded_env_close(handle)
            throw error
        }
        unsafe self.handle = handle
        let transaction = try unsafe begin(UInt32(MDB_RDONLY))
        let code = unsafe guarded_dbi_open(transaction, &database)
        _ = unsafe guarded_txn_abort(transaction)
        try check(code, "mdb_dbi_open")
    }

    deinit { _ = unsafe guarded_env_close(handle) }

    /// The size of the data's file.
    func bytes() throws(IndexError) -> Int { try Self.status(descriptor).st_size }

    private static func status(_ descriptor: CInt) throws(IndexError) -> stat {
        var status = stat()
        try system("fstat", "records") { unsafe fstat(descriptor, &status) }
        return status
    }

    /// The number of the last transaction that any process committed.
    fileprivate func lastCommitted() throws(IndexError) -> Int {
        var info = unsafe MDB_envinfo()
        try check(unsafe guarded_env_info(handle, &info), "mdb_env_info")
        return unsafe info.me_last_txnid
    }

    @unsafe fileprivate func begin(_ flags: UInt32) throws(IndexError) -> OpaquePointer {
        var begun: OpaquePointer?
        try check(unsafe guarded_txn_begin(handle, flags, &begun), "mdb_txn_begin")
        guard let transaction = unsafe begun else { throw .damaged("mdb_txn_begin made no transaction") }
        return unsafe transaction
    }
}

/// A view of all records at one moment, without a lock.
@safe struct ReadTransaction: ~Copyable {
    private let environment: Environment
    private let handle: OpaquePointer

    init(_ environment: Environment) throws(IndexError) {
        self.environment = environment
        unsafe self.handle = try unsafe environment.begin(UInt32(MDB_RDONLY))
    }

    deinit { _ = unsafe guarded_txn_abort(handle) }

    /// True when somebody has written since, after which pages of this view may be in use for something else.
    ///
    /// Only the writer after the next takes a page that this view can see, so nothing that went wrong while this was
    /// false is excused by it.
    func isOvertaken() throws(IndexError) -> Bool {
        unsafe mdb_txn_id(handle) < (try environment.lastCommitted())
    }

    /// Copies the value of `key` to the beginning of `buffer`, which grows as needed up to `limit` bytes.
    ///
    /// - Returns: the value's size, nil when there is none.
    func value(
        of key: [UInt8], into buffer: inout [UInt8], limit: Int
    ) throws(IndexError) -> Int? {
        while true {
            var size = 0
            let code = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe guarded_get(
                    handle, environment.database, key, key.count, bytes.baseAddress, bytes.count, &size)
            }
            if code == MDB_NOTFOUND { return nil }
            try check(code, "mdb_get")
            if size <= buffer.count { return size }
            guard size <= limit else { throw .damaged("a record has \(size) bytes") }
            buffer = [UInt8](repeating: 0, count: max(size, min(2 * buffer.count, limit)))
        }
    }

    /// How many records there are.
    func count() throws(IndexError) -> Int {
        var statistics = MDB_stat()
        try check(unsafe guarded_stat(handle, environment.database, &statistics), "mdb_stat")
        return statistics.ms_entries
    }
}

/// All or nothing of a change; without `commit` nothing.
@safe struct WriteTransaction: ~Copyable {
    private let environment: Environment
    private let handle: OpaquePointer
    private var isCommitted = false

    init(_ environment: Environment, _ gate: borrowing Gate) throws(IndexError) {
        self.environment = environment
        unsafe self.handle = try unsafe environment.begin(0)
    }

    deinit {
        if !isCommitted { _ = unsafe guarded_txn_abort(handle) }
    }

    /// Stores `value` unless `key` has one.
    func put(_ key: [UInt8], _ value: [UInt8]) throws(IndexError) {
        let code = unsafe guarded_put(handle, environment.database, key, key.count, value, value.count)
        if code != MDB_KEYEXIST { try check(code, "mdb_put") }
    }

    mutating func commit() throws(IndexError) {
        // LMDB frees the transaction also when it fails.
        isCommitted = true
        try check(unsafe guarded_txn_commit(handle), "mdb_txn_commit")
    }
}
