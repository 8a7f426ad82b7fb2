internal import Glibc

/// A connection from the web server, closed at the latest when nobody has it any more.
@safe final class Connection {
    /// The descriptor, -1 once it is closed.
    private(set) var descriptor: Int32

    /// Takes over an accepted connection.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close() }

    /// Waits for the other end to say something; false when it goes away before.
    func awaitInput() -> Bool {
        var byte: UInt8 = 0
        var count = -1
        repeat {
            count = unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        } while count < 0 && errno == EINTR
        return count == 1
    }

    /// Reads at most `limit` bytes, none at the end; nil when the connection is broken or its time is up.
    ///
    /// - Parameters:
    ///   - limit: bytes at most.
    ///   - peek: leave them to be read again.
    /// - Returns: the bytes that were there first.
    func read(_ limit: Int, peek: Bool = false) -> [UInt8]? {
        var count = -1
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            repeat {
                count = unsafe recv(descriptor, buffer.baseAddress, limit, peek ? Int32(MSG_PEEK) : 0)
            } while count < 0 && errno == EINTR
            filled = max(count, 0)
        }
        return count < 0 ? nil : bytes
    }

    /// Writes all of `bytes`; false when the connection is broken or its time is up.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Writes `head` and behind it the bytes of `range`; false when the connection is broken or its time is up.
    func write(_ head: [UInt8], _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range is of the bytes")
        var sent = 0
        while sent < head.count + range.count {
            let headSent = min(sent, head.count)
            let start = range.lowerBound + sent - headSent
            let count = unsafe head.withUnsafeBytes { head in
                unsafe bytes.withUnsafeBytes { bytes in
                    let parts = unsafe [
                        iovec(
                            iov_base: UnsafeMutableRawPointer(
                                mutating: head.baseAddress?.advanced(by: headSent)),
                            iov_len: head.count - headSent),
                        iovec(
                            iov_base: UnsafeMutableRawPointer(
                                mutating: bytes.baseAddress?.advanced(by: start)),
                            iov_len: range.upperBound - start),
                    ]
                    return unsafe writev(descriptor, parts, 2)
                }
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Says that nothing more will be written, and drops what still comes until the web server closes its end.
    ///
    /// Closing a socket with unread bytes resets the connection, and the web server may lose the answer (RFC 9112 §9.6
    /// tells the same of TCP). What comes is bounded by `lingerBytes`, each wait by `lingerMilliseconds`.
    func linger() {
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return }
        var left = Self.lingerBytes
        while left > 0 {
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&event, 1, Self.lingerMilliseconds)
            if count < 0 && errno == EINTR { continue }
            guard count > 0, let bytes = read(65536), !bytes.isEmpty else { return }
            left -= bytes.count
        }
    }

    /// Closes the connection; unread bytes make that a reset, which the web server sees as an error.
    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Forgets the descriptor, which somebody else has closed.
    func forget() {
        descriptor = -1
    }

    private static let lingerBytes = 64 << 20
    private static let lingerMilliseconds: Int32 = 2000
}
