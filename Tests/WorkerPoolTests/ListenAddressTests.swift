import Testing
import WorkerPool

@Suite("Where to listen") struct ListenAddressTests {
    @Test(
        arguments: [
            ("unix:/run/a.sock", .unix(path: "/run/a.sock")), ("unix:a:1", .unix(path: "a:1")),
            ("127.0.0.1:9000", .tcp(host: "127.0.0.1", port: 9000)),
            ("[::1]:9000", .tcp(host: "::1", port: 9000)),
            ("localhost:0", .tcp(host: "localhost", port: 0)),
        ] as [(String, ListenAddress)])
    func `an address is a path or a host and a port`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
    }

    @Test(arguments: [
        "", "unix:", "unix:a\0b", "/run/a.sock", ":9000", "host", "host:", "host:65536", "host:-1",
        "::1:9000", "[]:1",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: PoolError.badAddress(text)) { try ListenAddress(text) }
    }
}
