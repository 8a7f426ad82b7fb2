/// What became of a scheduling message: a status code of `SCHEDULE-STATUS` (RFC 6638 §3.2.9, RFC 5546 §3.6).
public struct ScheduleStatus: Hashable, Sendable, CustomStringConvertible {
    /// The code, such as `1.2`.
    public let code: String
    /// What it means, for `REQUEST-STATUS` and `CALDAV:request-status`.
    public let meaning: String

    /// Makes a status.
    public init(_ code: String, _ meaning: String) {
        self.code = code
        self.meaning = meaning
    }

    /// It is on its way.
    public static let pending = ScheduleStatus("1.0", "Pending")
    /// It was sent to where nobody tells whether it arrived.
    public static let sent = ScheduleStatus("1.1", "Sent")
    /// It was delivered.
    public static let delivered = ScheduleStatus("1.2", "Delivered")
    /// All is well (RFC 5546 §3.6.1).
    public static let success = ScheduleStatus("2.0", "Success")
    /// Well, but for a parameter that means nothing here (RFC 5546 §3.6.4).
    public static let parameterIgnored = ScheduleStatus("2.3", "Success; invalid property parameter ignored")
    /// The address is not that of a calendar user.
    public static let invalidCalendarUser = ScheduleStatus("3.7", "Invalid calendar user")
    /// The sender or the recipient may not.
    public static let noAuthority = ScheduleStatus("3.8", "No authority")
    /// Not now; later it may work.
    public static let serviceUnavailable = ScheduleStatus("5.1", "Service unavailable")
    /// There is no way to the recipient.
    public static let noRoute = ScheduleStatus("5.2", "Invalid calendar service")
    /// The recipient is not to be scheduled with.
    public static let noSchedulingSupport = ScheduleStatus("5.3", "No scheduling support for user")

    /// The code and the meaning as `REQUEST-STATUS` has them (RFC 5545 §3.8.8.3).
    public var description: String { "\(code);\(meaning)" }

    /// Whether the message got on its way.
    public var isDelivery: Bool {
        code.utf8.first == UInt8(ascii: "1") || code.utf8.first == UInt8(ascii: "2")
    }
}
