import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV

/// How this program calls itself in the calendars it makes (RFC 5545 §3.7.3).
let productIdentifier = "-//Artemisios//Artemisios//EN"

extension CalendarServices {
    /// All objects of a calendar as one iCalendar object, for those who subscribe to it or take it away.
    ///
    /// Each time zone is written once. What cannot be read is left out.
    func export(
        _ container: ContainerView, as format: CalendarFormat, _ context: Context
    ) throws(DAVError) -> Export {
        let snapshot = try container.snapshot()
        let properties = Self.exportProperties(container.metadata)
        return Export(contentType: format.mediaType + "; charset=utf-8") { (emit) throws(StreamError) in
            try emit(format.exportStart(properties))
            var zones = ExportedZones()
            var isFirst = true
            for item in snapshot.items {
                guard let calendar = self.storedObject(item, in: container, context)?.calendar else {
                    continue
                }
                var bytes: [UInt8] = []
                for component in zones.components(of: self.exported(calendar, context)) {
                    format.append(component, isFirst: isFirst, to: &bytes)
                    isFirst = false
                }
                if !bytes.isEmpty { try emit(bytes) }
            }
            try emit(format.exportEnd)
        }
    }

    /// RFC 7986 §5, and what was used before it.
    private static func exportProperties(_ metadata: Metadata) -> [ContentLine] {
        var properties = [
            ContentLine(name: "VERSION", value: "2.0"), ContentLine(name: "PRODID", value: productIdentifier),
        ]
        if let name = metadata[MetadataKey("displayname")] {
            properties.append(ContentLine(name: "NAME", text: name))
            properties.append(ContentLine(name: "X-WR-CALNAME", text: name))
        }
        if let text = metadata[.description], !text.isEmpty {
            properties.append(ContentLine(name: "DESCRIPTION", text: text))
            properties.append(ContentLine(name: "X-WR-CALDESC", text: text))
        }
        if let color = metadata[.color]?.trimmingBlanks, !color.isEmpty {
            // RFC 7986 §5.9 has names of colours only.
            let isNumber = color.utf8.first == UInt8(ascii: "#")
            properties.append(
                ContentLine(name: isNumber ? "X-APPLE-CALENDAR-COLOR" : "COLOR", text: color))
        }
        return properties
    }
}

extension CalendarFormat {
    fileprivate func exportStart(_ properties: [ContentLine]) -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .text:
            ContentLine(name: "BEGIN", value: "VCALENDAR").append(to: &bytes)
            for property in properties { property.append(to: &bytes) }
        case .json: JCal.appendStart(of: "vcalendar", properties, to: &bytes)
        case .xml:
            bytes = XCal.documentStart
            XCal.appendStart(of: "vcalendar", properties, to: &bytes)
            bytes += Array("<components>".utf8)
        }
        return bytes
    }

    fileprivate func append(_ component: Component, isFirst: Bool, to bytes: inout [UInt8]) {
        switch self {
        case .text: CalendarWriter.append(component, to: &bytes)
        case .json:
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            JCal.append(component, to: &bytes)
        case .xml: XCal.append(component, to: &bytes)
        }
    }

    fileprivate var exportEnd: [UInt8] {
        switch self {
        case .text: return Array("END:VCALENDAR\r\n".utf8)
        case .json:
            var bytes: [UInt8] = []
            JCal.appendEnd(to: &bytes)
            return bytes
        case .xml:
            var bytes = Array("</components>".utf8)
            XCal.appendEnd(of: "vcalendar", to: &bytes)
            return bytes + XCal.documentEnd
        }
    }
}
