import ContentLine
import Foundation
import ICalendar
import Testing
import WireTestSupport

@Suite("jCal and xCal, RFC 7265 and RFC 6321") struct JCalTests {
    @Test(arguments: [
        ("DTSTART:20110501T120000Z", #"["dtstart",{},"date-time","2011-05-01T12:00:00Z"]"#),
        (
            "DTSTART;TZID=America/New_York:20110517T120000",
            #"["dtstart",{"tzid":"America/New_York"},"date-time","2011-05-17T12:00:00"]"#
        ),
        ("DTEND;VALUE=DATE:20110502", #"["dtend",{},"date","2011-05-02"]"#),
        ("GEO:37.386013;-122.082932", #"["geo",{},"float",[37.386013,-122.082932]]"#),
        ("REQUEST-STATUS:2.0;Success", #"["request-status",{},"text",["2.0","Success"]]"#),
        (
            "REQUEST-STATUS:3.7;Invalid calendar user;ATTENDEE:mailto:jsmith@example.org",
            #"["request-status",{},"text",["3.7","Invalid calendar user","ATTENDEE:mailto:jsmith@example.org"]]"#
        ),
        (
            "RRULE:FREQ=YEARLY;COUNT=5;BYDAY=-1SU,2MO;BYMONTH=10",
            #"["rrule",{},"recur",{"freq":"YEARLY","count":5,"byday":["-1SU","2MO"],"bymonth":10}]"#
        ),
        (
            "RRULE:FREQ=DAILY;UNTIL=20151031T000000Z;WKST=SU",
            #"["rrule",{},"recur",{"freq":"DAILY","until":"2015-10-31T00:00:00Z","wkst":"SU"}]"#
        ),
        (
            "FREEBUSY;FBTYPE=FREE:19970308T160000Z/PT3H,19970308T200000Z/19970308T210000Z",
            #"["freebusy",{"fbtype":"FREE"},"period",["1997-03-08T16:00:00Z","PT3H"],["1997-03-08T20:00:00Z","1997-03-08T21:00:00Z"]]"#
        ),
        ("CATEGORIES:a\\,b,c", #"["categories",{},"text","a,b","c"]"#),
        ("SUMMARY:one\\, two\\nthree", #"["summary",{},"text","one, two\nthree"]"#),
        ("TZOFFSETFROM:-0500", #"["tzoffsetfrom",{},"utc-offset","-05:00"]"#),
        ("PRIORITY:+05", #"["priority",{},"integer",5]"#),
        ("TRIGGER:-PT15M", #"["trigger",{},"duration","-PT15M"]"#),
        (
            "TRIGGER;VALUE=DATE-TIME:19980403T120000Z",
            #"["trigger",{},"date-time","1998-04-03T12:00:00Z"]"#
        ),
        (
            "ATTENDEE;MEMBER=\"mailto:a@b.c\",\"mailto:d@e.f\";CN=It^'s:mailto:g@h.i",
            #"["attendee",{"member":["mailto:a@b.c","mailto:d@e.f"],"cn":"It\"s"},"cal-address","mailto:g@h.i"]"#
        ),
        ("X-COMPLAINT-DEADLINE:2011\\,05", #"["x-complaint-deadline",{},"unknown","2011\\,05"]"#),
        ("X-COMPLAINT-DEADLINE;VALUE=DATE:20110512", #"["x-complaint-deadline",{},"date","2011-05-12"]"#),
        (
            "RDATE;VALUE=PERIOD:19960403T020000Z/PT2H",
            #"["rdate",{},"period",["1996-04-03T02:00:00Z","PT2H"]]"#
        ),
        (
            "EXDATE:20120101T000000Z,20120102T000000Z",
            #"["exdate",{},"date-time","2012-01-01T00:00:00Z","2012-01-02T00:00:00Z"]"#
        ),
        // RFC 7986, RFC 9073, RFC 9074, RFC 9253.
        ("REFRESH-INTERVAL;VALUE=DURATION:P1W", #"["refresh-interval",{},"duration","P1W"]"#),
        (
            "IMAGE;VALUE=URI;DISPLAY=BADGE:http://a/b,c",
            #"["image",{"display":"BADGE"},"uri","http://a/b,c"]"#
        ),
        (
            "STYLED-DESCRIPTION;VALUE=TEXT:<b>a\\;b</b>", #"["styled-description",{},"text","<b>a;b</b>"]"#
        ),
        (
            "STRUCTURED-DATA;VALUE=BINARY;ENCODING=BASE64:QQ==",
            #"["structured-data",{"encoding":"BASE64"},"binary","QQ=="]"#
        ),
        ("ACKNOWLEDGED:20210302T151516Z", #"["acknowledged",{},"date-time","2021-03-02T15:15:16Z"]"#),
        (
            "LINK;LINKREL=SOURCE:https://a.example/b",
            #"["link",{"linkrel":"SOURCE"},"uri","https://a.example/b"]"#
        ),
        (
            "CONCEPT:https://example.com/event-types/arts",
            #"["concept",{},"uri","https://example.com/event-types/arts"]"#
        ),
        ("LOCATION-TYPE:parking,hotel", #"["location-type",{},"text","parking","hotel"]"#),
        (
            "RRULE:RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5L",
            #"["rrule",{},"recur",{"rscale":"CHINESE","freq":"YEARLY","bymonth":"5L"}]"#
        ),
    ])
    func `a property says its type, and comes back as it was`(_ line: String, _ json: String) throws {
        let text = "BEGIN:VEVENT\r\n\(line)\r\nEND:VEVENT\r\n"
        let event = try CalendarParser.parse(Array(text.utf8))
        let bytes = JCal.bytes(of: event)
        #expect(String(decoding: bytes, as: UTF8.self) == #"["vevent",[\#(json)],[]]"#)
        let back = try JCal.parse(bytes)
        #expect(back.properties.count == 1)
        let expected = line == "PRIORITY:+05" ? "5" : event.properties[0].value
        #expect(back.properties[0].value == expected)
        #expect(Set(back.properties[0].parameters) == Set(event.properties[0].parameters.map(\.upperCase)))
    }

    @Test func `a calendar has components in components`() throws {
        let text = """
            BEGIN:VCALENDAR
            CALSCALE:GREGORIAN
            PRODID:-//Example Inc.//Example Calendar//EN
            VERSION:2.0
            BEGIN:VEVENT
            DTSTAMP:20080205T191224Z
            DTSTART;VALUE=DATE:20081006
            SUMMARY:Planning meeting
            UID:4088E990AD89CB3DBB484909
            END:VEVENT
            END:VCALENDAR

            """
        let calendar = try CalendarParser.parse(Array(text.utf8))
        let json =
            #"["vcalendar",[["calscale",{},"text","GREGORIAN"],"#
            + #"["prodid",{},"text","-//Example Inc.//Example Calendar//EN"],["version",{},"text","2.0"]],"#
            + #"[["vevent",[["dtstamp",{},"date-time","2008-02-05T19:12:24Z"],"#
            + #"["dtstart",{},"date","2008-10-06"],["summary",{},"text","Planning meeting"],"#
            + #"["uid",{},"text","4088E990AD89CB3DBB484909"]],[]]]]"#
        #expect(String(decoding: JCal.bytes(of: calendar), as: UTF8.self) == json)
        #expect(try JCal.parse(Array(json.utf8)) == calendar)
        let xml = String(decoding: XCal.document(of: calendar), as: UTF8.self)
        #expect(
            xml.contains("<vevent><properties><dtstamp><date-time>2008-02-05T19:12:24Z</date-time></dtstamp>")
        )
        #expect(xml.contains("<dtstart><date>2008-10-06</date></dtstart>"))
        #expect(xml.hasSuffix("</vevent></components></vcalendar></icalendar>"))
    }

    @Test(arguments: [
        "RRULE:BYMONTH=1,2;FREQ=YEARLY", "GEO:1.5;-2", "FREEBUSY:19970308T160000Z/PT3H",
        "REQUEST-STATUS:2.0;Success", "ATTENDEE;RSVP=TRUE;CN=<A>:mailto:a&b@c.d",
    ])
    func `xCal names the parts`(_ line: String) throws {
        let expected = [
            "RRULE":
                "<rrule><recur><freq>YEARLY</freq><bymonth>1</bymonth><bymonth>2</bymonth></recur></rrule>",
            "GEO": "<geo><latitude>1.5</latitude><longitude>-2</longitude></geo>",
            "FREEBUSY":
                "<freebusy><period><start>1997-03-08T16:00:00Z</start><duration>PT3H</duration></period></freebusy>",
            "REQUEST-STATUS":
                "<request-status><code>2.0</code><description>Success</description></request-status>",
            "ATTENDEE":
                "<attendee><parameters><rsvp><boolean>TRUE</boolean></rsvp><cn><text>&lt;A&gt;</text></cn>"
                + "</parameters><cal-address>mailto:a&amp;b@c.d</cal-address></attendee>",
        ]
        let event = try CalendarParser.parse(Array("BEGIN:VEVENT\n\(line)\nEND:VEVENT\n".utf8))
        let xml = String(decoding: XCal.document(of: event), as: UTF8.self)
        #expect(xml.contains(try #require(expected[event.properties[0].name])))
    }

    @Test func `what clients send says the same after jCal`() throws {
        var count = 0
        for name in try Corpus.names() where name != "malformed-start" {
            for calendar in Corpus.readable(try Corpus.bytes(name + ".ics")) {
                let again = try JCal.parse(JCal.bytes(of: calendar))
                #expect(again.normalized == calendar.normalized, "\(name)")
                count += 1
            }
        }
        #expect(count > 40)
    }

    /// Files that the package `icalendar` reads in another way: it takes what is malformed for a text, leaves out odd names,
    /// joins properties of one name, and has other rules for folds within a character and for blanks.
    static let departures: Set<Substring> = [
        "empty-excluded-date", "impossible-start", "malformed-duration", "malformed-excluded-date",
        "malformed-rule",
        "malformed-start", "fold-inside-utf8-sequences", "fold-with-tabs-and-bare-line-feeds",
        "empty-lines-between",
        "tzid-with-trailing-blank",
        "experimental-properties-with-odd-names", "two-uids-in-one-component",
    ]

    @Test func `the package icalendar makes the same jCal`() throws {
        var count = 0
        for line in try PythonProgram.lines(of: "Dateutil/jcal.py", [Corpus.folder.path]) {
            let parts = line.split(separator: "\t", maxSplits: 1)
            try #require(parts.count == 2)
            guard !Self.departures.contains(parts[0]) else { continue }
            let theirs = try JSONParser.parse(Array(parts[1].utf8))
            let calendars = Corpus.readable(try Corpus.bytes(parts[0] + ".ics"))
            guard calendars.count == 1, let calendar = calendars.first else { continue }
            let ours = try JSONParser.parse(JCal.bytes(of: calendar))
            #expect(ours.comparable == theirs.comparable, "\(parts[0])")
            count += 1
        }
        #expect(count > 40)
    }

    @Test(arguments: [
        "{}", "[]", #"["vevent",[],[]"#, #"["vevent",[["dtstart",{},"date"]],[]]"#, #"["v event",[],[]]"#,
        #"["vevent",[["dt:start",{},"date","2011-05-02"]],[]]"#,
        #"["vevent",[["dtstart",{"a=b":"c"},"date","2011"]],[]]"#,
        #"["vevent",[["dtstart",{},"date",["2011"]]],[]]"#,
        #"["vevent",[["rrule",{},"recur",{"freq":{}}]],[]]"#,
        #"["vevent",[["summary",{"a":[]},"text","b"]],[]]"#, #"["vevent",[[1,{},"text","b"]],[]]"#,
    ])
    func `what is no jCal is refused`(_ text: String) {
        #expect(throws: TypedPropertyError.self) { try JCal.parse(Array(text.utf8)) }
    }
}

extension JSONValue {
    /// The value with the members of objects in the order of their names, and lists of one in them as that one.
    fileprivate var comparable: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.comparable))
        case .object(let members):
            .object(
                members.map { member in
                    let list = member.value.elements
                    let value = list.flatMap { $0.count == 1 ? $0[0] : nil } ?? member.value
                    return Member(member.name, value.comparable)
                }.sorted { $0.name < $1.name })
        default: self
        }
    }
}

extension Parameter {
    fileprivate var upperCase: Parameter { Parameter(name: name.asciiUpperCase, values: values) }
}

extension Component {
    /// What the component says, however that is written.
    fileprivate var normalized: Component {
        var result = Component(name: name.asciiUpperCase)
        result.properties = properties.map { line in
            // Of these jCal keeps the value, and what it says follows from that.
            var parameters = line.parameters.map(\.upperCase).filter { !$0.isNamed("VALUE") }
            parameters.sort { $0.name < $1.name }
            let value = line.value.asciiUpperCase.replacing("\\", with: "")
            return ContentLine(name: line.name.asciiUpperCase, parameters: parameters, value: value)
        }
        result.components = components.map(\.normalized)
        return result
    }
}

/// The files of `Corpus/Objects`.
private enum Corpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus/Objects")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".ics") }.map { String($0.dropLast(4)) }.sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The calendars of a file, none for one that cannot be read.
    static func readable(_ bytes: [UInt8]) -> [Component] {
        do {
            return try CalendarParser.parseAll(bytes)
        } catch {
            return []
        }
    }
}
