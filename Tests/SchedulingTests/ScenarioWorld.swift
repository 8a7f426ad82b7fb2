import CalDAV
import Foundation
import HTTP
import ICalendar
import Scheduling
import Server
import Store
import TestSupport
import Testing

/// A server with its users, and all that left it.
final class ScenarioWorld {
    let folder: String
    let users: [String]
    let mail = RecordedMessages()
    private var configuration = Configuration()
    private var dispatcher: Dispatcher
    /// The calendars of each user.
    private(set) var calendars: [String: [String]] = [:]
    /// Messages in inboxes that were there before.
    private var seen: [String: Set<String>] = [:]

    init(_ scenario: Scenario) throws {
        users = (scenario.settings["users"] ?? "ana bob").split(separator: " ").map(String.init)
        folder = NSTemporaryDirectory() + "artemisios-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        configuration.directory = folder
        configuration.multiUser = true
        configuration.mailDomain = "example.com"
        configuration.noFsync = true
        mail.isOpen = scenario.settings["mail"] == "on"
        dispatcher = try Dispatcher(configuration, log: AccessLog(.text), outbound: mail)
        for user in users {
            calendars[user] = ["calendar"]
            _ = send("PROPFIND", "/\(user)/", as: user, ["Depth": "0"])
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Another process takes over.
    func restart() throws {
        dispatcher = try Dispatcher(configuration, log: AccessLog(.text), outbound: mail)
    }

    @discardableResult
    func send(
        _ method: String, _ target: String, as user: String, _ fields: Fields = [:], _ body: String = ""
    ) -> Answer {
        var fields = fields
        if !body.isEmpty, fields["Content-Type"] == nil {
            fields["Content-Type"] = body.hasPrefix("<") ? "application/xml" : "text/calendar"
        }
        return Answer(
            dispatcher.respond(
                to: Request(
                    method: Method(method), target: target, fields: fields, remoteUser: user,
                    body: RequestBody(Array(body.utf8)))))
    }

    /// A message comes from elsewhere.
    func deliver(_ body: String, from sender: String, to user: String) throws -> DeliveryResult {
        dispatcher.deliver(
            try ITIPMessage(Array(body.utf8)), from: CalendarUserAddress(sender),
            to: CalendarUserAddress(address(user)))
    }

    func address(_ name: String) -> String { "mailto:\(name)@example.com" }

    func makeCalendar(_ name: String, of user: String) -> Answer {
        calendars[user, default: []].append(name)
        return send("MKCALENDAR", "/\(user)/calendars/\(name)/", as: user)
    }

    func removeCalendar(_ name: String, of user: String) {
        calendars[user]?.removeAll { $0 == name }
    }

    /// Where a user has an object; nil when it is in none of the calendars.
    func path(of name: String, _ user: String) -> String? {
        calendars[user]?.map { "/\(user)/calendars/\($0)/\(name).ics" }.first {
            send("GET", $0, as: user).status == .ok
        }
    }

    /// A user's object.
    func object(_ name: String, _ user: String) throws -> Component? {
        guard let path = path(of: name, user) else { return nil }
        return try CalendarParser.parse(send("GET", path, as: user).bytes)
    }

    /// New messages in an inbox, the oldest first.
    func newMessages(of user: String) throws -> [(name: String, message: ITIPMessage)] {
        let inbox = send("PROPFIND", "/\(user)/inbox/", as: user, ["Depth": "1"])
        let hrefs = inbox.text.matches(of: /<D:href>(\/[^<]*\.ics)<\/D:href>/).map { String($0.1) }
        return try hrefs.filter { !seen[user, default: []].contains($0) }.map { href in
            (name: href, message: try ITIPMessage(send("GET", href, as: user).bytes))
        }
    }

    func see(_ name: String, of user: String) { seen[user, default: []].insert(name) }

    /// Writes a setting of a principal as an administrator does, with an editor.
    func set(_ key: String, of user: String, to value: String) throws {
        let file = folder + "/\(user)/.xandikos"
        var text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let inScheduling = ["addresses", "user-type"].contains(key)
        text =
            inScheduling
            ? "\(text)[scheduling]\n\(key) = \(value)\n" : "[DEFAULT]\n\(key) = \(value)\n\(text)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
}

/// A way out that keeps what goes through it.
final class RecordedMessages: OutboundMessages {
    var isOpen = false
    private(set) var messages: [OutboundMessage] = []

    func status(from originator: CalendarUserAddress, to recipient: CalendarUserAddress) -> ScheduleStatus {
        guard recipient.mailAddress != nil else { return .invalidCalendarUser }
        return isOpen ? .sent : .noRoute
    }

    func send(_ message: OutboundMessage) {
        guard !messages.contains(where: { $0.id == message.id }) else { return }
        messages.append(message)
    }

    func take(_ recipient: CalendarUserAddress) -> OutboundMessage? {
        guard let index = messages.firstIndex(where: { $0.recipient == recipient }) else { return nil }
        return messages.remove(at: index)
    }
}
