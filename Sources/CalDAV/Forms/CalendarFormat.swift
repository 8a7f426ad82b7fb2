import ContentLine
import HTTP
import ICalendar
import WebDAV

/// A form of calendar objects: the text that is stored, or its image in JSON or XML.
enum CalendarFormat: CaseIterable {
    /// iCalendar (RFC 5545).
    case text
    /// jCal (RFC 7265).
    case json
    /// xCal (RFC 6321).
    case xml

    /// The media type.
    var mediaType: String {
        switch self {
        case .text: "text/calendar"
        case .json: JCal.mediaType
        case .xml: XCal.mediaType
        }
    }

    /// The form of a media type, in any case and with whichever parameters; nil for others.
    init?(mediaType: String) {
        let base = mediaType.utf8.split(separator: UInt8(ascii: ";")).first ?? []
        let name = String(decoding: base, as: UTF8.self).trimmingBlanks
        guard let known = Self.allCases.first(where: { name.isSameName(as: $0.mediaType) }) else {
            return nil
        }
        self = known
    }

    /// The bytes of a calendar.
    func bytes(of calendar: Component) -> [UInt8] {
        switch self {
        case .text: CalendarWriter.bytes(of: calendar)
        case .json: JCal.bytes(of: calendar)
        case .xml: XCal.document(of: calendar)
        }
    }
}

extension CalendarServices {
    /// The forms in which calendar objects can be had besides the stored one.
    func mediaForms() -> MediaForms {
        MediaForms([
            MediaForm(
                JCal.mediaType, label: "jcal", convert: { Self.convert($0, to: .json) },
                read: { (bytes) throws(DAVError) in try Self.text(ofJSON: bytes) },
                export: { (resource, context) throws(DAVError) in
                    try self.export(resource.container, as: .json, context)
                }),
            MediaForm(
                XCal.mediaType, label: "xcal", convert: { Self.convert($0, to: .xml) },
                read: { (bytes) throws(DAVError) in try Self.text(ofXML: bytes) },
                export: { (resource, context) throws(DAVError) in
                    try self.export(resource.container, as: .xml, context)
                }),
        ])
    }

    private static func convert(_ bytes: [UInt8], to format: CalendarFormat) -> [UInt8]? {
        do {
            return format.bytes(of: try CalendarParser.parse(bytes))
        } catch {
            return nil
        }
    }

    private static func text(ofJSON bytes: [UInt8]) throws(DAVError) -> [UInt8] {
        do {
            return CalendarWriter.bytes(of: try JCal.parse(bytes))
        } catch {
            throw DAVError(
                .forbidden, violated: .calDAV("valid-calendar-data"),
                message: "The jCal cannot be read: \(error).")
        }
    }
}
