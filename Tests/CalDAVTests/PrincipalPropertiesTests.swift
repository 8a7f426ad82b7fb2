import HTTP
import Store
import TestSupport
import Testing

@testable import CalDAV

@Suite("Calendars of principals, RFC 4791 §6.2 and RFC 6638") struct PrincipalPropertiesTests {
    private func values(
        _ properties: String, of path: String = "/ana/", _ settings: MetadataChanges
    ) throws -> String {
        let client = try CalendarClient()
        let ana = try #require(StorePath(below: nil, "/ana"))
        let author = Author(name: "Ana", email: "ana@example.com")
        try client.store.makeCollection(
            at: try #require(StorePath(below: nil, "/ana/inbox")), metadata: [.type: "schedule-inbox"],
            by: author)
        try client.send("MKCALENDAR", "/ana/calendars/other/").check(201)
        try client.store.update(metadata: settings, of: ana, by: author)
        let answer = try client.send(
            "PROPFIND", path, ["Depth": "0"],
            """
            <D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
            xmlns:S="http://calendarserver.org/ns/"><D:prop>\(properties)</D:prop></D:propfind>
            """)
        answer.check(207)
        return answer.body
    }

    @Test func `homes are where the settings say, below the principal or from the root`() throws {
        let body = try values(
            "<C:calendar-home-set/>", [.calendarHomeSet: "work, shared/team cal ,/public, ../up"])
        #expect(
            body.contains(
                "<D:href>/ana/work/</D:href><D:href>/ana/shared/team%20cal/</D:href><D:href>/public/</D:href></C:"
            ))
    }

    @Test func `addresses are those that are set, and the principal itself`() throws {
        let body = try values(
            "<C:calendar-user-address-set/>",
            [.calendarUserAddresses: "mailto:ana@example.com,mailto:a@example.org"])
        #expect(
            body.contains(
                "<D:href>mailto:ana@example.com</D:href><D:href>mailto:a@example.org</D:href><D:href>/ana/</D:href>"
            ))
    }

    @Test func `the default calendar is the one that is set while it is there`() throws {
        let name = "<C:schedule-default-calendar-URL/>"
        let first = try values(name, of: "/ana/inbox/", [:])
        #expect(first.contains("<D:href>/ana/calendars/other/</D:href>"))
        let set = try values(name, of: "/ana/inbox/", [.defaultCalendar: "/ana/calendars/work/"])
        #expect(set.contains("<D:href>/ana/calendars/work/</D:href>"))
        let gone = try values(name, of: "/ana/inbox/", [.defaultCalendar: "/ana/calendars/gone/"])
        #expect(gone.contains("<D:href>/ana/calendars/other/</D:href>"))
    }
}
