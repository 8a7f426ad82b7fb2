import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV

/// How this program calls itself in the calendars it makes (RFC 5545 §3.7.3).
let productIdentifier = "-//Artemisios//Artemisios//EN"

extension CalendarServices {
    /// All objects of a calendar as one iCalendar object, for those who subscribe to it.
    ///
    /// Of time zones with the same TZID only the first is written. What cannot be read is left out.
    func export(_ container: ContainerView, _ context: Context) throws(DAVError) -> Export {
        let snapshot = try container.snapshot()
        let name = container.metadata[MetadataKey("displayname")]
        return Export(contentType: "text/calendar; charset=utf-8") { (emit) throws(StreamError) in
            try emit(Self.exportStart(name: name))
            var zones: Set<[UInt8]> = []
            for item in snapshot.items {
                guard let calendar = self.storedObject(item, in: container, context)?.calendar else {
                    continue
                }
                var bytes: [UInt8] = []
                for component in calendar.components {
                    if component.isNamed("VTIMEZONE"), let tzid = component.text("TZID") {
                        guard zones.insert(Array(tzid.utf8)).inserted else { continue }
                    }
                    CalendarWriter.append(component, to: &bytes)
                }
                if !bytes.isEmpty { try emit(bytes) }
            }
            try emit(Array("END:VCALENDAR\r\n".utf8))
        }
    }

    private static func exportStart(name: String?) -> [UInt8] {
        var bytes = Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:\(productIdentifier)\r\n".utf8)
        if let name {
            // RFC 7986 §5.1, and what was used before it.
            ContentLine(name: "NAME", text: name).append(to: &bytes)
            ContentLine(name: "X-WR-CALNAME", text: name).append(to: &bytes)
        }
        return bytes
    }
}
