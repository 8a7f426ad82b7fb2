/// A request method (RFC 9110 §9), compared with case.
public struct Method: Hashable, Sendable, CustomStringConvertible {
    /// The method as sent.
    public let description: String

    /// Wraps a method's name.
    public init(_ name: String) {
        self.description = name
    }

    /// True for methods that change nothing (RFC 9110 §9.2.1; RFC 3253 §3.6 for REPORT).
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options, .propFind, .report: true
        default: false
        }
    }

    /// `OPTIONS` (RFC 9110 §9.3.7).
    public static let options = Method("OPTIONS")
    /// `GET` (RFC 9110 §9.3.1).
    public static let get = Method("GET")
    /// `HEAD` (RFC 9110 §9.3.2).
    public static let head = Method("HEAD")
    /// `PUT` (RFC 9110 §9.3.4).
    public static let put = Method("PUT")
    /// `POST` (RFC 9110 §9.3.3).
    public static let post = Method("POST")
    /// `DELETE` (RFC 9110 §9.3.5).
    public static let delete = Method("DELETE")
    /// `PROPFIND` (RFC 4918 §9.1).
    public static let propFind = Method("PROPFIND")
    /// `PROPPATCH` (RFC 4918 §9.2).
    public static let propPatch = Method("PROPPATCH")
    /// `MKCOL` (RFC 4918 §9.3).
    public static let mkCol = Method("MKCOL")
    /// `COPY` (RFC 4918 §9.8).
    public static let copy = Method("COPY")
    /// `MOVE` (RFC 4918 §9.9).
    public static let move = Method("MOVE")
    /// `LOCK` (RFC 4918 §9.10).
    public static let lock = Method("LOCK")
    /// `UNLOCK` (RFC 4918 §9.11).
    public static let unlock = Method("UNLOCK")
    /// `REPORT` (RFC 3253 §3.6).
    public static let report = Method("REPORT")
}
