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

/// `value` divided by `divisor`, rounded towards minus infinity.
func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// `value` divided by `divisor`, rounded towards plus infinity.
func ceilDivide(_ value: Int, _ divisor: Int) -> Int {
    -floorDivide(-value, divisor)
}

/// The remainder of `floorDivide`, never negative.
func modulo(_ value: Int, _ divisor: Int) -> Int {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
}

extension UInt8 {
    /// The byte with `a` … `z` made upper case.
    var asciiUpperCase: UInt8 {
        self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self - 32 : self
    }

    /// The digit's number when the byte is one of `0` … `9`.
    var digit: Int? {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") ? Int(self - UInt8(ascii: "0")) : nil
    }
}

/// `number` in decimal with zeros in front, up to `width` digits.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width
        ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
