import FuzzDriver
import Glibc
import HTTP
import Server
import XML

/// A server whose tree lies in a directory of its own, with some objects in it.
final class FuzzedServer {
    private let dispatcher: Dispatcher

    init() {
        var configuration = Configuration()
        // `.ci/fuzz` deletes it.
        configuration.directory = "/tmp/artemisios-fuzz-\(getpid())"
        configuration.defaults = true
        configuration.noFsync = true
        do {
            dispatcher = try Dispatcher(configuration, log: AccessLog(.text))
        } catch {
            fatalError("\(error)")
        }
        for (name, lines) in objects { store(name, lines) }
    }

    private func store(_ name: String, _ lines: String) {
        let isCard = name.hasSuffix("vcf")
        let body = Array((lines.split(separator: "\n").joined(separator: "\r\n") + "\r\n").utf8)
        let response = dispatcher.respond(
            to: Request(
                method: .put,
                target: (isCard ? "/user/contacts/addressbook/" : "/user/calendars/calendar/") + name,
                fields: ["Content-Type": isCard ? "text/vcard" : "text/calendar"], body: RequestBody(body)))
        require(response.status == .created, "\(name): \(response.status)")
    }

    /// Sends a request, and looks whether the answer can be one.
    func check(_ request: Request) {
        let response = dispatcher.respond(to: request)
        require(response.status != .internalServerError, "500 to \(request.method) \(request.target)")
        let sink = Gatherer()
        switch response.body {
        case .none: return
        case .bytes(let bytes): sink.bytes = bytes
        case .stream(let write):
            do {
                try write(sink)
            } catch {
                require(false, "the body to \(request.method) \(request.target) ended early: \(error)")
            }
        }
        guard response.fields["Content-Type"]?.contains("xml") == true else { return }
        do {
            _ = try XMLReader.parse(sink.bytes)
        } catch {
            require(false, "\(error): \(String(decoding: sink.bytes, as: UTF8.self))")
        }
    }
}

private final class Gatherer: ByteSink {
    var bytes: [UInt8] = []

    func write(_ piece: [UInt8]) { bytes += piece }
}

private let objects = [
    (
        "weekly.ics",
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//fuzz//EN
        BEGIN:VEVENT
        UID:weekly
        DTSTAMP:20260101T000000Z
        DTSTART;TZID=Europe/Berlin:20260105T100000
        DURATION:PT1H
        RRULE:FREQ=WEEKLY;BYDAY=MO,WE
        EXDATE;TZID=Europe/Berlin:20260309T100000
        SUMMARY:Weekly
        ATTENDEE;PARTSTAT=ACCEPTED;CN="A, B":mailto:a@example.com
        BEGIN:VALARM
        ACTION:DISPLAY
        TRIGGER:-PT15M
        DESCRIPTION:Soon
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        UID:weekly
        DTSTAMP:20260101T000000Z
        RECURRENCE-ID;TZID=Europe/Berlin:20260311T100000
        DTSTART;TZID=Europe/Berlin:20260312T100000
        DURATION:PT2H
        SUMMARY:Moved
        END:VEVENT
        END:VCALENDAR
        """
    ),
    (
        "day.ics",
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//fuzz//EN
        BEGIN:VEVENT
        UID:day
        DTSTAMP:20260101T000000Z
        DTSTART;VALUE=DATE:20200229
        RRULE:FREQ=YEARLY
        CATEGORIES:one,two
        END:VEVENT
        END:VCALENDAR
        """
    ),
    (
        "todo.ics",
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//fuzz//EN
        BEGIN:VTODO
        UID:todo
        DTSTAMP:20260101T000000Z
        DUE:20260302T100000
        COMPLETED:20260303T000000Z
        X-ODD;X-P=1;x-p=2:value
        END:VTODO
        END:VCALENDAR
        """
    ),
    (
        "ana.vcf",
        """
        BEGIN:VCARD
        VERSION:3.0
        UID:ana
        FN:Ana Müller
        N:Müller;Ana;;;
        NICKNAME:me,myself
        item1.EMAIL;TYPE=INTERNET,PREF:ana@example.com
        item1.X-ABLABEL:Office
        NOTE:first\\, second
        END:VCARD
        """
    ),
    (
        "four.vcf",
        """
        BEGIN:VCARD
        VERSION:4.0
        UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
        FN;PID=1.1:J. Doe
        TEL;VALUE=uri;TYPE="voice,home":tel:+33-01-23-45-67
        END:VCARD
        """
    ),
]
