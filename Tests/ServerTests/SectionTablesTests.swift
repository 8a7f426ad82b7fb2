import Foundation
import Testing

@Suite("The tables of what is tested of RFC 4791 and RFC 6352") struct SectionTablesTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["CalDAVTests", "CardDAVTests"])
    func `each section names tests that are there, or why there can be none`(_ target: String) throws {
        let table = Self.tests.appending(path: "\(target)/Exchanges/README.md")
        let rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| §") || $0.hasPrefix("| RFC")
        }
        #expect(rows.count > 20)
        for row in rows where !row.contains("| not here: ") {
            let files = row.split(separator: "`").filter { $0.contains("/") }
            #expect(!files.isEmpty, "\(row)")
            for file in files {
                #expect(
                    FileManager.default.fileExists(atPath: Self.tests.appending(path: String(file)).path),
                    "\(row): \(file)")
            }
        }
    }
}
