internal import Glibc
internal import HTTP

/// Answers what the tests ask for by the path, and else says what it has understood of a request.
final class EchoResponder: Responder {
    private let maxBodyBytes: Int

    init(maxBodyBytes: Int) {
        self.maxBodyBytes = maxBodyBytes
    }

    func respond(to request: Request) -> Response {
        let parts = request.target.split(separator: "/").map(String.init)
        switch parts.first {
        case "pid": return Response(.ok, text: "\(getpid())")
        case "sleep":
            usleep(UInt32(parts.last ?? "") ?? 0)
            return Response(.ok, text: "\(getpid())")
        case "spin":
            while true { usleep(1000) }
        case "crash": abort()
        case "early": return Response(.forbidden, text: "no")
        case "empty": return Response(.noContent)
        case "large":
            return Response(.ok, body: .bytes([UInt8](repeating: 0x78, count: Int(parts.last ?? "") ?? 0)))
        case "stream": return stream(pieces: Int(parts.last ?? "") ?? 0, failsAfter: nil)
        case "broken": return stream(pieces: .max, failsAfter: Int(parts.last ?? "") ?? 0)
        case "fields":
            return Response(
                .multiStatus,
                fields: ["X-Two": "a\r\nSet-Cookie: b", "bad name": "x", "Content-Length": "7"],
                body: .bytes(Array("<x/>".utf8)))
        default: return echo(request)
        }
    }

    private func stream(pieces: Int, failsAfter: Int?) -> Response {
        Response(
            .multiStatus, fields: ["Content-Type": "text/plain"],
            body: .stream { (sink) throws(StreamError) in
                for piece in 0..<pieces {
                    if piece == failsAfter { throw .failed("broken on purpose") }
                    do throws(SinkClosed) {
                        try sink.write([UInt8](repeating: 0x30 + UInt8(piece % 10), count: 10_000))
                    } catch {
                        throw .closed
                    }
                }
            })
    }

    private func echo(_ request: Request) -> Response {
        let body: [UInt8]
        do {
            body = try request.body.collect(limit: maxBodyBytes)
        } catch {
            switch error {
            case .truncated: return Response(.badRequest, text: "truncated")
            case .tooLarge: return Response(.contentTooLarge, text: "too large")
            }
        }
        var text = "method \(request.method)\ntarget \(request.target)\nscript \(request.scriptName)\n"
        text += "user \(request.remoteUser ?? "-")\naddress \(request.remoteAddress ?? "-")\n"
        text += "length \(request.body.length.map(String.init) ?? "-")\nbytes \(body.count)\n"
        text += "sum \(body.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF })\n"
        for field in request.fields.all { text += "field \(field.name): \(field.value)\n" }
        return Response(.ok, text: text)
    }
}
