import HTTP
import Index
import Store
import Testing
import TestSupport
import WebDAV
import XML

@testable import CalDAV

/// Sends requests to the methods of WebDAV and CalDAV over a store in memory.
final class CalendarClient {
    let store = MemoryCollectionStore()
    let services: CalendarServices
    let features: FeatureSet
    private(set) var log: [String] = []

    init(limits: CalendarServices.Limits = .init(), index: RecordIndex? = nil) throws {
        services = CalendarServices(limits: limits, index: index) { _ in nil }
        features = FeatureSet([.webDAV, .syncCollection, .calendarAccess(services)])
        try store.makeDirectory(at: try #require(StorePath(below: nil, "/ana/calendars")))
        try send("MKCALENDAR", "/ana/calendars/work/").check(201)
    }

    struct Answer {
        let status: Int
        let condition: String?
        let body: String

        func check(_ status: Int, _ location: SourceLocation = #_sourceLocation) {
            #expect(self.status == status, "\(condition ?? "") \(body)", sourceLocation: location)
        }
    }

    @discardableResult
    func send(_ method: String, _ target: String, _ fields: Fields = [:], _ body: String = "") throws
        -> Answer
    {
        let request = Request(
            method: Method(method), target: target, fields: fields, remoteUser: "ana",
            body: RequestBody(Array(body.utf8)))
        let context = Context(
            store: store, features: features, principals: .multiple(prefix: .root, suffix: .root),
            user: StorePath(below: nil, "/ana"), author: Author(name: "Ana", email: "ana@example.com"),
            prefix: Path(segments: [], endsInSlash: true), limits: Limits(), now: 0,
            log: { self.log.append($0) })
        do {
            let handler = try #require(features.handler(for: request.method))
            let response = try handler.handle(request, try Path(parsing: target), context)
            return Answer(status: response.status.code, condition: nil, body: try text(of: response.body))
        } catch let error as DAVError {
            return Answer(
                status: error.status.code, condition: error.condition?.element.name.local,
                body: error.message ?? "")
        }
    }

    /// Stores an object in the calendar.
    func put(_ name: String, _ lines: String) throws -> Answer {
        try send("PUT", "/ana/calendars/work/\(name)", ["Content-Type": "text/calendar"], object(lines))
    }

    /// Asks the calendar for a report; the objects that are in the answer.
    func query(_ filter: String, prop: String = "<D:getetag/>", depth: String? = "1") throws -> Answer {
        try report(
            """
            <C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>\(prop)</D:prop>
            <C:filter>\(filter)</C:filter></C:calendar-query>
            """, depth: depth)
    }

    func report(_ body: String, depth: String? = nil) throws -> Answer {
        try send(
            "REPORT", "/ana/calendars/work/", depth.map { ["Depth": $0] } ?? [:], body)
    }

    private func text(of body: ResponseBody) throws -> String {
        switch body {
        case .none: return ""
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .stream(let write):
            let sink = Collector()
            try write(sink)
            return String(decoding: sink.bytes, as: UTF8.self)
        }
    }

    private final class Collector: ByteSink {
        var bytes: [UInt8] = []
        func write(_ bytes: [UInt8]) throws(SinkClosed) { self.bytes += bytes }
    }
}

/// The bytes of the iCalendar object with these lines in it.
func object(_ lines: String) -> String {
    let body = lines.utf8.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    let all = ["BEGIN:VCALENDAR", "VERSION:2.0"] + body + ["END:VCALENDAR", ""]
    return all.joined(separator: "\r\n")
}
