public import ContentLine

extension RecurrenceRule {
    /// Reads the value of an `RRULE` or `EXRULE` property (RFC 5545 §3.8.5.3).
    ///
    /// - Throws: `RecurrenceRuleError`.
    public init(_ line: ContentLine) throws(RecurrenceRuleError) {
        try self.init(line.trimmedValue)
    }

    /// Reads `FREQ=DAILY;COUNT=10` (RFC 5545 §3.3.10).
    ///
    /// Parts may come in any order and case, empty parts and parts named `X-…` are passed over, and COUNT may
    /// stand beside UNTIL: whichever comes first ends the rule.
    ///
    /// - Throws: `RecurrenceRuleError`.
    public init(_ text: some BidirectionalCollection<UInt8>) throws(RecurrenceRuleError) {
        self.init(.yearly)
        var frequency: Frequency?
        var seen: [String] = []
        for part in text.split(separator: UInt8(ascii: ";")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = String(decoding: part[..<equals].trimmed.lazy.map(\.asciiUpperCase), as: UTF8.self)
            if name.isEmpty && equals == part.endIndex { continue }
            guard !seen.contains(name) else { throw .repeatedPart(name) }
            seen.append(name)
            guard equals != part.endIndex else { throw .invalidValue(name) }
            let value = part[part.index(after: equals)...].trimmed
            if name == "FREQ" {
                guard let known = Frequency(value) else { throw .invalidValue(name) }
                frequency = known
            } else {
                try setPart(name, to: value)
            }
        }
        guard let frequency else { throw .noFrequency }
        self.frequency = frequency
    }

    private mutating func setPart(
        _ name: String, to value: some BidirectionalCollection<UInt8>
    ) throws(RecurrenceRuleError) {
        switch name {
        case "INTERVAL": interval = try Self.positive(value, name)
        case "COUNT": count = try Self.positive(value, name)
        case "UNTIL":
            guard let end = DateTimeValue(value) else { throw .invalidValue(name) }
            until = end
        case "WKST":
            let codes = [UInt8](value)
            guard codes.count == 2, let day = Weekday(code: codes[0], codes[1]) else {
                throw .invalidValue(name)
            }
            weekStart = day
        case "BYSECOND": bySecond = try Self.numbers(value, 0...60, name)
        case "BYMINUTE": byMinute = try Self.numbers(value, 0...59, name)
        case "BYHOUR": byHour = try Self.numbers(value, 0...23, name)
        case "BYMONTH": byMonth = try Self.numbers(value, 1...12, name)
        case "BYMONTHDAY": byMonthDay = try Self.numbers(value, 1...31, signed: true, name)
        case "BYYEARDAY": byYearDay = try Self.numbers(value, 1...366, signed: true, name)
        case "BYWEEKNO": byWeekNumber = try Self.numbers(value, 1...53, signed: true, name)
        case "BYSETPOS": bySetPosition = try Self.numbers(value, 1...366, signed: true, name)
        case "BYDAY": byDay = try Self.weekdays(value)
        case "RSCALE":
            // RFC 7529 §4.2: a rule in a scale we do not know must not be expanded.
            let scale = String(decoding: value.map(\.asciiUpperCase), as: UTF8.self)
            guard scale == "GREGORIAN" else { throw .unsupportedScale(scale) }
        case "SKIP":
            guard let known = Skip(rawValue: String(decoding: value.map(\.asciiUpperCase), as: UTF8.self))
            else { throw .invalidValue(name) }
            skip = known
        default:
            guard name.utf8.starts(with: "X-".utf8) else { throw .unknownPart(name) }
        }
    }

    private static func positive(
        _ text: some Collection<UInt8>, _ name: String
    ) throws(RecurrenceRuleError) -> Int {
        var reader = DigitReader(text)
        guard let number = reader.number(), reader.isAtEnd, number > 0 else { throw .invalidValue(name) }
        return number
    }

    private static func numbers(
        _ text: some BidirectionalCollection<UInt8>, _ limits: ClosedRange<Int>, signed: Bool = false,
        _ name: String
    ) throws(RecurrenceRuleError) -> [Int] {
        var numbers: [Int] = []
        for item in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var reader = DigitReader(item.trimmed)
            let isNegative = signed && reader.take(UInt8(ascii: "-"))
            if signed && !isNegative { _ = reader.take(UInt8(ascii: "+")) }
            guard let number = reader.number(), reader.isAtEnd, limits.contains(number) else {
                throw .invalidValue(name)
            }
            numbers.append(isNegative ? -number : number)
        }
        return numbers
    }

    private static func weekdays(
        _ text: some BidirectionalCollection<UInt8>
    ) throws(RecurrenceRuleError) -> [WeekdayNumber] {
        var days: [WeekdayNumber] = []
        for item in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var reader = DigitReader(item.trimmed)
            let isNegative = reader.take(UInt8(ascii: "-"))
            if !isNegative { _ = reader.take(UInt8(ascii: "+")) }
            let ordinal = reader.number()
            guard let first = reader.next(), let second = reader.next(), reader.isAtEnd,
                let weekday = Weekday(code: first, second), ordinal.map((1...53).contains) ?? !isNegative
            else { throw .invalidValue("BYDAY") }
            days.append(WeekdayNumber(ordinal.map { isNegative ? -$0 : $0 }, weekday))
        }
        return days
    }
}

extension RecurrenceRule.Frequency {
    /// The word FREQ takes: `SECONDLY` … `YEARLY`.
    public var name: String {
        switch self {
        case .secondly: "SECONDLY"
        case .minutely: "MINUTELY"
        case .hourly: "HOURLY"
        case .daily: "DAILY"
        case .weekly: "WEEKLY"
        case .monthly: "MONTHLY"
        case .yearly: "YEARLY"
        }
    }

    init?(_ text: some Collection<UInt8>) {
        let word = text.map(\.asciiUpperCase)
        guard let known = Self.allCases.first(where: { $0.name.utf8.elementsEqual(word) }) else { return nil }
        self = known
    }
}
