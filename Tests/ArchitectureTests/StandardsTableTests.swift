import Foundation
import Testing

@Suite("The table of standards in the README") struct StandardsTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The standards that are spoken.
    private static let standards = [
        "4918", "5689", "3253", "3744", "5397", "4331", "5995", "6578", "8144", "4791", "6352", "6764",
        "6638",
        "5546", "7953", "5545", "2426", "6350", "4790", "5051", "3875", "6047", "2033", "7529", "7265",
        "6321",
        "6868", "7986", "9073", "9074", "9253", "7095", "6351",
    ]

    private static func rows() throws -> [[String]] {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let table = readme.split(separator: "\n").drop { !$0.hasPrefix("| standard |") }
            .prefix { $0.hasPrefix("|") }
        return table.dropFirst(2).map { line in
            line.dropFirst().dropLast().components(separatedBy: " | ").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    private static func paths(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }

    @Test func `each row names the code and the tests, and both are there`() throws {
        let rows = try Self.rows()
        #expect(rows.count > 15)
        for row in rows {
            try #require(row.count == 4, "\(row)")
            for (cell, folder) in [(row[2], "Sources"), (row[3], "Tests")] {
                let paths = Self.paths(in: cell)
                #expect(!paths.isEmpty, "\(row[0]): \(folder)")
                for path in paths {
                    let file = Self.root.appending(path: "\(folder)/\(path)").path
                    #expect(FileManager.default.fileExists(atPath: file), "\(row[0]): \(folder)/\(path)")
                }
            }
        }
    }

    @Test(arguments: standards) func `each standard has its row`(_ number: String) throws {
        #expect(try Self.rows().contains { $0[0].contains("[RFC \(number)](") })
    }
}
