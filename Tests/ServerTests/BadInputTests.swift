import Foundation
import HTTP
import TestSupport
import Testing
import XML

/// A request that must be refused, and how.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let what: String
    let method: String
    let target: String
    var fields: [String: String] = [:]
    var body = ""
    let status: Int
    /// The element in `DAV:error`, in Clark notation; nil when there is none.
    var condition: String?

    var testDescription: String { what }
}

private let calendar = "/user/calendars/calendar"
private let addressbook = "/user/contacts/addressbook"
private let caldav = "{urn:ietf:params:xml:ns:caldav}"
private let carddav = "{urn:ietf:params:xml:ns:carddav}"

private func event(_ uid: String, _ lines: String = "DTSTART:20260105T100000Z") -> String {
    """
    BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:\(uid)\r\n\
    DTSTAMP:20260101T000000Z\r\n\(lines)\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n
    """
}

private let badRequests: [BadRequest] = [
    // XML that is not what it should be.
    BadRequest(
        what: "truncated XML", method: "PROPFIND", target: calendar + "/", fields: ["Depth": "0"],
        body: "<propfind xmlns=\"DAV:\"><prop>", status: 400),
    BadRequest(
        what: "a DOCTYPE", method: "PROPFIND", target: calendar + "/", fields: ["Depth": "0"],
        body: "<!DOCTYPE x [<!ENTITY a \"b\">]><propfind xmlns=\"DAV:\"><allprop/></propfind>", status: 400,
        condition: "{DAV:}no-external-entities"),
    BadRequest(
        what: "a DOCTYPE in a REPORT", method: "REPORT", target: calendar + "/",
        body: "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>", status: 400,
        condition: "{DAV:}no-external-entities"),
    BadRequest(
        what: "XML that is nested too deeply", method: "PROPPATCH", target: calendar + "/",
        body: String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100), status: 413),
    BadRequest(
        what: "an undeclared prefix", method: "PROPFIND", target: calendar + "/", fields: ["Depth": "0"],
        body: "<D:propfind><D:prop/></D:propfind>", status: 400),
    BadRequest(
        what: "XML said to be JSON", method: "PROPFIND", target: calendar + "/",
        fields: ["Depth": "0", "Content-Type": "application/json"],
        body: "<propfind xmlns=\"DAV:\"><allprop/></propfind>", status: 415),
    BadRequest(
        what: "another root element in PROPFIND", method: "PROPFIND", target: calendar + "/",
        fields: ["Depth": "0"], body: "<prop xmlns=\"DAV:\"/>", status: 400),
    BadRequest(what: "a REPORT without a body", method: "REPORT", target: calendar + "/", status: 400),
    BadRequest(
        what: "an unknown report", method: "REPORT", target: calendar + "/", body: "<x xmlns=\"urn:x\"/>",
        status: 403, condition: "{DAV:}supported-report"),
    BadRequest(
        what: "a report of calendars asked of an address book", method: "REPORT", target: addressbook + "/",
        body: "<calendar-query xmlns=\"urn:ietf:params:xml:ns:caldav\"/>", status: 403,
        condition: "{DAV:}supported-report"),
    BadRequest(
        what: "a Depth that is none", method: "PROPFIND", target: calendar + "/", fields: ["Depth": "two"],
        status: 400),
    BadRequest(
        what: "an empty PROPPATCH", method: "PROPPATCH", target: calendar + "/",
        body: "<propertyupdate xmlns=\"DAV:\"/>", status: 400),

    // Objects that are not what their collection takes.
    BadRequest(
        what: "junk in x.ics", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "application/octet-stream"], body: "junk", status: 403,
        condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "junk in x.ics, said to be a calendar", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"], body: "junk", status: 403,
        condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "an empty body", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"], status: 403, condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "a calendar cut in the middle", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"], body: String(event("x").prefix(90)), status: 403,
        condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "text in a calendar", method: "PUT", target: calendar + "/x.txt",
        fields: ["Content-Type": "text/plain"], body: "hello", status: 403,
        condition: caldav + "supported-calendar-data"),
    BadRequest(
        what: "a card in a calendar", method: "PUT", target: calendar + "/x.vcf",
        fields: ["Content-Type": "text/vcard"],
        body: "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:x\r\nFN:X\r\nN:X;;;;\r\nEND:VCARD\r\n", status: 403,
        condition: caldav + "supported-calendar-data"),
    BadRequest(
        what: "an event in an address book", method: "PUT", target: addressbook + "/x.ics",
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 403,
        condition: carddav + "supported-address-data"),
    BadRequest(
        what: "junk in an address book", method: "PUT", target: addressbook + "/x.vcf",
        fields: ["Content-Type": "text/vcard"], body: "BEGIN:VCARD", status: 403,
        condition: carddav + "valid-address-data"),
    BadRequest(
        what: "an event without a calendar around it", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"],
        body: "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20260105T100000Z\r\nEND:VEVENT\r\n", status: 403,
        condition: caldav + "valid-calendar-object-resource"),
    BadRequest(
        what: "an event without a UID", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"],
        body: event("x").replacingOccurrences(of: "UID:x\r\n", with: ""), status: 403,
        condition: caldav + "valid-calendar-object-resource"),
    BadRequest(
        what: "a METHOD", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"],
        body: event("x").replacingOccurrences(
            of: "VERSION:2.0\r\n", with: "VERSION:2.0\r\nMETHOD:REQUEST\r\n"),
        status: 403, condition: caldav + "valid-calendar-object-resource"),
    BadRequest(
        what: "a rule that is none", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar"],
        body: event("x", "DTSTART:20260105T100000Z\r\nRRULE:FREQ=SOMETIMES"), status: 403,
        condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "bytes that are not UTF-8 cannot be made here, but a NUL can", method: "PUT",
        target: calendar + "/x.ics", fields: ["Content-Type": "text/calendar"],
        body: event("x", "DTSTART:20260105T100000Z\r\nSUMMARY:a\0b"), status: 403,
        condition: caldav + "valid-calendar-data"),
    BadRequest(
        what: "a UID that is taken", method: "PUT", target: calendar + "/other.ics",
        fields: ["Content-Type": "text/calendar"], body: event("taken"), status: 403,
        condition: caldav + "no-uid-conflict"),
    BadRequest(
        what: "another UID for an object", method: "PUT", target: calendar + "/taken.ics",
        fields: ["Content-Type": "text/calendar"], body: event("another"), status: 403,
        condition: caldav + "no-uid-conflict"),
    BadRequest(
        what: "a part of an object", method: "PUT", target: calendar + "/x.ics",
        fields: ["Content-Type": "text/calendar", "Content-Range": "bytes 0-9/100"], body: event("x"),
        status: 400),

    // Places where nothing may be.
    BadRequest(
        what: "PUT over a collection", method: "PUT", target: calendar + "/",
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 405),
    BadRequest(
        what: "PUT over a collection, without the slash", method: "PUT", target: calendar,
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 405),
    BadRequest(
        what: "PUT where the parent is missing", method: "PUT", target: "/user/calendars/absent/x.ics",
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 409),
    BadRequest(
        what: "PUT into a directory that is no collection", method: "PUT", target: "/user/x.ics",
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 403),
    BadRequest(
        what: "`..` in a path", method: "PUT", target: calendar + "/../../../x.ics", body: event("x"),
        status: 400),
    BadRequest(
        what: "an encoded `..` in a path", method: "MKCOL", target: calendar + "/%2E%2e/%2e%2e/x", status: 400
    ),
    BadRequest(
        what: "`%2F` in a name", method: "PUT", target: calendar + "/..%2F..%2Fx.ics",
        fields: ["Content-Type": "text/calendar"], body: event("x"), status: 404),
    BadRequest(what: "a broken escape", method: "GET", target: calendar + "/%zz", status: 400),
    BadRequest(what: "a NUL in a name", method: "GET", target: calendar + "/a%00b", status: 400),
    BadRequest(what: "a name in Latin-1", method: "GET", target: calendar + "/%E4.ics", status: 400),
    BadRequest(what: "the settings", method: "GET", target: calendar + "/.xandikos", status: 404),
    BadRequest(
        what: "writing the settings", method: "PUT", target: calendar + "/.xandikos", body: "[DEFAULT]",
        status: 404),
    BadRequest(what: "the repository", method: "GET", target: calendar + "/.git/config", status: 404),
    BadRequest(
        what: "the repository as a collection", method: "PROPFIND", target: calendar + "/.git/",
        fields: ["Depth": "1"], status: 404),
    BadRequest(
        what: "the trash", method: "PROPFIND", target: "/.artemisios/", fields: ["Depth": "1"], status: 404),
    BadRequest(what: "a hidden collection", method: "MKCOL", target: "/user/.hidden/", status: 403),
    BadRequest(
        what: "a collection in a calendar", method: "MKCOL", target: calendar + "/inner/", status: 403,
        condition: caldav + "calendar-collection-location-ok"),
    BadRequest(
        what: "a calendar over a calendar", method: "MKCALENDAR", target: calendar + "/", status: 403,
        condition: "{DAV:}resource-must-be-null"),
    BadRequest(
        what: "a calendar whose parent is missing", method: "MKCALENDAR", target: "/user/absent/new/",
        status: 409),
    BadRequest(what: "deleting the root", method: "DELETE", target: "/", status: 403),
    BadRequest(what: "deleting the principal", method: "DELETE", target: "/user/", status: 403),
    BadRequest(
        what: "deleting a part of a collection", method: "DELETE", target: calendar + "/",
        fields: ["Depth": "0"], status: 400),
    BadRequest(
        what: "deleting what is not there", method: "DELETE", target: calendar + "/absent.ics", status: 404),

    // Destinations.
    BadRequest(
        what: "Destination: /", method: "MOVE", target: calendar + "/", fields: ["Destination": "/"],
        status: 403),
    BadRequest(
        what: "an object to /", method: "COPY", target: calendar + "/taken.ics",
        fields: ["Destination": "/"], status: 403),
    BadRequest(
        what: "the principal to elsewhere", method: "MOVE", target: "/user/",
        fields: ["Destination": "/elsewhere/"], status: 403),
    BadRequest(
        what: "`..` in Destination", method: "COPY", target: calendar + "/taken.ics",
        fields: ["Destination": calendar + "/../../../x.ics"], status: 400),
    BadRequest(what: "no Destination", method: "COPY", target: calendar + "/taken.ics", status: 400),
    BadRequest(
        what: "a collection into itself", method: "COPY", target: "/user/calendars/",
        fields: ["Destination": "/user/calendars/calendar/inner/"], status: 403),
    BadRequest(
        what: "a collection over its parent", method: "MOVE", target: calendar + "/",
        fields: ["Destination": "/user/calendars/"], status: 403),
    BadRequest(
        what: "an object over a collection", method: "MOVE", target: calendar + "/taken.ics",
        fields: ["Destination": "/user/contacts/"], status: 403),
    BadRequest(
        what: "an event into an address book", method: "MOVE", target: calendar + "/taken.ics",
        fields: ["Destination": addressbook + "/taken.ics"], status: 403,
        condition: carddav + "supported-address-data"),
    BadRequest(
        what: "an unknown method", method: "BREW", target: calendar + "/", status: 405),
    BadRequest(what: "a target that is no path", method: "GET", target: "calendars", status: 400),
]

@Suite("Bad input is refused exactly, and changes nothing") struct BadInputTests {
    @Test(arguments: badRequests)
    func refused(_ bad: BadRequest) throws {
        let server = try TestServer()
        let stored = server.send(
            "PUT", calendar + "/taken.ics", fields: ["Content-Type": "text/calendar"], body: event("taken"))
        try #require(stored.status == .created)
        let before = try files(below: server.folder)
        var fields: Fields = [:]
        for (name, value) in bad.fields { fields[name] = value }
        let answer = server.send(bad.method, bad.target, fields: fields, body: bad.body)
        #expect(answer.status.code == bad.status)
        #expect(try condition(of: answer) == bad.condition, "\(answer.text)")
        #expect(try files(below: server.folder) == before)
    }

    @Test func `a body that ends early is not taken for a whole one`() throws {
        let server = try TestServer()
        let before = try files(below: server.folder)
        let bytes = Array(event("x").utf8)
        var rest = bytes
        let body = RequestBody(length: bytes.count + 1) { () throws(BodyError) in
            defer { rest = [] }
            return rest
        }
        let answer = server.send(
            Request(
                method: .put, target: calendar + "/x.ics", fields: ["Content-Type": "text/calendar"],
                body: body))
        #expect(answer.status == .badRequest)
        #expect(try files(below: server.folder) == before)
    }

    @Test func `a body over the limit is 413`() throws {
        let server = try TestServer()
        let body = RequestBody(length: 1 << 40) { () throws(BodyError) in [] }
        let answer = server.send(
            Request(
                method: .put, target: calendar + "/x.ics", fields: ["Content-Type": "text/calendar"],
                body: body))
        #expect(answer.status == .contentTooLarge)
    }

    /// The first element in `DAV:error`, in Clark notation.
    private func condition(of answer: Answer) throws -> String? {
        guard answer.fields["Content-Type"]?.hasPrefix("application/xml") == true else { return nil }
        let root = try XMLReader.parse(answer.bytes)
        #expect(root.name == .dav("error"))
        return root.elements.first?.name.description
    }

    /// All files below `folder` with their bytes, but for locks.
    private func files(below folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where !path.hasSuffix(".lock")
        {
            let full = folder + "/" + path
            let attributes = try FileManager.default.attributesOfItem(atPath: full)
            let isFile = attributes[.type] as? FileAttributeType == .typeRegular
            found[path] = isFile ? try Data(contentsOf: URL(fileURLWithPath: full)) : Data()
        }
        return found
    }
}
