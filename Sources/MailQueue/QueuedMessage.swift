public import Store

/// A message as the queue has it: with whose it is.
public struct QueuedMessage: Hashable, Sendable {
    /// The message.
    public var message: OutgoingMessage
    /// The principal on whose behalf it is sent.
    public var principal: StorePath
    /// When its change was made, in seconds since 1970-01-01T00:00:00Z.
    public var time: Int64

    /// Makes a queued message.
    public init(message: OutgoingMessage, principal: StorePath, time: Int64) {
        self.message = message
        self.principal = principal
        self.time = time
    }

    private static let heading = "artemisios-mail 2"

    /// The bytes of its file: lines of a name and a value, an empty line, and the two iCalendar objects.
    public var bytes: [UInt8] {
        var lines = [
            Self.heading,
            "principal " + principal.names.map { Self.coded($0.description) }.joined(separator: "/"),
            "time \(time)",
            "sender " + Self.coded(message.sender.address),
            "recipient " + Self.coded(message.recipient.address),
        ]
        if let name = message.sender.name { lines.append("sender-name " + Self.coded(name)) }
        if let name = message.recipient.name { lines.append("recipient-name " + Self.coded(name)) }
        lines += ["calendar \(message.calendar.count)", "previous \(message.previous.count)", "", ""]
        return Array(lines.joined(separator: "\n").utf8) + message.calendar + message.previous
    }

    /// Reads the bytes of a file; nil when they are not all there, or something else.
    public init?(bytes: [UInt8]) {
        var fields: [String: String] = [:]
        var rest = bytes[...]
        var isFirst = true
        while true {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            if isFirst {
                guard line.elementsEqual(Self.heading.utf8) else { return nil }
                isFirst = false
                continue
            }
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
            fields[String(decoding: line[..<space], as: UTF8.self)] =
                String(decoding: line[(space + 1)...], as: UTF8.self)
        }
        guard !isFirst, let principal = fields["principal"],
            let time = fields["time"].flatMap({ Int64($0) }), let sender = fields["sender"],
            let recipient = fields["recipient"], let count = fields["calendar"].flatMap({ Int($0) }),
            let previous = fields["previous"].flatMap({ Int($0) }), count >= 0, previous >= 0,
            count <= rest.count, previous == rest.count - count
        else { return nil }
        var names: [ItemName] = []
        for part in principal.split(separator: "/") {
            guard let name = ItemName(Self.decoded(String(part))) else { return nil }
            names.append(name)
        }
        self.init(
            message: OutgoingMessage(
                sender: Mailbox(
                    address: Self.decoded(sender), name: fields["sender-name"].map(Self.decoded)),
                recipient: Mailbox(
                    address: Self.decoded(recipient), name: fields["recipient-name"].map(Self.decoded)),
                calendar: Array(rest.prefix(count)), previous: Array(rest.dropFirst(count))),
            principal: StorePath(names), time: time)
    }

    /// `text` without what ends a line or a name: `%` and two digits in its place.
    private static func coded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "/") {
                bytes.append(UInt8(ascii: "%"))
                let digits = String(byte, radix: 16)
                bytes += Array((digits.utf8.count < 2 ? "0" + digits : digits).utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
