import CLMDB
import Glibc

/// Why the index could not be used; no caller of `RecordIndex` ever sees one.
enum IndexError: Error {
    /// The file holds what LMDB did not write there: throw it away.
    case damaged(String)
    /// The file has grown to its bound: throw it away.
    case full
    /// Somebody else needs it: do without this time.
    case busy
    /// The file is not the one that was opened: open again.
    case replaced
    /// The system or LMDB refused: do without for a while.
    case refused(String)

    /// For the log.
    var text: String {
        switch self {
        case .damaged(let reason): "it is damaged, as \(reason)"
        case .full: "it has grown to its bound"
        case .busy: "others use it"
        case .replaced: "it was replaced"
        case .refused(let reason): reason
        }
    }
}

/// Throws when `code`, what the LMDB function `call` returned, is a failure.
func check(_ code: CInt, _ call: StaticString) throws(IndexError) {
    switch code {
    case 0: return
    case MDB_MAP_FULL: throw .full
    case MDB_TXN_FULL: throw .busy
    case MDB_MAP_RESIZED: throw .replaced
    case GUARD_FAULT: throw .damaged("\(call) could not go on")
    case 1...: throw .refused("\(call): \(message(ofError: code))")
    default: throw .damaged("\(call): \(unsafe String(cString: mdb_strerror(code)))")
    }
}

/// Returns what a system call returned, or throws when that is negative; interrupted calls run again.
@discardableResult
func system<Result: SignedInteger>(
    _ call: StaticString, _ path: String, _ body: () -> Result
) throws(IndexError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw .refused("\(call) \(path): \(message(ofError: code))") }
    }
}

func message(ofError code: CInt) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
