import FuzzDriver
import ICalendar

// What is read prints as it was, byte for byte; values that are read print as what reads the same again; and the
// instances in a range are those of a wider range that overlap it.
fuzz { bytes in
    if bytes.starts(with: "TZif".utf8) { checkZone(bytes) }
    guard let calendar = try? CalendarParser.parse(bytes) else { return }
    require(CalendarWriter.bytes(of: calendar) == bytes, "a calendar prints differently")
    checkValues(of: calendar)
    if (try? CalendarObject(bytes)) != nil { checkInstances(of: calendar) }
}
