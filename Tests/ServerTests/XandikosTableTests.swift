import Foundation
import Testing

@Suite("The table of what a predecessor got wrong") struct XandikosTableTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func rows() throws -> [(gap: String, shown: String)] {
        let table = tests.appending(path: "ServerTests/Exchanges/xandikos/README.md")
        return try String(contentsOf: table, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| G")
        }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 3, "\(line)")
            return (cells[0], cells[2])
        }
    }

    @Test func `each gap has a row, and each row what shows it or why nothing can`() throws {
        let rows = try Self.rows()
        let gaps =
            (1...18).map { "G\($0)" } + ["G20–G38"] + ((39...64).map { $0 } + (70...86)).map { "G\($0)" }
        #expect(rows.map(\.gap) == gaps)
        for (gap, shown) in rows where !shown.hasPrefix("not here: ") {
            let files = shown.split(separator: "`").filter { $0.contains("/") }
            #expect(!files.isEmpty, "\(gap) is shown by nothing")
            for file in files {
                let path = Self.tests.appending(path: String(file)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(gap): \(file)")
            }
        }
    }

    @Test func `each exchange of the folder has a row`() throws {
        let shown = try Self.rows().map(\.shown).joined()
        let folder = Self.tests.appending(path: "ServerTests/Exchanges/xandikos")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for file in files where file.hasSuffix(".http") {
            #expect(shown.contains("`ServerTests/Exchanges/xandikos/\(file)`"), "\(file)")
        }
    }
}
