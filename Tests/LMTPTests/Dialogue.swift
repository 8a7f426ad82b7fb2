import Foundation
import LMTP
import Testing

/// A conversation written down as RFCs do: `C:` what the client sends, `S:` what it must be answered.
///
/// `C:` lines that follow each other are sent at once. `\xNN` is a byte, and a line that ends in `\` has no line end.
/// At the top, `! option value` sets an option, and `! deliver 250 450` what deliveries of a mail are answered.
struct Dialogue: CustomTestStringConvertible {
    let testDescription: String
    private let lines: [String]

    static func all() throws -> [Dialogue] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Dialogues")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            return Dialogue(testDescription: name, lines: text.components(separatedBy: "\n"))
        }
    }

    /// Plays it: recipients called `nobody` are unknown; replies are compared line by line.
    func play() {
        var options = LMTPOptions(hostName: "calendar.example.org")
        var codes: [Int] = []
        var player = Player(options)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("! deliver") {
                codes = words.dropFirst(2).compactMap { Int($0) }
                player.codes = codes
            } else if line.hasPrefix("! ") {
                let number = Int(words[2]) ?? 0
                switch words[1] {
                case "size": options.maxMessageBytes = number
                case "line": options.maxLineBytes = number
                case "recipients": options.maxRecipients = number
                case "errors": options.maxErrors = number
                default: Issue.record("unknown option \(line)")
                }
                player = Player(options)
                player.codes = codes
            } else if line.hasPrefix("C:") {
                player.send(Self.bytes(line.dropFirst(2).drop { $0 == " " }))
            } else if line.hasPrefix("S:") {
                player.expect(line.dropFirst(2).trimmingCharacters(in: .whitespaces))
            } else if line.hasPrefix("D:") {
                player.expectDelivered(Self.bytes(line.dropFirst(3), ending: false))
            }
        }
        player.expectNothingMore()
    }

    private static func bytes(_ text: Substring, ending: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let value = UInt8(String(Substring(rest.dropFirst().prefix(2))), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else if byte == UInt8(ascii: "\\"), rest.isEmpty {
                return bytes
            } else {
                bytes.append(byte)
            }
        }
        return ending ? bytes + [13, 10] : bytes
    }
}

/// Feeds a session byte by byte and all at once, which must come to the same.
private struct Player {
    var codes: [Int] = []
    private var session: LMTPSession
    private var answered: [String]
    private var delivered: [[UInt8]] = []
    private var input: [UInt8] = []

    init(_ options: LMTPOptions) {
        session = LMTPSession(options)
        answered = [String(decoding: session.greeting.dropLast(2), as: UTF8.self)]
    }

    mutating func send(_ bytes: [UInt8]) { input += bytes }

    private mutating func flush() {
        let half = input.count / 2
        for piece in [Array(input.prefix(half)), Array(input.dropFirst(half))] {
            perform(session.receive(piece))
        }
        input = []
    }

    private mutating func perform(_ actions: [LMTPSession.Action]) {
        for action in actions {
            switch action {
            case .write(let bytes):
                let text = String(decoding: bytes, as: UTF8.self)
                answered += text.components(separatedBy: "\r\n").dropLast()
            case .resolve(let recipient):
                perform(
                    session.resolved(
                        recipient.hasPrefix("nobody")
                            ? LMTPReply(550, "5.1.1", "No calendar of \(recipient)")
                            : LMTPReply(250, "2.1.5", "A calendar of \(recipient)")))
            case .deliver(let transaction):
                delivered.append(transaction.message)
                perform(
                    session.delivered(
                        transaction.recipients.enumerated().map { index, recipient in
                            let code = index < codes.count ? codes[index] : 250
                            return LMTPReply(
                                code, "\(code / 100).0.0", "\(recipient) from <\(transaction.sender)>")
                        }))
            case .close: answered.append("closed")
            }
        }
    }

    mutating func expect(_ line: String) {
        flush()
        guard !answered.isEmpty else {
            Issue.record("no answer, but expected: \(line)")
            return
        }
        #expect(answered.removeFirst() == line)
    }

    mutating func expectDelivered(_ bytes: [UInt8]) {
        flush()
        guard !delivered.isEmpty else {
            Issue.record("nothing was delivered")
            return
        }
        #expect(delivered.removeFirst() == bytes)
    }

    mutating func expectNothingMore() {
        flush()
        #expect(answered == [])
    }
}

@Suite("LMTP, RFC 2033") struct LMTPSessionTests {
    @Test(arguments: try Dialogue.all())
    func dialogue(_ dialogue: Dialogue) { dialogue.play() }

    @Test func `there are dialogues`() throws {
        #expect(try Dialogue.all().count > 8)
    }
}
