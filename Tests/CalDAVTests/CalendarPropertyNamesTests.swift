import HTTP
import Testing
import WebDAV
import XML

@testable import CalDAV

@Suite("Which properties calendars and their objects tell of, RFC 4791 §5.2, §7")
struct CalendarPropertyNamesTests {
    /// The properties that an answer has.
    private func properties(_ target: String, _ request: String) throws -> [XMLElement] {
        let client = try CalendarClient()
        try client.put("a.ics", "BEGIN:VEVENT\nUID:1\nDTSTART:20260105T100000Z\nEND:VEVENT").check(201)
        let answer = try client.send(
            "PROPFIND", target, ["Depth": "0"], #"<propfind xmlns="DAV:">\#(request)</propfind>"#)
        answer.check(207)
        let response = try #require(XMLReader.parse(Array(answer.body.utf8)).first(.dav("response")))
        return response.all(.dav("propstat")).flatMap { $0.first(.prop)?.elements ?? [] }
    }

    @Test(arguments: ["/ana/calendars/work/", "/ana/calendars/work/a.ics"])
    func `none of CalDAV is in allprop`(_ target: String) throws {
        let names = try properties(target, "<allprop/>").map(\.name)
        #expect(names.contains(.dav("getetag")))
        #expect(!names.contains { $0.namespace == .calDAV })
    }

    @Test func `a calendar has those that tell what it takes, and no calendar-data`() throws {
        let names = try properties("/ana/calendars/work/", "<propname/>").map(\.name)
        for name in [
            "supported-calendar-component-set", "supported-calendar-data", "max-resource-size",
            "min-date-time",
            "max-date-time", "max-instances", "supported-collation-set",
        ] {
            #expect(names.contains(.calDAV(name)), "\(name)")
        }
        #expect(!names.contains(.calDAV("calendar-data")))
    }

    @Test func `the reports are advertised on calendars and objects, and so are the collations`() throws {
        let asked =
            #"<prop><supported-report-set/><C:supported-collation-set xmlns:C="urn:ietf:params:xml:ns:caldav"/></prop>"#
        for (target, reports) in [
            ("/ana/calendars/work/", ["calendar-query", "calendar-multiget", "free-busy-query"]),
            ("/ana/calendars/work/a.ics", ["calendar-query", "calendar-multiget"]),
        ] {
            let found = try properties(target, asked)
            let names = found.first { $0.name == .dav("supported-report-set") }?.elements.compactMap {
                $0.first(.dav("report"))?.elements.first?.name
            }
            #expect(Set(reports.map(ElementName.calDAV)).isSubset(of: names ?? []), "\(target)")
            let collations = found.first { $0.name == .calDAV("supported-collation-set") }?.elements.map(
                \.text)
            #expect(collations == ["i;ascii-casemap", "i;octet", "i;unicode-casemap"], "\(target)")
        }
    }
}
