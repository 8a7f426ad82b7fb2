import ICalendar

/// Components that look random and are the same each time.
struct SeededObjects {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }

    /// A date-time in the first days of 2026, in one of the forms that iCalendar has.
    mutating func time(_ form: String) -> String {
        let day = "2026010\(1 + below(9))"
        switch form {
        case "date": return ";VALUE=DATE:\(day)"
        case "utc": return ":\(day)T\(10 + below(14))0000Z"
        case "zoned": return ";TZID=Far:\(day)T\(10 + below(14))0000"
        default: return ":\(day)T\(10 + below(14))0000"
        }
    }

    mutating func component() -> String {
        let form = one(of: ["date", "utc", "zoned", "floating"])
        let isTodo = below(4) == 0
        var lines = [isTodo ? "BEGIN:VTODO" : "BEGIN:VEVENT", "UID:1"]
        if !isTodo || below(2) == 0 { lines.append("DTSTART\(time(form))") }
        switch below(4) {
        case 0: lines.append("\(isTodo ? "DUE" : "DTEND")\(time(form))")
        case 1: lines.append("DURATION:\(one(of: ["PT1H", "P1D", "PT0S", "P3D"]))")
        default: break
        }
        if below(2) == 0 {
            lines.append(
                one(of: [
                    "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260106T120000Z",
                    "RDATE\(time(form))", "RRULE:FREQ=DAILY;COUNT=4;BYDAY=MO,WE", "EXDATE\(time(form))",
                    "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;INTERVAL=3", "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
                    "RRULE:FREQ=YEARLY;UNTIL=20300101", "RRULE:FREQ=DAILY;INTERVAL=5\nEXDATE\(time(form))",
                    "RRULE:FREQ=HOURLY;COUNT=30", "RRULE:nonsense",
                ]))
        }
        lines += texts()
        lines.append(isTodo ? "END:VTODO" : "END:VEVENT")
        if !isTodo, below(3) == 0 {
            lines += [
                "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID\(time(form))", "DTSTART\(time(form))",
                "END:VEVENT",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// Properties that people search.
    private mutating func texts() -> [String] {
        var lines: [String] = []
        if below(3) > 0 {
            lines.append("SUMMARY:\(one(of: ["Lunch", "LUNCH\\, late", "Besprechung Zürich", ""]))")
        }
        if below(3) == 0 { lines.append("CATEGORIES:\(one(of: ["work,home", "Work", "a\\,b"]))") }
        if below(4) == 0 { lines.append("STATUS:\(one(of: ["CONFIRMED", "COMPLETED"]))") }
        if below(4) == 0 { lines.append("LOCATION;LANGUAGE=de:Zürich") }
        if below(5) == 0 { lines.append("COMPLETED:20260105T100000Z") }
        if below(5) == 0 { lines.append("BEGIN:VALARM\nTRIGGER:-PT15M\nACTION:AUDIO\nEND:VALARM") }
        return lines
    }

    /// A time range of up to some days in January 2026, or one that has only one end.
    mutating func range() -> TimeRange {
        let start = Int64(1_767_225_600 + below(14 * 24) * 3600 - 2 * 86400)
        let end = start + Int64(1 + below(one(of: [12, 96, 900]))) * 3600
        let form = below(10)
        return TimeRange(
            start: form == 0 ? nil : Instant(secondsSinceEpoch: start),
            end: form == 1 ? nil : Instant(secondsSinceEpoch: end))
    }
}
