/// Why bytes or a calendar cannot be a calendar object resource; each case is a precondition of RFC 4791 §5.3.2.1.
public enum CalendarObjectError: Error, Hashable, Sendable {
    /// Not valid iCalendar: `CALDAV:valid-calendar-data`. The line counts from 1 and is nil if not known.
    case invalidData(reason: String, line: Int?)
    /// Valid, but not what RFC 4791 §4.1 lets a resource hold: `CALDAV:valid-calendar-object-resource`.
    case invalidObject(reason: String)
    /// Holds nothing but a component this program does not know: `CALDAV:supported-calendar-component`.
    case unsupportedComponent(name: String)
    /// Another iCalendar version or calendar scale: `CALDAV:supported-calendar-data`.
    case unsupportedData(reason: String)
    /// Recurs in a calendar scale that is not supported: `CALDAV:supported-rscale` (RFC 7529 §6).
    case unsupportedScale(String)
}

extension CalendarObjectError: CustomStringConvertible {
    /// The reason, and the line if it is known.
    public var description: String {
        switch self {
        case .invalidData(let reason, let line?): "line \(line): \(reason)"
        case .invalidData(let reason, nil), .invalidObject(let reason), .unsupportedData(let reason): reason
        case .unsupportedScale(let scale): "recurrence in the calendar scale \(scale)"
        case .unsupportedComponent(let name): "the component \(name) is not supported"
        }
    }
}
