/// A response status (RFC 9110 §15 and the registry of status codes).
public struct Status: Hashable, Sendable, CustomStringConvertible {
    /// The three-digit code.
    public let code: Int

    /// Wraps a code.
    public init(_ code: Int) {
        self.code = code
    }

    /// The code and its reason, as in a status line.
    public var description: String { "\(code) \(reason)" }

    /// The reason phrase of the registry; `Status` for a code that is not used here.
    public var reason: String {
        switch code {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 206: "Partial Content"
        case 207: "Multi-Status"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 409: "Conflict"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 424: "Failed Dependency"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 507: "Insufficient Storage"
        default: "Status"
        }
    }

    /// 200.
    public static let ok = Status(200)
    /// 201.
    public static let created = Status(201)
    /// 204.
    public static let noContent = Status(204)
    /// 206.
    public static let partialContent = Status(206)
    /// 207 (RFC 4918 §11.1).
    public static let multiStatus = Status(207)
    /// 301.
    public static let movedPermanently = Status(301)
    /// 302.
    public static let found = Status(302)
    /// 304.
    public static let notModified = Status(304)
    /// 400.
    public static let badRequest = Status(400)
    /// 401.
    public static let unauthorized = Status(401)
    /// 403.
    public static let forbidden = Status(403)
    /// 404.
    public static let notFound = Status(404)
    /// 405.
    public static let methodNotAllowed = Status(405)
    /// 406.
    public static let notAcceptable = Status(406)
    /// 409.
    public static let conflict = Status(409)
    /// 412.
    public static let preconditionFailed = Status(412)
    /// 413.
    public static let contentTooLarge = Status(413)
    /// 416.
    public static let rangeNotSatisfiable = Status(416)
    /// 415.
    public static let unsupportedMediaType = Status(415)
    /// 423 (RFC 4918 §11.3).
    public static let locked = Status(423)
    /// 424 (RFC 4918 §11.4).
    public static let failedDependency = Status(424)
    /// 500.
    public static let internalServerError = Status(500)
    /// 501.
    public static let notImplemented = Status(501)
    /// 502.
    public static let badGateway = Status(502)
    /// 503.
    public static let serviceUnavailable = Status(503)
    /// 507 (RFC 4918 §11.5).
    public static let insufficientStorage = Status(507)
}
