import CalDAV
import ContentLine
import Foundation
import HTTP
import ICalendar
import Scheduling
import TestSupport
import Testing

/// Plays a scenario, step by step, and records what is otherwise than it says.
final class ScenarioPlay {
    private let scenario: Scenario
    private let world: ScenarioWorld
    private var last: Answer?
    private var delivered: DeliveryResult?
    private var isExpected = true
    private var remembered: [String: String] = [:]
    private var tag = ""

    init(_ scenario: Scenario) throws {
        self.scenario = scenario
        self.world = try ScenarioWorld(scenario)
    }

    func run() throws {
        for step in scenario.steps {
            let problems: [String]
            do {
                problems = try play(step)
            } catch {
                problems = ["\(error)"]
            }
            guard problems.isEmpty else { return record(step, problems) }
        }
        if let last, !isExpected, last.status.code >= 300 {
            Issue.record("\(scenario.testDescription), at the end: \(last.status) \(last.text)")
        }
        for user in world.users {
            for (_, message) in try world.newMessages(of: user) {
                Issue.record(
                    "\(scenario.testDescription): \(user) got \(message.method.rawValue) \(message.object.uid) unforeseen"
                )
            }
        }
        for message in world.mail.messages {
            Issue.record("\(scenario.testDescription): mail to \(message.recipient) unforeseen")
        }
    }

    private func record(_ step: Scenario.Step, _ problems: [String]) {
        Issue.record(
            """
            \(scenario.testDescription), line \(step.line): \(step.sentence)
            \(problems.joined(separator: "\n"))
            """)
    }

    private func play(_ step: Scenario.Step) throws -> [String] {
        let words = step.sentence.split(separator: " ").map(String.init)
        if words[0] == "it" { return checkAnswer(words, step.sentence) }
        if words[0] == "mail", words[1] == "from" {
            let method = "METHOD:\(words[4])"
            let body = try ScenarioObject.calendar(step.lines, uid: words[5], kind: "VEVENT")
                .replacing("VERSION:2.0", with: "VERSION:2.0\r\n\(method)", maxReplacements: 1)
            delivered = try world.deliver(body, from: words[2], to: words[7])
            return []
        }
        if words[0] == "mail" || words[0] == "no" { return try checkMail(words, step.lines) }
        if words[0] == "the" { return try checkTags(words) }
        if words[0] == "admin" {
            try world.set(words[2], of: words[4], to: words.dropFirst(6).joined(separator: " "))
            return []
        }
        if let last, !isExpected, last.status.code >= 300 {
            return ["the step before was answered \(last.status): \(last.text)"]
        }
        let user = words[0]
        guard world.users.contains(user), words.count > 1 else { return ["nobody is called \(user)"] }
        switch words[1] {
        case "has", "gets", "sees", "remembers": return try check(words, step)
        default: return try act(words, step)
        }
    }

    // MARK: - What people do

    private func act(_ words: [String], _ step: Scenario.Step) throws -> [String] {
        let user = words[0]
        let name = words.count > 2 ? words[2] : ""
        let fields = try self.fields(step.sentence)
        let owner = value(after: "for", in: words) ?? user
        let target = path(of: name, owner, words)
        isExpected = false
        switch words[1] {
        case "puts":
            let kind = value(after: "as", in: words) ?? "VEVENT"
            let body = try ScenarioObject.calendar(step.lines, uid: name, kind: kind)
            last = world.send("PUT", target, as: user, fields, body)
        case "changes", "answers":
            var calendar = try #require(try world.object(name, owner), "\(owner) has no \(name)")
            var lines = step.lines
            if words[1] == "answers" {
                let own = try ownLine(owner, in: calendar, at: value(after: "at", in: words))
                lines.append("ATTENDEE;PARTSTAT=\(words[3]):\(own)")
            }
            try change(&calendar, at: value(after: "at", in: words), lines)
            let bytes = CalendarWriter.bytes(of: calendar)
            last = world.send("PUT", target, as: user, fields, String(decoding: bytes, as: UTF8.self))
        case "deletes" where name == "calendar" && words.count > 3:
            last = world.send("DELETE", "/\(user)/calendars/\(words[3])/", as: user, fields)
            if last?.status == .noContent { world.removeCalendar(words[3], of: user) }
        case "deletes": last = world.send("DELETE", target, as: user, fields)
        case "moves", "copies":
            var fields = fields
            let place = value(after: "to", in: words) ?? ""
            fields["Destination"] = "/\(user)/\(home(place))\(place)/\(name).ics"
            last = world.send(words[1] == "moves" ? "MOVE" : "COPY", target, as: user, fields)
        case "makes" where name == "calendar": last = world.makeCalendar(words[3], of: user)
        case "makes" where name == "collection": last = world.send("MKCOL", "/\(user)/\(words[3])/", as: user)
        case "asks": last = try askBusyTime(words, step)
        case "sets":
            last = world.send("PROPPATCH", below(words), as: user, [:], proppatch(words, step))
        case "looks":
            last = world.send(
                words[2], below(words), as: user, fields, step.lines.joined())
        default: return ["nobody knows how to \(words[1])"]
        }
        return []
    }

    /// The path that a sentence names, below the principal unless it begins with a slash.
    private func below(_ words: [String]) -> String {
        let path = words.count > 3 && words[3] != "with" ? words[3] : ""
        return path.hasPrefix("/") ? path : "/\(words[0])/\(path)"
    }

    private func home(_ collection: String) -> String { collection == "box" ? "" : "calendars/" }

    private func path(of name: String, _ user: String, _ words: [String]) -> String {
        let calendar = value(after: "in", in: words)
        if let calendar { return "/\(user)/\(home(calendar))\(calendar)/\(name).ics" }
        return world.path(of: name, user) ?? "/\(user)/calendars/calendar/\(name).ics"
    }

    private func ownLine(_ user: String, in calendar: Component, at time: String?) throws -> String {
        let own = world.address(user)
        let all = calendar.components.flatMap { $0.properties("ATTENDEE") }
        return all.first { $0.value.lowercased() == own.lowercased() }?.value ?? own
    }

    private func change(_ calendar: inout Component, at time: String?, _ lines: [String]) throws {
        let members = calendar.components.indices.filter { !calendar.components[$0].isNamed("VTIMEZONE") }
        guard let time else {
            let master = try #require(members.first { !calendar.components[$0].isOverride } ?? members.first)
            return try ScenarioObject.change(&calendar.components[master], lines)
        }
        if let index = members.first(where: {
            calendar.components[$0].property("RECURRENCE-ID")?.value == time
        }) {
            return try ScenarioObject.change(&calendar.components[index], lines)
        }
        let master = try #require(members.first { !calendar.components[$0].isOverride })
        var override = try ScenarioObject.override(of: calendar.components[master], at: time)
        try ScenarioObject.change(&override, lines)
        calendar.components.append(override)
    }

    private func askBusyTime(_ words: [String], _ step: Scenario.Step) throws -> Answer {
        let people = words.filter { $0.hasPrefix("@") || $0.hasPrefix("mailto:") }
        let owner = value(after: "for", in: words) ?? words[0]
        let times = words.suffix(2)
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "METHOD:REQUEST", "BEGIN:VFREEBUSY",
            "UID:ask",
            "DTSTAMP:20260101T000000Z", "DTSTART:\(times.first ?? "")", "DTEND:\(times.last ?? "")",
        ]
        if !step.lines.contains(where: { $0.hasPrefix("ORGANIZER") }) {
            lines.append("ORGANIZER:@\(owner)")
        }
        lines += people.map { "ATTENDEE:\($0)" } + step.lines + ["END:VFREEBUSY", "END:VCALENDAR", ""]
        let body = lines.map(ScenarioObject.expanded).joined(separator: "\r\n")
        return world.send("POST", "/\(owner)/outbox/", as: words[0], [:], body)
    }

    private func proppatch(_ words: [String], _ step: Scenario.Step) -> String {
        """
        <D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
        <C:\(words[2])>\(step.lines.joined())</C:\(words[2])></D:prop></D:set></D:propertyupdate>
        """
    }

    private func value(after word: String, in words: [String]) -> String? {
        // The third word is a name, whatever it is.
        guard let index = words.dropFirst(3).firstIndex(of: word), index + 1 < words.count else { return nil }
        return words[index + 1]
    }

    private func fields(_ sentence: String) throws -> Fields {
        var fields: Fields = [:]
        for part in sentence.components(separatedBy: " with ").dropFirst() {
            let sides = part.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard sides.count == 2 else { continue }
            fields[sides[0]] = sides[1].replacingOccurrences(of: "{tag}", with: tag)
        }
        return fields
    }

    // MARK: - What is then so

    private func checkAnswer(_ words: [String], _ sentence: String) -> [String] {
        if let delivered, ["counts", "is", "fails"].contains(words[1]) {
            let reason = delivered.reason.map { "\($0)" }
            let isSo =
                switch words[1] {
                case "counts": reason == nil && delivered.status == .delivered
                case "fails": delivered.status.code == words[3]
                default: reason == words[2]
                }
            return isSo ? [] : ["\(delivered)"]
        }
        guard let last else { return ["nothing was asked"] }
        isExpected = true
        switch words[1] {
        case "answers":
            if String(last.status.code) != words[2] { return ["it answered \(last.status): \(last.text)"] }
            if words.count > 3, !last.text.contains(":\(words[3])") { return ["it answered \(last.text)"] }
        case "says":
            let text = ScenarioObject.expanded(sentence.replacing("it says ", with: "", maxReplacements: 1))
            if !last.text.contains(text) { return ["it said \(last.text)"] }
        case "has":
            guard let value = last.fields[words[2]], words.count < 4 || value.contains(words[3]) else {
                return ["it had \(last.fields.all)"]
            }
        case "lacks":
            if last.fields[words[2]] != nil { return ["it had \(last.fields.all)"] }
        default:
            let text = sentence.replacing("it does not say ", with: "", maxReplacements: 1)
            if last.text.contains(text) { return ["it said \(last.text)"] }
        }
        return []
    }

    private func checkMail(_ words: [String], _ lines: [String]) throws -> [String] {
        guard words[0] == "mail" else {
            return world.mail.messages.map { "mail to \($0.recipient): \($0.message.method.rawValue)" }
        }
        guard let message = world.mail.take(CalendarUserAddress(words[2])) else { return ["no mail left"] }
        guard message.message.method.rawValue == words[4], message.message.object.uid == words[5] else {
            return ["it brought \(message.message.method.rawValue) \(message.message.object.uid)"]
        }
        return try problems(lines, message.message.object.calendar, at: value(after: "at", in: words))
    }

    private func check(_ words: [String], _ step: Scenario.Step) throws -> [String] {
        let user = words[0]
        if words[1] == "remembers" {
            remember(words[words.count - 1], user)
            return []
        }
        if words[1] == "gets" { return try checkMessage(words, step.lines) }
        if words[1] == "sees" { return instances(words) == step.lines ? [] : instances(words) }
        let isAbsent = words[2] == "no"
        let name = isAbsent ? words[3] : words[2]
        let time = value(after: "at", in: words)
        var object = try world.object(name, user)
        if let calendar = value(after: "in", in: words) {
            let answer = world.send("GET", "/\(user)/calendars/\(calendar)/\(name).ics", as: user)
            object = answer.status == .ok ? try CalendarParser.parse(answer.bytes) : nil
        }
        let component = object.flatMap { ScenarioObject.component($0, at: time) }
        if isAbsent { return component == nil ? [] : ["it is there"] }
        guard let object, component != nil else { return ["it is not there"] }
        return try problems(step.lines, object, at: time)
    }

    /// What a client is shown of an object: the start of each instance, with its summary, in order.
    private func instances(_ words: [String]) -> [String] {
        let range = "start=\"\(words[3])\" end=\"\(words[4])\""
        let query = """
            <C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data>
            <C:expand \(range)/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR">
            <C:comp-filter name="VEVENT"><C:time-range \(range)/></C:comp-filter></C:comp-filter></C:filter>
            </C:calendar-query>
            """
        let answer = world.send(
            "REPORT", "/\(words[0])/calendars/calendar/", as: words[0], ["Depth": "1"], query)
        return answer.text.components(separatedBy: "BEGIN:VEVENT").dropFirst().compactMap { text in
            let lines = text.components(separatedBy: "\n").map {
                $0.replacing("&#13;", with: "").replacing("&#xD;", with: "").trimmingCharacters(
                    in: .whitespacesAndNewlines)
            }
            func value(_ name: String) -> String? {
                lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
            }
            guard value("UID") == words[2], let start = value("DTSTART") else { return nil }
            return [start, value("SUMMARY")].compactMap(\.self).joined(separator: " ")
        }.sorted()
    }

    private func checkMessage(_ words: [String], _ lines: [String]) throws -> [String] {
        let user = words[0]
        let new = try world.newMessages(of: user)
        if words[2] == "nothing" {
            return new.map { "got \($0.message.method.rawValue) \($0.message.object.uid)" }
        }
        guard
            let (name, message) = new.first(where: { _, message in
                message.method.rawValue == words[2] && message.object.uid == words[3]
            })
        else {
            return ["got \(new.map { "\($0.message.method.rawValue) \($0.message.object.uid)" })"]
        }
        world.see(name, of: user)
        return try problems(lines, message.object.calendar, at: value(after: "at", in: words))
    }

    private func problems(_ lines: [String], _ calendar: Component, at time: String?) throws -> [String] {
        let text = String(decoding: CalendarWriter.bytes(of: calendar), as: UTF8.self)
        guard let component = ScenarioObject.component(calendar, at: time) else {
            return ["nothing at \(time ?? "")", text]
        }
        var found = try ScenarioObject.problems(lines.filter { !$0.hasPrefix("only ") }, component)
        for line in lines where line.hasPrefix("only ") {
            let count = calendar.components.filter { !$0.isNamed("VTIMEZONE") }.count
            if String(count) != line.split(separator: " ")[1] { found.append("\(count) components") }
        }
        return found.isEmpty ? [] : found + [text]
    }

    // MARK: - Tags

    private func remember(_ name: String, _ user: String) {
        let answer = world.send("GET", world.path(of: name, user) ?? "", as: user)
        remembered[name] = user
        remembered["\(name) tag"] = answer.fields["Schedule-Tag"] ?? "none"
        remembered["\(name) etag"] = answer.fields["ETag"] ?? "none"
        tag = answer.fields["Schedule-Tag"] ?? ""
    }

    private func checkTags(_ words: [String]) throws -> [String] {
        if words[1] == "server" {
            try world.restart()
            return []
        }
        guard let user = remembered[words[3]] else { return ["nobody remembers it"] }
        let answer = world.send("GET", world.path(of: words[3], user) ?? "", as: user)
        let field = words[1] == "tag" ? "Schedule-Tag" : "ETag"
        let now = answer.fields[field] ?? "none"
        let before = remembered["\(words[3]) \(words[1] == "tag" ? "tag" : "etag")"] ?? ""
        let isSame = now == before
        return isSame == (words.last == "same") ? [] : ["it was \(before) and is \(now)"]
    }
}
