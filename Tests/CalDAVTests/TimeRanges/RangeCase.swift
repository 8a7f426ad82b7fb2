import ICalendar
import Index
import Store
import TestSupport
import Testing
import WebDAV

@testable import CalDAV

/// An object, and a time range that it is to match or not.
///
/// Ranges are written `T090000/T100000`: in UTC, on 5 January 2026 unless a day is given, open where nothing stands.
struct RangeCase: Sendable, CustomTestStringConvertible {
    /// What of the RFC is looked at.
    let row: String
    let lines: String
    let range: String
    let isMatch: Bool
    /// What the range stands in, `#` in its place.
    let filter: String

    /// Cases for each range in which an object is, and each in which it is not.
    static func row(
        _ row: String, _ lines: String, within filter: String? = nil, in found: [String], out: [String]
    ) -> [RangeCase] {
        let name = lines.prefix { $0 != "\n" }.dropFirst("BEGIN:".count)
        let filter = filter ?? #"<C:comp-filter name="\#(name)">#</C:comp-filter>"#
        return found.map { RangeCase(row: row, lines: lines, range: $0, isMatch: true, filter: filter) }
            + out.map { RangeCase(row: row, lines: lines, range: $0, isMatch: false, filter: filter) }
    }

    var testDescription: String { "\(row), \(range)\(isMatch ? "" : " not")" }

    private func attribute(_ name: String, _ time: Substring) -> String {
        guard !time.isEmpty else { return "" }
        return #" \#(name)="\#(time.hasPrefix("T") ? "20260105" : "")\#(time)Z""#
    }

    /// The content of `CALDAV:filter`.
    private var content: String {
        let ends = range.split(separator: "/", omittingEmptySubsequences: false)
        let element = "<C:time-range\(attribute("start", ends[0]))\(attribute("end", ends[1]))/>"
        let inside = filter.split(separator: "#").joined(separator: element)
        return #"<C:comp-filter name="VCALENDAR">\#(inside)</C:comp-filter>"#
    }

    /// Asks the object itself, its record, and a calendar with it; `zone` is that of floating times.
    func check(zone: String? = nil, _ location: SourceLocation = #_sourceLocation) throws {
        let zones = ZoneResolver { _ in nil }
        if let zone { zones.defaultZone = try #require(zones.definedZone(in: try calendar(zone))) }
        let parsed = try calendar(lines)
        let filter = try CalDAVTests.filter(content)
        #expect(
            filter.matches(ObjectTimes(parsed, zones: zones)) == isMatch, "by itself",
            sourceLocation: location)
        let record = ObjectRecord.bytes(of: parsed)
        let answer = filter.answer(on: record.span)
        #expect(answer == .unknown || answer == (isMatch ? .yes : .no), "by record", sourceLocation: location)
        let client = try CalendarClient()
        let path = try #require(StorePath(below: nil, "/ana/calendars/work"))
        let author = Author(name: "Ana", email: "ana@example.com")
        let name = try #require(ItemName("a.ics"))
        _ = try client.store.collection(at: path).update(by: author) { _ in
            UpdatePlan(writes: [(name: name, bytes: Array(object(lines).utf8))], message: "Fill")
        }
        if let zone { try client.store.update(metadata: [.timezone: object(zone)], of: path, by: author) }
        let found = try client.query(content)
        found.check(207, location)
        #expect(found.body.contains("a.ics") == isMatch, "by a query", sourceLocation: location)
    }
}

extension RangeCase {
    /// Expands the object in the range, where that has two ends: it then has an instance in it, or none (RFC 4791 §9.6.5).
    func checkExpansion(zone: String? = nil) throws {
        let ends = range.split(separator: "/")
        guard ends.count == 2 else { return }
        let element =
            "<C:calendar-data><C:expand\(attribute("start", ends[0]))\(attribute("end", ends[1]))/></C:calendar-data>"
        let request = try CalendarDataRequest(try xml(element), CalendarServices { _ in nil })
        let zones = ZoneResolver { _ in nil }
        if let zone { zones.defaultZone = try #require(zones.definedZone(in: try calendar(zone))) }
        let expanded = try request.apply(to: try calendar(lines), zones: zones)
        #expect(expanded.components.isEmpty != isMatch)
        for name in ["RRULE", "RDATE", "EXDATE"] {
            #expect(expanded.components.allSatisfy { $0.property(name) == nil })
        }
        #expect(!expanded.components.flatMap(\.properties).contains { $0.tzid != nil })
    }
}
