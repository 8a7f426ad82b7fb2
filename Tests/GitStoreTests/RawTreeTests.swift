import CLibgit2
import Store
import Testing

@testable import GitStore

@Suite("Trees that are read like another one") struct RawTreeTests {
    /// A tree with the entries of `names`, each with an id made of its number.
    private func tree(_ names: [String: UInt8]) -> [UInt8] {
        names.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { name, number in
            Array("100644 \(name)\0".utf8) + [UInt8](repeating: number, count: ObjectID.size)
        }
    }

    private func read(_ bytes: [UInt8]) throws -> RawTree {
        try RawTree(id: LooseObjects.id(of: GIT_OBJECT_TREE, bytes), bytes: bytes)
    }

    @Test func `any two trees are read, and their changes told, as without the other one`() throws {
        var numbers = SystemRandomNumberGenerator()
        var names: [String: UInt8] = [".xandikos": 1]
        var before = try read(tree(names))
        for round in 0..<400 {
            var now = names
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                // Few different bytes, so that parts of entries look like others.
                let name = "a\(Int.random(in: 0..<40, using: &numbers))"
                now[name] =
                    Bool.random(using: &numbers) ? UInt8.random(in: 0x30...0x32, using: &numbers) : nil
            }
            let bytes = tree(now)
            let id = try LooseObjects.id(of: GIT_OBJECT_TREE, bytes)
            let quick = try RawTree(id: id, bytes: bytes, like: before)
            let slow = try read(bytes)
            #expect(quick.entries.map(\.start) == slow.entries.map(\.start), "round \(round)")
            #expect(quick.items.map(\.nameStart) == slow.items.map(\.nameStart))
            #expect(quick.items.map(\.nameEnd) == slow.items.map(\.nameEnd))
            let all = Set(names.keys).union(now.keys).subtracting([".xandikos"])
            let expected = all.filter { names[$0] != now[$0] }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(before.changes(to: quick).map(\.name.description) == expected)
            for case .written(let item) in before.changes(to: quick) {
                let number = try #require(now[item.name.description])
                #expect(item.version.description == String(repeating: "3\(number - 0x30)", count: 20))
            }
            (names, before) = (now, quick)
        }
    }

    @Test func `a tree that is cut off is refused, like another one or not`() throws {
        let base = try read(tree(["a": 1, "b": 2, "c": 3]))
        let cut = Array(base.bytes.dropLast(3))
        #expect(throws: GitError.self) { try RawTree(id: base.id, bytes: cut, like: base) }
    }

    @Test func `a tree out of order is read as it is`() throws {
        let base = try read(tree(["b": 2, "c": 3]))
        let odd = base.bytes + tree(["a": 1])
        let read = try RawTree(id: base.id, bytes: odd, like: base)
        #expect(read.items.map { read.item($0).name.description } == ["a", "b", "c"])
        #expect(read.item(named: Array("a".utf8)) != nil)
    }
}
