/// A day of the week, numbered from Monday (RFC 5545 §3.3.10).
public enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// The two letters RRULE uses: `MO` … `SU`.
    public var code: String {
        switch self {
        case .monday: "MO"
        case .tuesday: "TU"
        case .wednesday: "WE"
        case .thursday: "TH"
        case .friday: "FR"
        case .saturday: "SA"
        case .sunday: "SU"
        }
    }

    /// The weekday of a two-letter code in any case, or nil.
    init?(code first: UInt8, _ second: UInt8) {
        switch (first.asciiUpperCase, second.asciiUpperCase) {
        case (UInt8(ascii: "M"), UInt8(ascii: "O")): self = .monday
        case (UInt8(ascii: "T"), UInt8(ascii: "U")): self = .tuesday
        case (UInt8(ascii: "W"), UInt8(ascii: "E")): self = .wednesday
        case (UInt8(ascii: "T"), UInt8(ascii: "H")): self = .thursday
        case (UInt8(ascii: "F"), UInt8(ascii: "R")): self = .friday
        case (UInt8(ascii: "S"), UInt8(ascii: "A")): self = .saturday
        case (UInt8(ascii: "S"), UInt8(ascii: "U")): self = .sunday
        default: return nil
        }
    }

    /// The weekday of a day number, counted from 1970-01-01, which was a Thursday.
    init(daysSinceEpoch days: Int) {
        self = Weekday.allCases[modulo(days + 3, 7)]
    }

    /// Days from `earlier` to this weekday, 0 … 6.
    func daysAfter(_ earlier: Weekday) -> Int {
        modulo(rawValue - earlier.rawValue, 7)
    }
}
