import ContentLine
import FuzzDriver
import ICalendar

// What is read prints as it was, byte for byte; values that are read print as what reads the same again.
fuzz { bytes in
    guard let calendar = try? CalendarParser.parse(bytes) else { return }
    require(CalendarWriter.bytes(of: calendar) == bytes, "a calendar prints differently")
    checkValues(of: calendar)
    _ = try? CalendarObject(bytes)
}

func checkValues(of component: Component) {
    for property in component.properties where property.isNamed("RRULE") {
        guard let rule = try? RecurrenceRule(property) else { continue }
        let printed = rule.description
        guard let again = try? RecurrenceRule(printed.utf8) else {
            return require(false, "a rule does not read again: \(printed)")
        }
        require(again == rule, "a rule reads differently: \(printed)")
    }
    for child in component.components { checkValues(of: child) }
}
