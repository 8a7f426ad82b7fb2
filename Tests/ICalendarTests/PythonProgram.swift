import Foundation
import Testing

/// A script of `Dateutil/`, run with the Python that `ARTEMISIOS_PYTHON` names, else `python3`.
enum PythonProgram {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What the script prints, line by line; throws what it says on stderr when it fails.
    static func lines(of script: String, _ arguments: [String]) throws -> [Substring] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Dateutil")
        let python = ProcessInfo.processInfo.environment["ARTEMISIOS_PYTHON"] ?? "python3"
        let errors = FileManager.default.temporaryDirectory.appending(path: "\(script)-\(UUID()).txt")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: errors) } }

        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, folder.appending(path: script).path] + arguments
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "\(python) \(script): " + (try String(contentsOf: errors, encoding: .utf8)))
        }
        return text.split(separator: "\n")
    }
}
