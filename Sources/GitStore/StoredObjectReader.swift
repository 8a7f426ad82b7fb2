import CLibgit2
import Glibc
import Store

/// Reads the objects that `LooseObjects` wrote: files of their own whose bytes are stored, not compressed.
///
/// Every other object is left to libgit2, and so is telling what is wrong with a damaged one.
struct StoredObjectReader {
    let directory: Path

    /// The type and the bytes of an object; nil when it is not there in that form.
    func read(_ id: ObjectID) throws(GitError) -> (type: git_object_t, bytes: [UInt8])? {
        guard let stream = try file(directory.appending(object: id)) else { return nil }
        return Self.object(in: stream)
    }

    /// The whole file at `path`, nil when there is none or it changes while being read.
    private func file(_ path: Path) throws(GitError) -> [UInt8]? {
        guard let file = try File(ifThere: path) else { return nil }
        return try file.whole()
    }

    /// The object in any zlib stream of at most `limit` bytes, as other programs write them; nil when it is damaged.
    static func compressedObject(
        in stream: [UInt8], limit: Int
    ) -> (type: git_object_t, bytes: [UInt8])? {
        guard let start = Inflate.prefix(of: stream, limit: 64),
            let head = head(start, 0..<start.count), head.size <= limit,
            let whole = Inflate.bytes(of: stream, at: 0, count: head.end + head.size)
        else { return nil }
        return (head.type, Array(whole.bytes[head.end...]))
    }

    /// The object in a zlib stream (RFC 1950) that is all stored blocks (RFC 1951 §3.2.4); nil for another stream.
    static func object(in stream: [UInt8]) -> (type: git_object_t, bytes: [UInt8])? {
        guard stream.count > 11, stream[0] == 0x78, stream[1] == 0x01 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stream.count)
        var sum = Adler32()
        var type: git_object_t?
        var expected = 0
        var at = 2
        var isLast = false
        while !isLast {
            guard at + 5 <= stream.count, stream[at] <= 1 else { return nil }
            isLast = stream[at] == 1
            let count = Int(stream[at + 1]) | Int(stream[at + 2]) << 8
            let inverse = Int(stream[at + 3]) | Int(stream[at + 4]) << 8
            let start = at + 5
            guard count == inverse ^ 0xffff, start + count + 4 <= stream.count else { return nil }
            sum.add(stream, start..<start + count)
            var content = start
            if type == nil {
                guard let head = Self.head(stream, start..<start + count) else { return nil }
                type = head.type
                expected = head.size
                content = head.end
            }
            bytes.append(contentsOf: stream[content..<start + count])
            at = start + count
        }
        let written = stream[at...].prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let type, bytes.count == expected, at + 4 == stream.count, written == sum.value else {
            return nil
        }
        return (type, bytes)
    }

    /// What stands before an object's bytes: its type, a blank, the number of bytes, NUL.
    private static func head(
        _ stream: [UInt8], _ range: Range<Int>
    ) -> (type: git_object_t, size: Int, end: Int)? {
        let start = stream[range]
        let type: (type: git_object_t, length: Int)
        if start.starts(with: "blob ".utf8) {
            type = (GIT_OBJECT_BLOB, 5)
        } else if start.starts(with: "tree ".utf8) {
            type = (GIT_OBJECT_TREE, 5)
        } else if start.starts(with: "commit ".utf8) {
            type = (GIT_OBJECT_COMMIT, 7)
        } else if start.starts(with: "tag ".utf8) {
            type = (GIT_OBJECT_TAG, 4)
        } else {
            return nil
        }
        var size = 0
        for index
            in (range.lowerBound + type.length)..<min(range.lowerBound + type.length + 16, range.upperBound)
        {
            let byte = stream[index]
            if byte == 0 { return (type.type, size, index + 1) }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            size = size * 10 + Int(byte - 0x30)
        }
        return nil
    }
}

extension Path {
    /// The file of a loose object in this directory of objects.
    func appending(object id: ObjectID) -> Path {
        var name: [UInt8] = []
        name.reserveCapacity(2 * ObjectID.size + 1)
        ItemVersion(id).append(to: &name)
        name.insert(UInt8(ascii: "/"), at: 2)
        return appending(bytes: name)
    }
}
