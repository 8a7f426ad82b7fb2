internal import ICalendar

/// Times in words.
enum TimeWords {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// `Monday`.
    static func text(_ day: Weekday) -> String {
        switch day {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }

    /// `Monday, 2 March 2026`.
    static func text(_ date: CivilDate) -> String {
        let month = months.indices.contains(date.month - 1) ? months[date.month - 1] : "\(date.month)"
        return "\(text(date.weekday)), \(date.day) \(month) \(date.year)"
    }

    /// `Monday, 2 March 2026, 10:00 (Europe/Berlin)`.
    static func text(_ value: DateTimeValue) -> String {
        guard !value.isDate else { return text(value.local.date) }
        return "\(text(value.local.date)), \(clock(value.local))\(zone(value))"
    }

    /// From one time to another, with each day and zone once.
    static func text(from start: DateTimeValue, to end: DateTimeValue) -> String {
        if start.isDate, end.isDate {
            // RFC 5545 §3.6.1: the end is the day after the last.
            let last = end.local.date.adding(days: -1)
            return last <= start.local.date
                ? text(start.local.date) : "\(text(start.local.date)) to \(text(last))"
        }
        if start.local.date == end.local.date, zone(start) == zone(end) {
            return "\(text(start.local.date)), \(clock(start.local)) to \(clock(end.local))\(zone(start))"
        }
        return "\(text(start)) to \(text(end))"
    }

    private static func clock(_ time: CivilDateTime) -> String {
        let minute = time.minute < 10 ? "0\(time.minute)" : "\(time.minute)"
        return "\(time.hour < 10 ? "0" : "")\(time.hour):\(minute)"
    }

    private static func zone(_ value: DateTimeValue) -> String {
        switch value {
        case .date, .floating: ""
        case .utc: " (UTC)"
        case .zoned(_, let tzid): " (\(tzid))"
        }
    }
}
