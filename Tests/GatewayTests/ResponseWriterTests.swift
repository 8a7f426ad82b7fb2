import Testing
import WireTestSupport

@Suite("Responses over FastCGI and SCGI, RFC 3875 §6") struct ResponseWriterTests {
    @Test(arguments: Wire.allCases) func `status and fields stand first, and none can add a line`(wire: Wire)
        throws
    {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("GET", "/fields")
        #expect(
            answer.fields == [
                "Status": "207 Multi-Status", "X-Two": "a  Set-Cookie: b", "Content-Length": "4",
            ])
        #expect(answer.text == "<x/>")
    }

    @Test(arguments: Wire.allCases) func `HEAD has the length of GET, and no body`(wire: Wire) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("HEAD", "/large/70000")
        #expect(answer.fields["Content-Length"] == "70000")
        #expect(answer.body.isEmpty)
        let streamed = try worker.exchange("HEAD", "/stream/9")
        #expect(streamed.fields["Content-Length"] == nil)
        #expect(streamed.body.isEmpty)
    }

    @Test(arguments: Wire.allCases) func `204 has neither body nor length`(wire: Wire) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("GET", "/empty")
        #expect(answer.fields == ["Status": "204 No Content"])
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: Wire.allCases, [0, 1, 3, 4, 500]) func `a stream arrives whole, without a length`(
        wire: Wire, pieces: Int
    ) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("GET", "/stream/\(pieces)")
        #expect(answer.isWhole)
        #expect(answer.fields["Content-Length"] == nil)
        #expect(answer.body.count == pieces * 10_000)
        let expected = (0..<pieces).flatMap { [UInt8](repeating: 0x30 + UInt8($0 % 10), count: 10_000) }
        #expect(answer.body == expected)
    }

    @Test(arguments: Wire.allCases) func `a large answer arrives whole`(wire: Wire) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("GET", "/large/9000000")
        #expect(answer.isWhole)
        #expect(answer.body.count == 9_000_000)
    }

    @Test(arguments: Wire.allCases) func `a stream that breaks before anything is sent becomes a 500`(
        wire: Wire
    ) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange("GET", "/broken/1")
        #expect(answer.status == "500 Internal Server Error")
        #expect(answer.isWhole)
        #expect(worker.logs("broken on purpose"))
    }

    @Test(arguments: Wire.allCases) func `a stream that breaks later is not taken for whole`(wire: Wire)
        throws
    {
        let worker = try EchoWorker(wire)
        for body in [[], noise(1), noise(70_000)] {
            let answer = try worker.exchange("POST", "/broken/50", body: body)
            #expect(answer.status == "207 Multi-Status")
            #expect(!answer.isWhole)
        }
        #expect(worker.program.isRunning)
    }
}
