public import Store

/// Why the queue could not do what it was asked.
public enum QueueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused.
    case system(call: String, path: String, code: Int32)
    /// A file of the queue is not one.
    case malformed(path: String)

    /// The sentence for the log.
    public var description: String {
        switch self {
        case .system(let call, let path, let code): "\(call) of \(path): error \(code)"
        case .malformed(let path): "\(path) is no message of the queue"
        }
    }
}

extension StoreError {
    /// What a change ends with whose messages could not be queued.
    public init(_ error: QueueError) {
        self = .damaged(details: "\(error)")
        if case .system(_, _, let code) = error {
            if FileSystem.isFull(code) { self = .full }
            if FileSystem.isReadOnly(code) { self = .readOnly }
        }
    }
}
