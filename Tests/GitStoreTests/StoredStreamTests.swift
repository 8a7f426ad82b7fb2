import CLibgit2
import Foundation
import Store
import Testing

@testable import GitStore

@Suite("Objects that are stored, not compressed") struct StoredStreamTests {
    private func stream(_ bytes: [UInt8]) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { _ = unsafe unlink(path) }
        let head = Array("blob \(bytes.count)\0".utf8)
        do {
            let file = try File(Path(path), O_WRONLY | O_CREAT | O_EXCL)
            try StoredStream(head: head, bytes: bytes).write(to: file)
        }
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static let sizes = [
        0, 1, 15, 16, 17, 5551, 5552, 65524, 65525, 65526, 65535, 65536, 131_060, 900_001,
    ]

    @Test(arguments: sizes)
    func `what is written is read again`(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let found = try #require(StoredObjectReader.object(in: stream(bytes)))
        #expect(found.type == GIT_OBJECT_BLOB)
        #expect(found.bytes == bytes)
    }

    @Test func `a changed byte is noticed, wherever it is`() throws {
        let whole = try stream(Array("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".utf8))
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x04
            #expect(StoredObjectReader.object(in: damaged) == nil, "byte \(index)")
            #expect(StoredObjectReader.object(in: Array(whole[..<index])) == nil, "cut at \(index)")
        }
        #expect(StoredObjectReader.object(in: whole) != nil)
    }

    @Test func `the checksum of many large bytes is the one of the definition`() {
        let bytes = [UInt8](repeating: 0xff, count: 200_003)
        var sum = Adler32()
        sum.add(bytes, 0..<bytes.count)
        var (first, second) = (1, 0)
        for byte in bytes {
            first = (first + Int(byte)) % 65521
            second = (second + first) % 65521
        }
        #expect(Int(sum.value) == second << 16 | first)
    }
}
