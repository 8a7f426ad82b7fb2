import Foundation
import TestSupport
import Testing
import XML

/// A table beside the exchanges, a line for each entry.
private struct Table {
    /// The lines but for comments.
    let lines: [String]

    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    init(_ name: String) throws {
        let file = Self.tests.appendingPathComponent("ServerTests/Exchanges/\(name)")
        lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: tests.appendingPathComponent(path).path)
    }
}

@Suite("Every condition and every lesson has a test") struct TablesTests {
    @Test(arguments: Exchange.all("lessons"))
    func lessons(_ exchange: Exchange) throws { try exchange.replay() }

    @Test func `each lesson names a test that is there`() throws {
        let lines = try Table("lessons.txt").lines
        #expect(lines.compactMap { Int($0.split(separator: " ")[0]) } == Array(1...44))
        for line in lines where !line.contains(" - ") {
            let path = line.components(separatedBy: ": ").last ?? ""
            #expect(Table.isThere(path), "\(line)")
        }
    }

    @Test func `each condition is in an answer of the exchange that the table names`() throws {
        let namespaces = [
            "D": "DAV:", "C": "urn:ietf:params:xml:ns:caldav", "CARD": "urn:ietf:params:xml:ns:carddav",
        ]
        let lines = try Table("conditions.txt").lines
        #expect(lines.count > 50)
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            try #require(words.count == 3, "\(line)")
            if words[2].hasPrefix("- ") { continue }
            let name = words[1].split(separator: ":").map(String.init)
            let uri = try #require(namespaces[name[0]], "\(line)")
            let file = Table.tests.appendingPathComponent(words[2]).path
            try #require(FileManager.default.fileExists(atPath: file), "\(line)")
            let names = try Exchange(file: file).pairs.flatMap { pair in
                pair.response.body.hasPrefix("<")
                    ? try conditions(in: XMLReader.parse(Array(pair.response.body.utf8))) : []
            }
            #expect(names.contains(ElementName(Namespace(uri), name[1])), "\(line)")
        }
    }

    private func conditions(in element: XMLElement) -> [ElementName] {
        let own = element.name == .dav("error") ? element.elements.map(\.name) : []
        return own + element.elements.flatMap { conditions(in: $0) }
    }
}
