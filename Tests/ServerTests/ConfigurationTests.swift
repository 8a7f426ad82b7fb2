import Gateway
import Server
import Testing
import WebDAV
import XML

@Suite("Configuration of a worker") struct ConfigurationTests {
    /// A configuration with nothing as by default.
    static var everything: Configuration {
        var all = Configuration()
        all.directory = "/srv/a=b c/ä"
        all.listen = "unix:/run/x.sock"
        all.wire = .scgi
        all.workers = 7
        all.maxRequestsPerWorker = 0
        all.socketMode = 0o600
        all.socketGroup = "www-data"
        all.defaults = true
        all.autocreate = true
        all.currentUserPrincipal = "/me/"
        all.multiUser = true
        all.principalPrefix = "/people/"
        all.principalSuffix = ""
        all.routePrefix = "/dav/"
        all.noFsync = true
        all.worktree = true
        all.eager = true
        all.limits.bodyBytes = 1
        all.limits.xml.bytes = 2
        all.limits.xml.depth = 3
        all.limits.xml.elements = 4
        all.limits.xml.attributes = 5
        all.limits.instances = 6
        all.requestTimeoutSeconds = 0
        all.peerTimeoutSeconds = 8
        all.logFormat = .json
        return all
    }

    @Test func `arguments are read back as what they were printed from`() throws {
        let all = Self.everything
        #expect(try Configuration(arguments: all.arguments) == all)
        #expect(all.arguments.count == 26)
        #expect(try Configuration(arguments: all.arguments).arguments == all.arguments)
    }

    @Test func `what is as by default is not printed`() throws {
        var least = Configuration()
        least.directory = "/srv"
        #expect(least.arguments == ["--directory=/srv"])
        #expect(try Configuration(arguments: ["--directory=/srv"]) == least)
    }

    @Test func `any one setting alone survives`() throws {
        for argument in Self.everything.arguments where !argument.hasPrefix("--directory") {
            let one = try Configuration(arguments: ["--directory=/srv", argument])
            #expect(one.arguments.sorted() == ["--directory=/srv", argument].sorted())
        }
    }

    @Test(
        arguments: [
            ([], .missing("--directory")), (["--directory="], .missing("--directory")),
            (["--nonsense"], .unknown("--nonsense")), (["--nonsense=1"], .unknown("--nonsense")),
            (["/srv"], .unknown("/srv")), (["--Directory=/srv"], .unknown("--Directory")),
            (["--directory"], .invalid(option: "--directory", value: "", needs: "a value")),
            (["--workers=0"], .invalid(option: "--workers", value: "0", needs: "a number over 0")),
            (["--workers=x"], .invalid(option: "--workers", value: "x", needs: "a number over 0")),
            (["--protocol=http"], .invalid(option: "--protocol", value: "http", needs: "fastcgi or scgi")),
            (
                ["--socket-mode=1000"],
                .invalid(option: "--socket-mode", value: "1000", needs: "an octal number like 660")
            ),
            (
                ["--socket-mode=8"],
                .invalid(option: "--socket-mode", value: "8", needs: "an octal number like 660")
            ),
            (["--defaults=no"], .invalid(option: "--defaults", value: "no", needs: "no value")),
            (
                ["--peer-timeout=0"],
                .invalid(option: "--peer-timeout", value: "0", needs: "a number, 1 at least")
            ),
        ] as [([String], ConfigurationError)])
    func `wrong arguments are refused`(arguments: [String], error: ConfigurationError) {
        #expect(throws: error) { try Configuration(arguments: arguments) }
    }

    @Test func `no limit on requests is none for the gateway`() {
        var configuration = Configuration()
        #expect(configuration.gatewayOptions.maxRequests == 10_000)
        configuration.maxRequestsPerWorker = 0
        #expect(configuration.gatewayOptions.maxRequests == nil)
    }
}
