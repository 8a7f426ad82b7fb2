import Foundation
import Testing

/// A script beside the tests, run with the Python that `ARTEMISIOS_PYTHON` names, else `python3`.
public enum PythonProgram {
    /// A script that did not end well, and what it said.
    public struct Failure: Error, CustomStringConvertible {
        /// The script and its stderr.
        public let description: String
    }

    /// What the script prints, line by line; throws what it says on stderr when it fails.
    public static func lines(of script: String, _ arguments: [String], beside test: String = #filePath) throws
        -> [Substring]
    {
        let folder = URL(filePath: test).deletingLastPathComponent()
        let python = ProcessInfo.processInfo.environment["ARTEMISIOS_PYTHON"] ?? "python3"
        let errors = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID()).txt")
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
