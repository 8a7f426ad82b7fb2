import Foundation
import ICalendar
import Index
import Store
import TestSupport
import Testing
import WebDAV
import WireTestSupport

@testable import CalDAV

/// Queries that look random, answered from records, by reading the objects, and by Python's icalendar and dateutil.
@Suite("Queries against an oracle") struct OracleTests {
    /// A generated calendar, and what is asked of it.
    private struct Calendar {
        var objects: [(name: String, bytes: [UInt8])] = []
        /// The content of a filter, and the names that are right, nil where the oracle does not know.
        var queries: [(filter: String, names: [String]?)] = []
    }

    private static let zone = """
        BEGIN:VTIMEZONE
        TZID:America/New_York
        BEGIN:STANDARD
        DTSTART:19701101T020000
        RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:19700308T020000
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        END:DAYLIGHT
        END:VTIMEZONE
        """

    private static func calendars(_ lines: [Substring]) throws -> [Calendar] {
        var calendars: [Calendar] = []
        for line in lines {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            try #require(columns.count == 4)
            let number = try #require(Int(columns[1]))
            if number == calendars.count { calendars.append(Calendar()) }
            if columns[0] == "object" {
                let bytes = try #require(Data(base64Encoded: String(columns[3])))
                calendars[number].objects.append((String(columns[2]), [UInt8](bytes)))
            } else {
                let names = columns[3].split(separator: ",").map(String.init)
                calendars[number].queries.append((String(columns[2]), columns[3] == "-" ? nil : names))
            }
        }
        return calendars
    }

    private static func client(_ calendar: Calendar, index: RecordIndex?) throws -> CalendarClient {
        let client = try CalendarClient(index: index)
        let path = try #require(StorePath(below: nil, "/ana/calendars/work"))
        let author = Author(name: "Ana", email: "ana@example.com")
        _ = try client.store.collection(at: path).update(by: author) { _ in
            UpdatePlan(
                writes: calendar.objects.compactMap { file in ItemName(file.name).map { ($0, file.bytes) } },
                message: "Fill")
        }
        try client.store.update(metadata: [.timezone: object(zone)], of: path, by: author)
        return client
    }

    private static func names(in answer: CalendarClient.Answer) -> [String] {
        answer.body.split(separator: "/calendars/work/").dropFirst().map { part in
            String(part.prefix { $0 != "<" })
        }.sorted()
    }

    @Test func `5000 queries are answered alike from records, from the objects, and by the oracle`() throws {
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone)))
        var (asked, known, found) = (0, 0, 0)
        // RFC 4791: the seed.
        for calendar in try Self.calendars(
            PythonProgram.lines(of: "Oracle/queries.py", ["4791", "25", "40", "200"]))
        {
            let folder = try TemporaryFolder()
            let index = RecordIndex(directory: folder.path("own/index"), options: RecordIndexOptions { _ in })
            let indexed = try Self.client(calendar, index: index)
            let objects = try calendar.objects.map { ($0.name, try CalendarParser.parse($0.bytes)) }
            for (text, right) in calendar.queries {
                let filter = try filter(text)
                let plain = objects.filter { filter.matches(ObjectTimes($0.1, zones: zones)) }.map(\.0)
                    .sorted()
                let answered = Self.names(in: try indexed.query(text))
                #expect(answered == plain, "records and objects: \(text)")
                asked += 1
                guard let right else { continue }
                #expect(plain == right, "objects and oracle, calendar \(asked / 200): \(text)")
                known += 1
                found += right.count
            }
        }
        #expect(asked == 5000)
        #expect(known > 3000)
        #expect(found > 3000)
    }
}
