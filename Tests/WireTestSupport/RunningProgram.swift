import Foundation
import Glibc

/// A program of this package, running.
public final class RunningProgram {
    private let process = Process()
    private let output: FileHandle
    private let outputPath: String

    /// Starts the program called `name`.
    ///
    /// - Parameters:
    ///   - name: a product of this package.
    ///   - arguments: its arguments.
    ///   - socket: its descriptor 0.
    ///   - environment: added to the one of the test.
    ///   - folder: where its output is kept.
    /// - Throws: when it cannot be started.
    public init(
        _ name: String, _ arguments: [String], socket: Int32? = nil, environment: [String: String] = [:],
        folder: WireFolder
    ) throws {
        outputPath = folder.path("\(name)-\(UInt32.random(in: 0 ... .max)).log")
        guard FileManager.default.createFile(atPath: outputPath, contents: nil) else {
            throw WireFailure(outputPath)
        }
        guard let handle = FileHandle(forWritingAtPath: outputPath) else { throw WireFailure(outputPath) }
        output = handle
        process.executableURL = URL(fileURLWithPath: Self.path(name))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        ) { $1 }
        process.standardError = output
        process.standardInput = socket.map { FileHandle(fileDescriptor: $0, closeOnDealloc: false) }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The path of a product of this package.
    public static func path(_ name: String) -> String {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        // The tests run inside a bundle beside the products, or as the bundle itself.
        for candidate in [folder, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()] {
            let path = candidate.appendingPathComponent(name).path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return folder.appendingPathComponent(name).path
    }

    /// Its process number.
    public var pid: Int32 { process.processIdentifier }
    /// Whether it has not ended.
    public var isRunning: Bool { process.isRunning }

    /// All that it has written so far.
    public var log: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    /// Sends it a signal.
    public func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// How it ended: the exit code, or 256 and the signal; nil when it does not end in time.
    public func ending(within seconds: Double = 20) -> Int32? {
        guard waitUntil(within: seconds, { !self.process.isRunning }) else { return nil }
        return process.terminationReason == .exit
            ? process.terminationStatus : 256 + process.terminationStatus
    }

    /// The processes that it has started and that still run.
    public var children: [Int32] {
        let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return (text ?? "").split(separator: " ").compactMap { Int32($0) }.filter { !hasEnded($0) }
    }
}

/// Whether a process has ended, be it that nobody has taken note of it yet.
public func hasEnded(_ pid: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    return status?.contains(") Z ") ?? true
}

/// How many sockets a process has open: one more while it has a connection.
public func openSockets(of pid: Int32) -> Int {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
    return descriptors.count {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)"))?
            .hasPrefix("socket:") ?? false
    }
}

/// Asks again and again, until it is so or the time is up.
public func waitUntil(within seconds: Double = 20, _ isSo: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while !isSo() {
        if Date() > end { return false }
        usleep(5000)
    }
    return true
}

/// A folder of a test, gone with it.
public final class WireFolder {
    private let root: String

    /// Makes the folder.
    public init() throws {
        var template = Array("/tmp/wire-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw WireFailure("mkdtemp") }
        root = template.dropLast().reduce(into: "") { $0.append(Character(UnicodeScalar(UInt8($1)))) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The path of what is called `name` in it.
    public func path(_ name: String) -> String { root + "/" + name }
}
