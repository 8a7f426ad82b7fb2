import Foundation
import Testing

@Suite("What went wrong with invitations elsewhere") struct LessonTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    /// The tests of each lesson, by its number.
    private static func lessons() throws -> [String: [String]] {
        let text = try String(
            contentsOf: folder.appendingPathComponent("Scenarios/Lessons.txt"), encoding: .utf8)
        var lessons: [String: [String]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let sides = line.split(separator: "|")
            let number = String(try #require(sides.first?.split(separator: " ").first))
            let tests = try #require(sides.count == 2 ? sides[1] : nil, "\(line)")
            #expect(lessons[number] == nil, "\(number) is there twice")
            lessons[number] = tests.split(separator: " ").map(String.init)
        }
        return lessons
    }

    @Test func `each has a scenario`() throws {
        let numbers = (45...61).map(String.init) + (20...38).map { "G\($0)" }
        #expect(try Self.lessons().keys.sorted() == numbers.sorted())
    }

    @Test func `the scenarios are there`() throws {
        let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
        for (number, tests) in try Self.lessons() {
            #expect(!tests.isEmpty, "\(number)")
            for test in tests {
                let file =
                    test.hasPrefix("Tests/")
                    ? root.appendingPathComponent(test)
                    : Self.folder.appendingPathComponent("Scenarios/\(test).itip")
                #expect(FileManager.default.fileExists(atPath: file.path), "\(number): \(test)")
            }
        }
    }
}
