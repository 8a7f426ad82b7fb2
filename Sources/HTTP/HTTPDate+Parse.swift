extension HTTPDate {
    /// Reads a date in one of the three forms of RFC 9110 §5.6.7; nil when it is none.
    public init?(_ text: String) {
        // All of them are words: a day of the week, then numbers, a month, a time, and maybe GMT.
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        let parts: (day: String, month: String, year: String, time: String)
        switch words.count {
        case 6 where words[5] == "GMT": parts = (words[1], words[2], words[3], words[4])
        case 5: parts = (words[2], words[1], words[4], words[3])
        default: return nil
        }
        let time = parts.time.split(separator: ":").map { Self.number($0) }
        guard let day = Self.number(parts.day), var year = Self.number(parts.year),
            let month = Self.months.firstIndex(of: parts.month), time.count == 3, let hour = time[0],
            let minute = time[1], let second = time[2], (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        // Of two digits: RFC 9110 §5.6.7, without the year of today.
        if parts.year.utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
        let days = Self.days(year: year, month: month + 1, day: day)
        self.init(secondsSince1970: days * 86400 + Int64(hour * 3600 + minute * 60 + second))
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// The days from 1970-01-01 to a Gregorian date; the inverse of `civil`.
    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
