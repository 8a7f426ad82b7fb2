/// A rule for the changes of each year, as the last line of a TZif file gives it (RFC 8536 §3.3).
///
/// It is a `TZ` string of POSIX, with hours from -167 to 167 in the times of changes (RFC 8536 §3.3.1).
struct POSIXTimeZone {
    /// A day of the year and a time on it.
    struct Change {
        enum Day {
            /// Day 1 … 365, 29 February never counted.
            case julian(Int)
            /// Day 0 … 365, 29 February counted.
            case zeroBased(Int)
            /// A weekday (0 is Sunday) of a month's week, 5 being the last.
            case weekday(month: Int, week: Int, day: Int)
        }

        let day: Day
        /// Seconds after midnight.
        let time: Int

        /// The local time in a year, in seconds since 1970 on that clock.
        func local(in year: Int) -> Int {
            let first = CivilDate(uncheckedYear: year, month: 1, day: 1).daysSinceEpoch
            let number: Int
            switch day {
            case .julian(let index): number = first + index - (CivilDate.isLeap(year) && index >= 60 ? 0 : 1)
            case .zeroBased(let index): number = first + index
            case .weekday(let month, let week, let weekday):
                let monthStart = first + CivilDate.daysBeforeMonth(month, of: year)
                // 1970-01-01 was a Thursday, 4 in this counting.
                var index = modulo(weekday - (monthStart + 4), 7) + (week - 1) * 7
                if index >= CivilDate.daysInMonth(month, of: year) { index -= 7 }
                number = monthStart + index
            }
            return number * 86400 + time
        }
    }

    /// The offset of standard time, in seconds to the east.
    let standardOffset: Int
    /// Daylight saving time, if there is any.
    let daylight: (offset: Int, start: Change, end: Change)?

    /// The changes of a year in order.
    func onsets(in year: Int) -> [TimeZoneDefinition.Onset] {
        guard let daylight else { return [] }
        let start = daylight.start.local(in: year) - standardOffset
        let end = daylight.end.local(in: year) - daylight.offset
        return [
            .init(at: start, offset: daylight.offset, isDaylight: true),
            .init(at: end, offset: standardOffset),
        ].sorted { $0.at < $1.at }
    }

    /// Reads `EST5EDT,M3.2.0,M11.1.0`, or nil for anything else.
    init?(_ text: some Collection<UInt8>) {
        var reader = DigitReader(text)
        guard reader.skipZoneName(), let west = reader.clock() else { return nil }
        standardOffset = -west
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.skipZoneName() else { return nil }
        var offset = standardOffset + 3600
        if let next = reader.peek, next != UInt8(ascii: ",") {
            guard let west = reader.clock() else { return nil }
            offset = -west
        }
        guard reader.take(UInt8(ascii: ",")), let start = reader.change(), reader.take(UInt8(ascii: ",")),
            let end = reader.change(), reader.isAtEnd
        else { return nil }
        daylight = (offset, start, end)
    }
}

extension DigitReader {
    /// Passes over `CET` or `<+03>`.
    fileprivate mutating func skipZoneName() -> Bool {
        if take(UInt8(ascii: "<")) {
            while let byte = next() {
                if byte == UInt8(ascii: ">") { return true }
            }
            return false
        }
        var count = 0
        while let byte = peek, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte.asciiUpperCase) {
            _ = next()
            count += 1
        }
        return count >= 3
    }

    /// Reads `-3`, `5:30` or `26:00:01` as seconds.
    fileprivate mutating func clock() -> Int? {
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3600
        if take(UInt8(ascii: ":")) {
            guard let minutes = number(), minutes < 60 else { return nil }
            seconds += minutes * 60
            if take(UInt8(ascii: ":")) {
                guard let rest = number(), rest < 60 else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }

    fileprivate mutating func change() -> POSIXTimeZone.Change? {
        let day: POSIXTimeZone.Change.Day
        if take(UInt8(ascii: "M")) {
            guard let month = number(), (1...12).contains(month), take(UInt8(ascii: ".")),
                let week = number(),
                (1...5).contains(week), take(UInt8(ascii: ".")), let weekday = number(), weekday < 7
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if take(UInt8(ascii: "J")) {
            guard let index = number(), (1...365).contains(index) else { return nil }
            day = .julian(index)
        } else {
            guard let index = number(), index <= 365 else { return nil }
            day = .zeroBased(index)
        }
        var time = 7200
        if take(UInt8(ascii: "/")) {
            guard let given = clock() else { return nil }
            time = given
        }
        return POSIXTimeZone.Change(day: day, time: time)
    }
}
