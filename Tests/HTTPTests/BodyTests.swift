import HTTP
import Testing

@Suite("Request bodies") struct BodyTests {
    static func body(_ pieces: [[UInt8]], length: Int?, breaks: Bool = false) -> RequestBody {
        var rest = pieces[...]
        return RequestBody(length: length) { () throws(BodyError) in
            if let next = rest.popFirst() { return next }
            if breaks { throw .truncated }
            return []
        }
    }

    @Test func `pieces are put together`() throws {
        #expect(try Self.body([[1, 2], [3]], length: 3).collect(limit: 3) == [1, 2, 3])
        #expect(try Self.body([[1, 2], [3]], length: nil).collect(limit: 3) == [1, 2, 3])
        #expect(try Self.body([], length: nil).collect(limit: 0) == [])
        #expect(try RequestBody([1, 2]).collect(limit: 2) == [1, 2])
    }

    @Test func `a body that is shorter or longer than it says is refused`() {
        #expect(throws: BodyError.truncated) { try Self.body([[1, 2]], length: 3).collect(limit: 9) }
        #expect(throws: BodyError.truncated) { try Self.body([[1, 2]], length: 1).collect(limit: 9) }
        #expect(throws: BodyError.truncated) {
            try Self.body([[1]], length: nil, breaks: true).collect(limit: 9)
        }
    }

    @Test func `a body over the limit is refused before it is read`() {
        var isRead = false
        let body = RequestBody(length: 4) { () throws(BodyError) in
            isRead = true
            return []
        }
        #expect(throws: BodyError.tooLarge(limit: 3)) { try body.collect(limit: 3) }
        #expect(!isRead)
        #expect(throws: BodyError.tooLarge(limit: 3)) {
            try Self.body([[1, 2], [3, 4]], length: nil).collect(limit: 3)
        }
    }

    @Test func `an announced length takes no memory before its bytes are there`() {
        #expect(throws: BodyError.truncated) { try Self.body([[1]], length: 1 << 50).collect(limit: .max) }
    }

    @Test func `a body is read once`() throws {
        let body = RequestBody([1])
        #expect(try body.collect(limit: 1) == [1])
        #expect(throws: BodyError.truncated) { try body.collect(limit: 1) }
    }
}
