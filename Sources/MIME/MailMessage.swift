/// What a calendar server needs of a mail (RFC 5322, RFC 2045).
public struct MailMessage: Hashable, Sendable {
    /// Addresses of a field, each as it stands in the mail; groups are opened.
    public typealias Addresses = [String]

    /// `From`.
    public var from: Addresses = []
    /// `Sender`.
    public var sender: Addresses = []
    /// `Reply-To`.
    public var replyTo: Addresses = []
    /// `To` and `Cc`.
    public var recipients: Addresses = []
    /// `Message-ID` without its angle brackets, nil when there is none.
    public var messageID: String?
    /// `Auto-Submitted`, nil when there is none (RFC 3834 §5).
    public var autoSubmitted: String?
    /// The fields `Authentication-Results`, from the top down (RFC 8601).
    public var authenticationResults: [String] = []
    /// How many hosts have handed it on: the number of `Received` fields (RFC 5321 §6.3).
    public var hops = 0
    /// The subject, decoded.
    public var subject: String?
    /// The parts that may be iCalendar objects, in the order of the mail.
    public var calendars: [CalendarPart] = []

    init() {}
}

/// A part of a mail that is, or is said to be, an iCalendar object.
public struct CalendarPart: Hashable, Sendable {
    /// Whether it is `text/calendar`; else `application/ics` or a file called `.ics`.
    public var isTextCalendar: Bool
    /// The parameter `method` of its type, nil without one (RFC 6047 §2.4).
    public var method: String?
    /// The content, decoded from its transfer encoding, text in UTF-8.
    public var bytes: [UInt8]

    /// Makes a part.
    public init(isTextCalendar: Bool, method: String?, bytes: [UInt8]) {
        self.isTextCalendar = isTextCalendar
        self.method = method
        self.bytes = bytes
    }
}

/// Bounds on reading a mail.
public struct MailLimits: Hashable, Sendable {
    /// Bytes of the whole mail.
    public var bytes: Int
    /// Multiparts and messages within each other.
    public var depth: Int
    /// Parts, at any depth.
    public var parts: Int
    /// Fields of its header.
    public var fields: Int

    /// Makes limits.
    public init(bytes: Int = 32 << 20, depth: Int = 16, parts: Int = 200, fields: Int = 1000) {
        self.bytes = bytes
        self.depth = depth
        self.parts = parts
        self.fields = fields
    }
}

/// Why a mail cannot be read or written.
public enum MailError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has more bytes than allowed.
    case tooLarge(limit: Int)
    /// It is more nested, or has more parts or fields, than allowed.
    case tooComplex
    /// It is no mail: it has no header.
    case malformed

    /// The sentence for the log.
    public var description: String {
        switch self {
        case .tooLarge(let limit): "a mail of more than \(limit) bytes"
        case .tooComplex: "a mail of too many parts or fields"
        case .malformed: "no mail"
        }
    }
}
