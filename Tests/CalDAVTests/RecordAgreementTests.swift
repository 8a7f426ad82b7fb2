import ICalendar
import Index
import Store
import TestSupport
import Testing
import WebDAV

@testable import CalDAV

/// What is answered by records must be what the objects themselves answer.
@Suite("Records against objects") struct RecordAgreementTests {
    static let zone = """
        BEGIN:VTIMEZONE
        TZID:Far
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:-0930
        TZOFFSETTO:-0930
        END:STANDARD
        END:VTIMEZONE
        """

    /// A calendar of objects that look random, some of which cannot be read, whose floating times are in zone `Far`.
    private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
        var objects = SeededObjects(state: 7)
        return try (0..<240).map { number in
            let name = "e\(number).ics"
            if number % 50 == 7 { return (name, Array("BEGIN:VCALENDAR\r\nnonsense".utf8)) }
            // Without the definition, the zone of the object is unknown.
            let zone = objects.below(3) == 0 ? "" : Self.zone + "\n"
            _ = try calendar(zone + "BEGIN:VEVENT\nUID:1\nEND:VEVENT")
            return (name, Array(object(zone + objects.component()).utf8))
        }
    }

    private static let conditions = [
        "", #"<C:prop-filter name="SUMMARY"><C:text-match>lunch</C:text-match></C:prop-filter>"#,
        #"<C:prop-filter name="SUMMARY"><C:text-match negate-condition="yes">lunch</C:text-match></C:prop-filter>"#,
        #"<C:prop-filter name="SUMMARY"><C:text-match collation="i;octet">Lunch</C:text-match></C:prop-filter>"#,
        #"<C:prop-filter name="SUMMARY"><C:text-match collation="i;unicode-casemap">ZÜRICH</C:text-match></C:prop-filter>"#,
        #"<C:prop-filter name="CATEGORIES"><C:text-match>work</C:text-match></C:prop-filter>"#,
        #"<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>"#,
        #"<C:prop-filter name="status"/>"#,
        #"<C:prop-filter name="LOCATION"><C:param-filter name="LANGUAGE"/></C:prop-filter>"#,
        #"<C:prop-filter name="DTSTART"><C:time-range start="20260104T000000Z"/></C:prop-filter>"#,
        #"<C:prop-filter name="DTEND"><C:time-range start="20260104T000000Z"/></C:prop-filter>"#,
        #"<C:comp-filter name="VALARM"/>"#,
        #"<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>"#,
    ]

    private static func filters() -> [String] {
        var numbers = SeededObjects(state: 99)
        return (0..<80).map { number in
            let range = numbers.range()
            let start = range.start.map { #"start="\#($0)""# } ?? ""
            let end = range.end.map { #"end="\#($0)""# } ?? ""
            let times = numbers.below(4) == 0 ? "" : "<C:time-range \(start) \(end)/>"
            let name = numbers.one(of: ["VEVENT", "VEVENT", "VTODO", "VTIMEZONE"])
            let condition = conditions[number % conditions.count]
            if name == "VTIMEZONE" {
                return #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTIMEZONE"/></C:comp-filter>"#
            }
            let also = numbers.below(3) == 0 ? numbers.one(of: conditions) : ""
            return
                #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="\#(name)">\#(times)\#(condition)\#(also)"#
                + "</C:comp-filter></C:comp-filter>"
        }
    }

    /// What the objects answer, each read for it.
    private static func expected(
        _ filter: CompFilter, _ corpus: [(name: String, bytes: [UInt8])], _ zones: ZoneResolver
    ) -> [String] {
        corpus.compactMap { name, bytes in
            guard let calendar = try? CalendarParser.parse(bytes) else { return nil }
            return filter.matches(ObjectTimes(calendar, zones: zones)) ? name : nil
        }.sorted()
    }

    private static func fill(_ client: CalendarClient, _ corpus: [(name: String, bytes: [UInt8])]) throws {
        let path = try #require(StorePath(below: nil, "/ana/calendars/work"))
        let collection = try client.store.collection(at: path)
        _ = try collection.update(by: Author(name: "Ana", email: "ana@example.com")) { _ in
            UpdatePlan(
                writes: corpus.compactMap { file in ItemName(file.name).map { ($0, file.bytes) } },
                message: "Fill")
        }
        try client.store.update(
            metadata: [.timezone: object(zone)], of: path,
            by: Author(name: "Ana", email: "ana@example.com"))
    }

    private static func names(in answer: CalendarClient.Answer) -> [String] {
        answer.body.split(separator: "/calendars/work/").dropFirst().map { part in
            String(part.prefix { $0 != "<" })
        }.sorted()
    }

    @Test func `queries answer as the objects do: alone, filling an index, from it, and after changes`()
        throws
    {
        let folder = try TemporaryFolder()
        let index = RecordIndex(directory: folder.path("own/index"), options: RecordIndexOptions { _ in })
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone)))
        var corpus = try Self.corpus()
        let clients = [
            try CalendarClient(), try CalendarClient(index: index), try CalendarClient(index: index),
        ]
        for client in clients { try Self.fill(client, corpus) }
        var found = 0
        for round in 0..<2 {
            for text in Self.filters() {
                let expected = Self.expected(try filter(text), corpus, zones)
                found += expected.count
                for (number, client) in clients.enumerated() {
                    let answer = try client.query(text)
                    try #require(
                        Self.names(in: answer) == expected, "round \(round), client \(number): \(text)")
                }
            }
            // The next round: some objects change, so views are moved on.
            for number in stride(from: 0, to: corpus.count, by: 11) {
                corpus[number].bytes = corpus[(number * 7 + 3) % corpus.count].bytes
            }
            let changed = stride(from: 0, to: corpus.count, by: 11).map { corpus[$0] }
            for client in clients { try Self.fill(client, changed) }
            index.discard()
        }
        #expect(found > 2000)
    }

    @Test func `of the questions that are asked most, records leave few open`() throws {
        let corpus = try Self.corpus().compactMap { try? CalendarParser.parse($0.bytes) }
        let records = corpus.map { ObjectRecord.bytes(of: $0) }
        let month = try eventFilter(#"<C:time-range start="20260201T000000Z" end="20260301T000000Z"/>"#)
        let text = try eventFilter(
            #"<C:prop-filter name="SUMMARY"><C:text-match>lunch</C:text-match></C:prop-filter>"#)
        #expect(records.count { month.answer(on: $0.span) == .unknown } < records.count / 6)
        #expect(!records.contains { text.answer(on: $0.span) == .unknown })
    }
}
