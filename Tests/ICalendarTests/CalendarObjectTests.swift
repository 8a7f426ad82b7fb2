import ContentLine
import Foundation
import ICalendar
import Testing

/// Calendars as clients send them, each with what is read from it or why it is refused.
///
/// `UPDATE_CORPUS=1` rewrites the expectations; the difference is what to review.
@Suite("Calendar object resources, RFC 4791 §4.1") struct CalendarObjectTests {
    @Test(arguments: try Corpus.names())
    func corpus(_ name: String) throws {
        let bytes = try Corpus.bytes(name + ".ics")
        let found = Corpus.describe(bytes)
        if ProcessInfo.processInfo.environment["UPDATE_CORPUS"] != nil {
            try Corpus.write(found, to: name + ".expected")
        }
        #expect(found == String(decoding: try Corpus.bytes(name + ".expected"), as: UTF8.self))
    }

    @Test(arguments: try Corpus.names())
    func `what can be read prints back byte for byte`(_ name: String) throws {
        let bytes = try Corpus.bytes(name + ".ics")
        let calendars = Corpus.readable(bytes)
        guard !calendars.isEmpty else { return }
        var printed: [UInt8] = []
        for calendar in calendars { CalendarWriter.append(calendar, to: &printed) }
        #expect(printed == bytes)
    }

    @Test(arguments: try Corpus.names())
    func `what is written anew reads back equal`(_ name: String) throws {
        for calendar in Corpus.readable(try Corpus.bytes(name + ".ics")) {
            let written = CalendarWriter.bytes(of: calendar.rebuilt)
            #expect(try CalendarParser.parse(written) == calendar)
            for line in written.split(separator: 0x0A) { #expect(line.count <= 76) }
        }
    }

    @Test func `a calendar made elsewhere is checked as well`() throws {
        let event = Component(
            name: "VEVENT",
            properties: [
                ContentLine(name: "UID", value: "1"), ContentLine(name: "DTSTART", value: "20260101"),
            ])
        let object = try CalendarObject(Component(name: "VCALENDAR", components: [event]))
        #expect(object.uid == "1")
        #expect(object.master == event)
        #expect(throws: CalendarObjectError.self) { try CalendarObject(event) }
    }

    @Test func `a message has a method and need not have a start`() throws {
        let event = Component(name: "VEVENT", properties: [ContentLine(name: "UID", value: "1")])
        var message = Component(name: "VCALENDAR", components: [event])
        #expect(throws: CalendarObjectError.invalidObject(reason: "a message without METHOD")) {
            try CalendarObject(message: message)
        }
        message.setProperty(ContentLine(name: "METHOD", value: "REPLY"))
        #expect(try CalendarObject(message: message).uid == "1")
        #expect(throws: CalendarObjectError.self) { try CalendarObject(message) }
    }
}

extension Component {
    /// The same component without the bytes it was read from.
    fileprivate var rebuilt: Component {
        Component(
            name: name,
            properties: properties.map {
                ContentLine(group: $0.group, name: $0.name, parameters: $0.parameters, value: $0.value)
            },
            components: components.map(\.rebuilt))
    }
}

/// The files of `Corpus/Objects`.
private enum Corpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus/Objects")

    static func names() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".ics") }.map { String($0.dropLast(4)) }.sorted()
        try #require(names.count > 50)
        return names
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    /// The calendars of a file, none for one that cannot be read.
    static func readable(_ bytes: [UInt8]) -> [Component] {
        do {
            return try CalendarParser.parseAll(bytes)
        } catch {
            return []
        }
    }

    static func describe(_ bytes: [UInt8]) -> String {
        do {
            let object = try CalendarObject(bytes)
            let counts =
                "master: \(object.master == nil ? "no" : "yes"), overrides: \(object.overrides.count)"
            var lines = ["\(object.kind.rawValue) \(object.uid)", counts, ""]
            describe(object.calendar, indent: "", into: &lines)
            return lines.joined(separator: "\n") + "\n"
        } catch {
            let condition =
                switch error {
                case .invalidData: "valid-calendar-data"
                case .invalidObject: "valid-calendar-object-resource"
                case .unsupportedComponent: "supported-calendar-component"
                case .unsupportedData: "supported-calendar-data"
                case .unsupportedScale: "supported-rscale"
                }
            return "\(condition)\n\(error)\n"
        }
    }

    private static func describe(_ component: Component, indent: String, into lines: inout [String]) {
        lines.append("\(indent)\(component.name)")
        for property in component.properties {
            lines.append("\(indent)  \(property.name) = \(visible(property.value))")
            if property.text != property.value {
                lines.append("\(indent)    text: \(visible(property.text))")
            }
            for parameter in property.parameters {
                let values = parameter.values.map { "[\(visible($0))]" }.joined()
                lines.append("\(indent)    \(parameter.name): \(values)")
            }
        }
        for inner in component.components { describe(inner, indent: indent + "  ", into: &lines) }
    }

    private static func visible(_ text: String) -> String {
        String(decoding: text.utf8.flatMap { $0 == 0x0A ? Array("⏎".utf8) : [$0] }, as: UTF8.self)
    }
}
