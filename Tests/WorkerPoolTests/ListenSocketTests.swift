import Foundation
import Testing
import WireTestSupport

@Suite("Sockets of a pool") struct ListenSocketTests {
    private func attributes(_ path: String) throws -> [FileAttributeKey: Any] {
        try FileManager.default.attributesOfItem(atPath: path)
    }

    @Test func `mode and group are as asked for`() throws {
        let group = try #require(unsafe getgrgid(getgid()).map { unsafe String(cString: $0.pointee.gr_name) })
        let pool = try Pool(workers: 1, "--socket-mode", "600", "--socket-group", group)
        #expect(pool.isReady(1))
        #expect(try attributes(pool.path)[.posixPermissions] as? Int == 0o600)
        #expect(try attributes(pool.path)[.groupOwnerAccountName] as? String == group)
    }

    @Test func `by default nobody but owner and group may connect`() throws {
        let pool = try Pool(workers: 1)
        #expect(pool.isReady(1))
        #expect(try attributes(pool.path)[.posixPermissions] as? Int == 0o660)
    }

    @Test func `a socket that was left behind is replaced`() throws {
        let pool = try Pool(workers: 1)
        #expect(pool.isReady(1))
        pool.program.signal(SIGKILL)
        #expect(pool.program.ending() == 256 + SIGKILL)
        #expect(FileManager.default.fileExists(atPath: pool.path))
        let folder = pool.folder
        // Its workers end by themselves, and with them the socket answers no more.
        #expect(waitUntil { (try? WireClient(pool.path)) == nil })
        let next = try Pool(folder: folder, workers: 1)
        #expect(next.isReady(1))
        #expect(try next.exchange("GET", "/x").isWhole)
    }

    @Test func `a socket in use is left alone`() throws {
        let pool = try Pool(workers: 1)
        #expect(pool.isReady(1))
        let second = try Pool(folder: pool.folder, workers: 1)
        #expect(second.program.ending() == 71)
        #expect(second.program.log.contains("another process answers there"))
        #expect(try pool.exchange("GET", "/x").isWhole)
    }

    @Test func `a file that is no socket is left alone`() throws {
        let folder = try WireFolder()
        try "mine".write(toFile: folder.path("socket"), atomically: true, encoding: .utf8)
        let pool = try Pool(folder: folder, workers: 1)
        #expect(pool.program.ending() == 71)
        #expect(try String(contentsOfFile: pool.path, encoding: .utf8) == "mine")
    }

    @Test(arguments: [
        (["--socket-group", "no-such-group"], "no group no-such-group"),
        (["--listen", "nonsense"], "neither unix"),
        (["--listen", "unix:/no/such/folder/socket"], "/no/such/folder/socket"),
        (["--listen", "unix:/tmp/\(String(repeating: "x", count: 120))"], "too long"),
        (["--socket-mode", "999"], "octal"), (["--workers", "0"], "over 0"),
        (["--protocol", "http"], "http"),
    ])
    func `what cannot be is said, and fails`(arguments: [String], message: String) throws {
        let folder = try WireFolder()
        let program = try RunningProgram(
            "artemisios",
            ["serve", "-d", "/", "--no-maintenance", "--listen", "unix:\(folder.path("s"))"] + arguments,
            folder: folder)
        let ending = try #require(program.ending())
        #expect([64, 71].contains(ending))
        #expect(program.log.contains(message))
    }

    @Test func `a TCP port serves`() throws {
        let folder = try WireFolder()
        let port = 20_000 + Int.random(in: 0..<10_000)
        let program = try RunningProgram(
            "artemisios",
            [
                "serve", "-d", "/", "--no-maintenance", "--listen", "127.0.0.1:\(port)", "--protocol", "scgi",
                "--worker",
                RunningProgram.path("EchoWorker"),
            ], folder: folder)
        #expect(waitUntil { program.log.contains("is ready") })
        let request = Wire.scgi.request(Wire.variables("GET", "/over-tcp"))
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/bin/bash")
        client.arguments = ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); cat >&3; cat <&3"]
        let input = Pipe()
        let output = Pipe()
        client.standardInput = input
        client.standardOutput = output
        try client.run()
        input.fileHandleForWriting.write(Data(request))
        try input.fileHandleForWriting.close()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(answer.contains("target /over-tcp"))
    }

    @Test func `a socket that systemd passes is used, and stays`() throws {
        let folder = try WireFolder()
        let path = folder.path("socket")
        let socket = try listeningSocket(path)
        defer { close(socket) }
        // The shell gives its own process number to what it becomes.
        let script = """
            exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1
            exec "$0" serve -d / --worker "$1" --workers 1
            """
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        shell.arguments = [
            "-c", script, RunningProgram.path("artemisios"), RunningProgram.path("EchoWorker"),
        ]
        shell.standardInput = FileHandle(fileDescriptor: socket, closeOnDealloc: false)
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        #expect(try Wire.fastcgi.exchange(path, "GET", "/x").isWhole)
        shell.terminate()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        #expect(FileManager.default.fileExists(atPath: path))
    }
}
