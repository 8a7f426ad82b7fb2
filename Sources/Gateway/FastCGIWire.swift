internal import CFCGI
internal import Glibc
internal import HTTP

/// A connection that speaks FastCGI, by way of libfcgi.
///
/// libfcgi accepts by itself and then waits for the head of the request without a limit. So the connection is accepted
/// here, with time limits on it, and put where libfcgi keeps a connection from the request before: it goes on reading
/// there. Should it not like what it reads, it closes the connection and wants to accept the next one from descriptor -1,
/// which fails at once.
@safe final class FastCGIWire: Wire {
    private let connection: Connection
    private let timer: RequestTimer
    private let request: UnsafeMutablePointer<FCGX_Request>
    private var unread = 0

    /// Makes libfcgi ready; once for the process, and before it sets up its own signals, because libfcgi changes them.
    static func setUp() throws(GatewayError) {
        // How long libfcgi waits for the web server to close a connection it could not make sense of.
        unsafe setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0)
        let code = FCGX_Init()
        guard code == 0 else { throw .system(call: "FCGX_Init", code: code) }
    }

    /// Takes over a connection.
    init(_ connection: Connection, timer: RequestTimer) {
        self.connection = connection
        self.timer = timer
        unsafe request = .allocate(capacity: 1)
        unsafe request.initialize(to: FCGX_Request())
        unsafe FCGX_InitRequest(request, -1, 0)
        unsafe request.pointee.ipcFd = connection.descriptor
        unsafe request.pointee.keepConnection = 1
    }

    deinit {
        // 0: the connection is closed by its owner.
        unsafe FCGX_Free(request, 0)
        unsafe request.deallocate()
    }

    func receive() -> Arrival {
        // Somebody who only looks whether the socket is alive says nothing.
        guard connection.awaitInput() else { return .nothing(nil) }
        guard unsafe FCGX_Accept_r(request) == 0 else {
            connection.forget()
            return .nothing("not FastCGI, or the head of a request did not arrive")
        }
        var variables = CGIVariables()
        var next = unsafe request.pointee.envp
        while let entry = unsafe next?.pointee {
            if let equals = unsafe strchr(entry, Int32(UInt8(ascii: "="))) {
                let value = unsafe equals + 1
                unsafe variables.set(
                    name: UnsafeRawBufferPointer(start: entry, count: equals - entry),
                    value: UnsafeRawBufferPointer(start: value, count: strlen(value)))
            }
            unsafe next = next?.advanced(by: 1)
        }
        guard unsafe request.pointee.role == FCGI_RESPONDER else {
            return .refused("the web server asks for another FastCGI role than responder", .notImplemented)
        }
        do throws(CGIError) {
            let length = try variables.contentLength()
            unread = length ?? .max
            return .request(variables, length: length) { () throws(BodyError) in try self.nextPiece() }
        } catch {
            return .refused(error.description, error.status)
        }
    }

    /// The next piece of the body.
    ///
    /// Without a length the body ends where the web server says so, which is not where the connection breaks.
    private func nextPiece() throws(BodyError) -> [UInt8] {
        guard let input = unsafe request.pointee.in, unread > 0 else { return [] }
        let limit = min(unread, 65536)
        timer.waitForPeer(on: connection.descriptor, toRead: true)
        defer { timer.restart() }
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            filled = Int(max(0, unsafe FCGX_GetStr(buffer.baseAddress, Int32(limit), input)))
        }
        guard unsafe FCGX_GetError(input) == 0 else { throw .truncated }
        if unread != .max {
            unread -= piece.count
            if piece.count < limit { throw .truncated }
        }
        return piece
    }

    func send(_ bytes: [UInt8]) -> Bool {
        guard let output = unsafe request.pointee.out else { return false }
        timer.waitForPeer(on: connection.descriptor)
        defer { timer.restart() }
        if bytes.count < Self.bufferBytes {
            // It goes with what comes next: mostly with the end of the response, in one piece.
            let sent = unsafe bytes.withUnsafeBytes { buffer in
                unsafe FCGX_PutStr(buffer.baseAddress, Int32(buffer.count), output)
            }
            return Int(sent) == bytes.count
        }
        guard unsafe FCGX_FFlush(output) == 0 else { return false }
        let id = unsafe request.pointee.requestId
        var start = 0
        while start < bytes.count {
            let count = min(bytes.count - start, Self.recordBytes)
            // FastCGI §3.3, §5.3: version 1, FCGI_STDOUT, request, length of the content, no padding.
            let head = [
                1, 6, UInt8(id >> 8 & 255), UInt8(id & 255), UInt8(count >> 8), UInt8(count & 255), 0, 0,
            ]
            guard connection.write(head, bytes, start..<start + count) else { return false }
            timer.waitForPeer(on: connection.descriptor)
            start += count
        }
        return true
    }

    /// What libfcgi gathers before it writes; more is written from here, without a copy and in larger records.
    private static let bufferBytes = 8192
    /// The largest content of a record that is a multiple of eight bytes.
    private static let recordBytes = 65528

    func finish(isComplete: Bool) -> Bool {
        guard let input = unsafe request.pointee.in, let output = unsafe request.pointee.out else {
            return false
        }
        timer.waitForPeer(on: connection.descriptor)
        guard isComplete else {
            // A web server that does not keep connections takes the end of one for the end of a response. A record of a
            // FastCGI version that does not exist is an error to all.
            _ = connection.write([0xFF, 0, 0, 0, 0, 0, 0, 0])
            timer.stop()
            connection.close()
            return true
        }
        // Both have to be closed for the end of the request to be said; the log is not FastCGI's.
        unsafe FCGX_FClose(request.pointee.err)
        let isSent = unsafe FCGX_FClose(output) == 0
        let isRead = unsafe unread == 0 || FCGX_GetError(input) == 0 ? FCGX_GetChar(input) == -1 : false
        if !isRead { connection.linger() }
        timer.stop()
        connection.close()
        return isSent
    }
}
