/// Where to wait for the web server.
public enum ListenAddress: Hashable, Sendable {
    /// A socket in the file system.
    case unix(path: String)
    /// A TCP port.
    case tcp(host: String, port: UInt16)

    /// Reads `unix:PATH`, `HOST:PORT` or `[IPv6]:PORT`.
    ///
    /// - Throws: `badAddress`.
    public init(_ text: String) throws(PoolError) {
        if text.utf8.starts(with: "unix:".utf8) {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, !path.utf8.contains(0) else { throw .badAddress(text) }
            self = .unix(path: path)
            return
        }
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw .badAddress(text) }
        var host = text[..<colon]
        if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
        } else if host.utf8.contains(UInt8(ascii: ":")) {
            throw .badAddress(text)
        }
        guard !host.isEmpty else { throw .badAddress(text) }
        self = .tcp(host: String(host), port: port)
    }
}
