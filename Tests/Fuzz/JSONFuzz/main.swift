import ContentLine
import FuzzDriver
import ICalendar
import VCard

// What is read prints as what reads the same again; so do calendars and cards by way of their text.
fuzz { bytes in
    if let value = try? JSONParser.parse(bytes) {
        require((try? JSONParser.parse(value.bytes)) == value, "a value reads differently")
    }
    if let calendar = try? JCal.parse(bytes) {
        let text = CalendarWriter.bytes(of: calendar)
        if let again = try? CalendarParser.parse(text) {
            let json = JCal.bytes(of: again)
            require((try? JCal.parse(json)) != nil, "a calendar in JSON does not read")
            _ = XCal.document(of: again)
        }
    }
    if let card = try? JCard.parse(bytes) {
        if let again = try? CardParser.parse(CardWriter.bytes(of: card)) {
            require((try? JCard.parse(JCard.bytes(of: again))) != nil, "a card in JSON does not read")
            _ = XCard.document(of: again)
            _ = again.converted(to: .v3_0)?.converted(to: .v4_0)
        }
    }
}
