internal import HTTP

/// A connection that speaks SCGI 1.
///
/// SCGI has no mark for the end of a response but the end of the connection. To be able to say that one broke off, the
/// last byte of the request stays unread until the response is sent: closing a socket with unread bytes is a reset.
final class SCGIWire: Wire {
    private let connection: Connection
    private let timer: RequestTimer
    /// Bytes of the request that are still to be read; the last of them is left for `finish`.
    private var unread = 0

    /// Takes over a connection.
    init(_ connection: Connection, timer: RequestTimer) {
        self.connection = connection
        self.timer = timer
    }

    func receive() -> Arrival {
        var parser = SCGIParser()
        do throws(SCGIError) {
            while true {
                guard let bytes = connection.read(16384, peek: true), !bytes.isEmpty else {
                    return .nothing(parser.hasBytes ? "the head of a request did not arrive" : nil)
                }
                let (used, head) = try parser.feed(bytes[...])
                let isBodyless = head?.contentLength == 0
                guard consume(isBodyless ? used - 1 : used) else { return .nothing("the connection broke") }
                guard let head else { continue }
                unread = isBodyless ? 1 : head.contentLength
                return request(head, length: head.contentLength)
            }
        } catch {
            return .refused("not SCGI: \(error)", .badRequest)
        }
    }

    private func request(_ head: SCGIParser.Head, length: Int) -> Arrival {
        var variables = CGIVariables()
        for variable in head.variables { variables.set(name: variable.name, value: variable.value) }
        var left = length
        return .request(variables, length: length) { () throws(BodyError) in
            let piece = try self.nextPiece(left)
            left -= piece.count
            return piece
        }
    }

    /// The next piece of a body of which `left` bytes are to come.
    private func nextPiece(_ left: Int) throws(BodyError) -> [UInt8] {
        guard left > 0 else { return [] }
        let isLast = left == 1
        timer.waitForPeer(on: connection.descriptor, toRead: true)
        let piece = connection.read(isLast ? 1 : min(left - 1, 65536), peek: isLast)
        timer.restart()
        guard let piece, !piece.isEmpty else { throw .truncated }
        if !isLast { unread -= piece.count }
        return piece
    }

    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        defer { timer.restart() }
        while !rest.isEmpty {
            timer.waitForPeer(on: connection.descriptor)
            let piece = rest.prefix(1 << 20)
            guard connection.write(Array(piece)) else { return false }
            rest = rest[piece.endIndex...]
        }
        return true
    }

    func finish(isComplete: Bool) -> Bool {
        timer.waitForPeer(on: connection.descriptor)
        if isComplete, unread != 1 || !consume(1) { connection.linger() }
        timer.stop()
        connection.close()
        return true
    }

    /// Reads bytes that are known to be there.
    private func consume(_ count: Int) -> Bool {
        var left = count
        while left > 0 {
            guard let bytes = connection.read(left), !bytes.isEmpty else { return false }
            left -= bytes.count
        }
        return true
    }
}
