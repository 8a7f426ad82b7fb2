import Foundation
import Testing
import WireTestSupport

@Suite("Requests over FastCGI and SCGI") struct ListenerTests {
    @Test(arguments: Wire.allCases) func `a request arrives as it was sent`(wire: Wire) throws {
        let worker = try EchoWorker(wire)
        let answer = try worker.exchange(
            "PROPFIND", "/a%2Fb/?x",
            [
                ("REMOTE_USER", "ana"), ("REMOTE_ADDR", "192.0.2.7"), ("HTTP_DEPTH", "1"),
                ("HTTP_REMOTE_USER", "root"), ("HTTP_X", String(repeating: "y", count: 9000)),
            ])
        #expect(answer.status == "200 OK")
        #expect(answer.isWhole)
        #expect(answer.said("method") == "PROPFIND")
        #expect(answer.said("target") == "/a%2Fb/?x")
        #expect(answer.said("user") == "ana")
        #expect(answer.said("address") == "192.0.2.7")
        #expect(answer.text.contains("field Depth: 1\n"))
        #expect(answer.fields["Content-Length"] == String(answer.body.count))
    }

    @Test(arguments: Wire.allCases, [0, 1, 2, 8191, 8192, 65535, 65536, 65537, 3_000_000])
    func `a body of any size arrives byte for byte`(wire: Wire, size: Int) throws {
        let worker = try EchoWorker(wire)
        let body = noise(size)
        let answer = try worker.exchange("PUT", "/x", body: body)
        #expect(answer.said("bytes") == String(size))
        #expect(answer.said("sum") == sum(body))
        #expect(answer.said("length") == String(size))
    }

    @Test func `a FastCGI body without a length is read to its end`() throws {
        let worker = try EchoWorker(.fastcgi)
        let body = noise(200_000)
        let client = try worker.connect()
        client.send(Wire.fastcgi.request(Wire.variables("PUT", "/x"), body: body, announced: nil))
        let (bytes, end) = client.receiveAll()
        let answer = try Wire.fastcgi.answer(bytes, end)
        #expect(answer.said("length") == "-")
        #expect(answer.said("sum") == sum(body))
    }

    @Test(arguments: Wire.allCases) func `a body that ends before its length is truncated`(wire: Wire) throws
    {
        let worker = try EchoWorker(wire)
        for size in [0, 1, 99, 70_000] {
            let client = try worker.connect()
            client.send(
                wire.request(Wire.variables("PUT", "/x"), body: noise(size), announced: size + 1))
            client.finishSending()
            let (bytes, end) = client.receiveAll()
            #expect(try wire.answer(bytes, end).text == "truncated", "\(size)")
        }
    }

    @Test func `a FastCGI body without a length that breaks off is truncated`() throws {
        let worker = try EchoWorker(.fastcgi)
        let all = Wire.fastcgi.request(Wire.variables("PUT", "/x"), body: noise(100_000))
        // In the midst of a record, between two, and before the one that says that it is the end.
        for cut in [30_000, all.count - FastCGI.endOfInput.count, all.count - 1] {
            let client = try worker.connect()
            client.send(Array(all[..<cut]))
            client.finishSending()
            let (bytes, end) = client.receiveAll()
            #expect(try Wire.fastcgi.answer(bytes, end).text == "truncated", "\(cut)")
        }
    }

    @Test func `a FastCGI request that the web server aborts is truncated`() throws {
        let worker = try EchoWorker(.fastcgi)
        let client = try worker.connect()
        client.send(
            FastCGI.begin() + FastCGI.parameters(Wire.variables("PUT", "/x")) + FastCGI.input(noise(100))
                + FastCGI.record(2, []))
        let (bytes, end) = client.receiveAll()
        #expect(try Wire.fastcgi.answer(bytes, end).text == "truncated")
    }

    @Test(arguments: Wire.allCases) func `a body over the limit is answered, although it is not read`(
        wire: Wire
    ) throws {
        let worker = try EchoWorker(wire, "--max-body-bytes=1000")
        #expect(try worker.exchange("PUT", "/x", body: noise(1000)).status == "200 OK")
        let answer = try worker.exchange("PUT", "/x", body: noise(5_000_000))
        #expect(answer.status == "413 Content Too Large")
        #expect(answer.isWhole)
    }

    @Test(arguments: Wire.allCases) func `an answer that does not look at the body arrives`(wire: Wire) throws
    {
        let worker = try EchoWorker(wire)
        for size in [1, 100, 100_000, 5_000_000] {
            let answer = try worker.exchange("PUT", "/early", body: noise(size))
            #expect(answer.status == "403 Forbidden")
            #expect(answer.text == "no")
            #expect(answer.isWhole)
        }
    }

    @Test(arguments: Wire.allCases) func `a stalled web server does not hold a worker for ever`(wire: Wire)
        throws
    {
        let worker = try EchoWorker(wire, "--peer-timeout=1")
        let whole = wire.request(Wire.variables("PUT", "/x"), body: noise(1000), announced: 1000)
        let mute = try worker.connect()
        let inHead = try worker.connect()
        inHead.send(Array(whole[..<20]))
        let inBody = try worker.connect()
        inBody.send(Array(whole[..<(whole.count - 500)]))
        let answer = try worker.exchange("GET", "/x")
        #expect(answer.status == "200 OK")
        let (bytes, end) = inBody.receiveAll()
        #expect(try wire.answer(bytes, end).text == "truncated")
        #expect(mute.receiveAll().bytes.isEmpty)
    }

    @Test(arguments: Wire.allCases) func `a web server that goes away costs nothing`(wire: Wire) throws {
        let worker = try EchoWorker(wire)
        for _ in 0..<3 {
            let client = try worker.connect()
            client.send(wire.request(Wire.variables("GET", "/large/9000000"), announced: 0))
            client.close()
        }
        #expect(try worker.exchange("GET", "/x").status == "200 OK")
        #expect(worker.logs("closed"))
        #expect(worker.program.isRunning)
    }

    @Test(arguments: Wire.allCases) func `what is not the protocol is not answered by a crash`(wire: Wire)
        throws
    {
        let worker = try EchoWorker(wire)
        let garbage: [[UInt8]] = [
            [], Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [0xFF, 0, 0, 0, 0, 0, 0, 0],
            [1, 1, 0, 1, 0, 8],
            FastCGI.begin(role: 2) + FastCGI.parameters([]) + FastCGI.endOfInput,
            FastCGI.record(4, [1, 2, 3]),
            FastCGI.begin() + FastCGI.record(4, [0x80, 0xFF, 0xFF, 0xFF, 1]) + FastCGI.record(4, []),
            FastCGI.record(9, []), Array("5:abc".utf8), noise(3000),
        ]
        for bytes in garbage where !bytes.isEmpty {
            let client = try worker.connect()
            client.send(bytes)
            client.finishSending()
            #expect(client.receiveAll().end != .timedOut)
        }
        // One that says nothing is not worth a line.
        let probe = try worker.connect()
        probe.close()
        #expect(try worker.exchange("GET", "/x").status == "200 OK")
        #expect(worker.program.log.split(separator: "\n").count <= garbage.count)
        #expect(worker.logs(wire == .scgi ? "not SCGI" : "not FastCGI"))
    }

    @Test(arguments: [
        (
            [("REQUEST_METHOD", "GET"), ("PATH_INFO", "/a")], "500 Internal Server Error",
            "does not send REQUEST_URI"
        ),
        (
            Wire.variables("GET", "/", [("CONTENT_LENGTH", "7x")]), "400 Bad Request",
            "CONTENT_LENGTH cannot be"
        ),
        (
            Wire.variables("GET", "/", [("REMOTE_USER", "a"), ("REMOTE_USER", "b")]),
            "500 Internal Server Error",
            "two different values of REMOTE_USER"
        ),
    ])
    func `variables that do not make a request are answered and logged`(
        variables: [(String, String)], status: String, log: String
    ) throws {
        let worker = try EchoWorker(.fastcgi)
        let client = try worker.connect()
        client.send(Wire.fastcgi.request(variables))
        let (bytes, end) = client.receiveAll()
        #expect(try Wire.fastcgi.answer(bytes, end).status == status)
        #expect(worker.logs(log))
    }

    @Test func `a connection is not kept, even when the web server asks for it`() throws {
        let worker = try EchoWorker(.fastcgi)
        let client = try worker.connect()
        client.send(
            FastCGI.begin(keepsConnection: true) + FastCGI.parameters(Wire.variables("GET", "/x"))
                + FastCGI.endOfInput)
        let (bytes, end) = client.receiveAll()
        #expect(end == .closed)
        #expect(try Wire.fastcgi.answer(bytes, end).isWhole)
    }
}
