import Foundation
import Store
import TestSupport
import Testing

@Suite("What a power cut leaves") struct PowerCutTests {
    @Test func `an object that was torn is written anew when it is needed`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        let id = try workshop.git("work", "hash-object", "--stdin", input: "2").dropLast()
        try workshop.folder.write("torn", to: "work/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        try workshop.collection("work").write("2", to: "a")
        #expect(try workshop.git("work", "show", "HEAD:a") == "2")
        try workshop.expectSound("work")
    }

    @Test func `files that were to be renamed go with the next write`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.collection("work").write("2", to: "a")
        try workshop.folder.write("half", to: "work/.artemisios-file-1-0")
        try workshop.collection("work").write("3", to: "a")
        #expect(try workshop.git("work", "status", "--porcelain").isEmpty)
    }

    @Test func `writing the same bytes again repairs a damaged object`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work")
        try workshop.collection("work").write("2", to: "a")
        let id = try workshop.git("work", "rev-parse", "HEAD:a").dropLast()
        let file = "work/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        try FileManager.default.removeItem(atPath: workshop.folder.path(file))
        try workshop.folder.write("torn", to: file)
        let head = try workshop.git("work", "rev-parse", "HEAD")
        try workshop.collection("work").write("2", to: "a")
        #expect(try workshop.git("work", "show", "HEAD:a") == "2")
        #expect(try workshop.git("work", "rev-parse", "HEAD") == head)
        try workshop.expectSound("work")
    }
}
