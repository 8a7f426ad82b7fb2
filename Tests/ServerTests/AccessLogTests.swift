import Foundation
import Gateway
import HTTP
import Server
import Testing

@Suite("The log") struct AccessLogTests {
    static func exchange(
        target: String = "/a/?b", user: String? = "ana", agent: String? = "DAVx5/4.4",
        outcome: Outcome = .sent
    ) -> Exchange {
        var fields = Fields()
        fields["User-Agent"] = agent
        let request = Request(
            method: .propFind, target: target, fields: fields, remoteUser: user, remoteAddress: "192.0.2.7")
        return Exchange(
            id: "00ff", request: request, status: .multiStatus, bodyBytes: 1834, microseconds: 2149,
            outcome: outcome,
            problem: nil)
    }

    @Test func `a line of text tells who asked what and how it went`() {
        #expect(
            AccessLog(.text).line(Self.exchange(), at: 1_000_000_000_042)
                == #"2001-09-09T01:46:40.042Z 00ff 192.0.2.7 ana PROPFIND "/a/?b" 207 1834B 2.1ms "DAVx5/4.4""#
        )
    }

    @Test func `what is not known is a dash, and a failure stands at the end`() {
        let line = AccessLog(.text).line(
            Self.exchange(user: nil, agent: nil, outcome: .failed("disk full")), at: 0)
        #expect(
            line
                == #"1970-01-01T00:00:00.000Z 00ff 192.0.2.7 - PROPFIND "/a/?b" 207 1834B 2.1ms - "disk full""#
        )
        let unread = Exchange(
            id: "00ff", request: nil, status: nil, bodyBytes: 0, microseconds: 0, outcome: .closed,
            problem: "no head")
        #expect(
            AccessLog(.text).line(unread, at: 0)
                == #"1970-01-01T00:00:00.000Z 00ff - - - - - 0B 0.0ms - "no head""#)
    }

    @Test(arguments: ["\n", "\r\n", "\0", "\u{1B}[31m", "\"", "\\", "\u{7F}", "ä", "a b", "\t"])
    func `a client can neither end a line nor a quotation`(text: String) throws {
        let exchange = Self.exchange(target: "/\(text)\" 200 x", user: "a\(text)b", agent: text)
        let line = AccessLog(.text).line(exchange, at: 0)
        #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(line.hasPrefix("1970-01-01T00:00:00.000Z 00ff 192.0.2.7 "))

        let json = AccessLog(.json).line(exchange, at: 0)
        #expect(json.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["target"] as? String == "/\(text)\" 200 x")
        #expect(object["user"] as? String == "a\(text)b")
        #expect(object["agent"] as? String == text)
    }

    @Test func `a line of JSON has numbers as numbers and leaves out what is not known`() throws {
        let json = AccessLog(.json).line(Self.exchange(user: nil), at: 1_000_000_000_042)
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "time", "id", "remote", "method", "target", "status", "bytes", "ms", "agent",
            ])
        #expect(object["status"] as? Int == 207)
        #expect(object["bytes"] as? Int == 1834)
        #expect(object["ms"] as? Double == 2.1)
        #expect(object["time"] as? String == "2001-09-09T01:46:40.042Z")
    }

    @Test func `a message stands on a line of its own`() throws {
        #expect(
            AccessLog(.text).line("two\nlines", id: nil, at: 0)
                == #"1970-01-01T00:00:00.000Z - two\u000alines"#)
        let json = AccessLog(.json).line("a \"word\"", id: "1", at: 0)
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
        #expect(object == ["time": "1970-01-01T00:00:00.000Z", "id": "1", "message": "a \"word\""])
    }
}
