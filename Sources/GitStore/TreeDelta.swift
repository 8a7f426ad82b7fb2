import Glibc

/// What makes one tree of another one: pieces that are copied and bytes between them (gitformat-pack, "Deltified
/// representation").
///
/// Two trees of a collection differ by some entries, and those are found without looking for anything else that may be
/// alike.
struct TreeDelta {
    private enum Step {
        case copy(Range<Int>)
        case insert(Range<Int>)
    }

    private var steps: [Step] = []

    /// Up to so many bytes between the equal ends are not worth to be looked through.
    private static let smallMiddle = 256
    /// The largest piece that one instruction copies, and inserts.
    private static let maxCopy = 0xff_ffff
    private static let maxInsert = 127

    /// The difference between two trees in its written form.
    static func bytes(from old: [UInt8], to new: [UInt8]) -> [UInt8] {
        var delta = TreeDelta()
        let (prefix, suffix) = RawTree.common(old, new)
        if new.count - prefix - suffix <= smallMiddle {
            delta.copy(0..<prefix)
            delta.insert(prefix..<new.count - suffix)
            delta.copy(old.count - suffix..<old.count)
        } else {
            delta.walk(old, new)
        }
        return delta.written(old.count, new)
    }

    // MARK: - Finding

    /// Goes through the entries of both trees side by side.
    ///
    /// Whatever it finds to be the same is the same; only for trees that are out of order it finds less.
    private mutating func walk(_ old: [UInt8], _ new: [UInt8]) {
        var (oldAt, newAt) = (0, 0)
        while newAt < new.count {
            guard let right = Self.entry(in: new, at: newAt) else { return insert(newAt..<new.count) }
            guard let left = Self.entry(in: old, at: oldAt) else {
                insert(newAt..<right.end)
                newAt = right.end
                continue
            }
            let order = RawTree.compareNames(old, left.name, new, right.name)
            if order < 0 {
                oldAt = left.end
                continue
            }
            if order == 0, Self.isSame(old, oldAt..<left.end, new, newAt..<right.end) {
                copy(oldAt..<left.end)
            } else {
                insert(newAt..<right.end)
            }
            if order == 0 { oldAt = left.end }
            newAt = right.end
        }
    }

    /// The name of the entry that starts at `at`, and where the entry ends; nil at the end and where there is none.
    private static func entry(in bytes: [UInt8], at start: Int) -> (name: Range<Int>, end: Int)? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard start < buffer.count, let base = buffer.baseAddress,
                let space = unsafe memchr(base + start, CInt(UInt8(ascii: " ")), buffer.count - start)
            else { return nil }
            let name = unsafe base.distance(to: UnsafeRawPointer(space)) + 1
            guard let nul = unsafe memchr(base + name, 0, buffer.count - name) else { return nil }
            let end = unsafe base.distance(to: UnsafeRawPointer(nul))
            guard end + ObjectID.size < buffer.count else { return nil }
            return (name..<end, end + 1 + ObjectID.size)
        }
    }

    private static func isSame(
        _ left: [UInt8], _ leftRange: Range<Int>, _ right: [UInt8], _ rightRange: Range<Int>
    ) -> Bool {
        RawTree.compareNames(left, leftRange, right, rightRange) == 0
    }

    private mutating func copy(_ range: Range<Int>) {
        if range.isEmpty { return }
        if case .copy(let last)? = steps.last, last.upperBound == range.lowerBound {
            steps[steps.count - 1] = .copy(last.lowerBound..<range.upperBound)
        } else {
            steps.append(.copy(range))
        }
    }

    private mutating func insert(_ range: Range<Int>) {
        if range.isEmpty { return }
        if case .insert(let last)? = steps.last, last.upperBound == range.lowerBound {
            steps[steps.count - 1] = .insert(last.lowerBound..<range.upperBound)
        } else {
            steps.append(.insert(range))
        }
    }

    // MARK: - Writing

    private func written(_ oldCount: Int, _ new: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        Self.append(size: oldCount, to: &bytes)
        Self.append(size: new.count, to: &bytes)
        for step in steps {
            switch step {
            case .copy(let range):
                for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.maxCopy) {
                    let count = min(Self.maxCopy, range.upperBound - start)
                    Self.append(copyOf: count, from: start, to: &bytes)
                }
            case .insert(let range):
                for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.maxInsert) {
                    let end = min(start + Self.maxInsert, range.upperBound)
                    bytes.append(UInt8(end - start))
                    bytes += new[start..<end]
                }
            }
        }
        return bytes
    }

    /// A number, seven bits a byte, the lowest first.
    private static func append(size: Int, to bytes: inout [UInt8]) {
        var rest = size
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The bytes of the two numbers that are not zero, and before them which those are.
    private static func append(copyOf count: Int, from start: Int, to bytes: inout [UInt8]) {
        let head = bytes.count
        bytes.append(0x80)
        for index in 0..<4 where (start >> (8 * index)) & 0xff != 0 {
            bytes[head] |= 1 << UInt8(index)
            bytes.append(UInt8((start >> (8 * index)) & 0xff))
        }
        for index in 0..<3 where (count >> (8 * index)) & 0xff != 0 {
            bytes[head] |= 0x10 << UInt8(index)
            bytes.append(UInt8((count >> (8 * index)) & 0xff))
        }
    }
}

extension TreeDelta {
    /// What `delta` makes of `base`; nil when it is none of it.
    static func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8]? {
        var at = 0
        guard size(in: delta, at: &at) == base.count, let count = size(in: delta, at: &at),
            count <= 1 << 30
        else { return nil }
        var made: [UInt8] = []
        made.reserveCapacity(count)
        while at < delta.count {
            let code = delta[at]
            at += 1
            if code & 0x80 != 0 {
                var numbers = (start: 0, count: 0)
                for index in 0..<7 where code & (1 << UInt8(index)) != 0 {
                    guard at < delta.count else { return nil }
                    let value = Int(delta[at])
                    if index < 4 {
                        numbers.start |= value << (8 * index)
                    } else {
                        numbers.count |= value << (8 * (index - 4))
                    }
                    at += 1
                }
                if numbers.count == 0 { numbers.count = 0x10000 }
                guard numbers.start + numbers.count <= base.count else { return nil }
                made += base[numbers.start..<numbers.start + numbers.count]
            } else {
                guard code != 0, at + Int(code) <= delta.count else { return nil }
                made += delta[at..<at + Int(code)]
                at += Int(code)
            }
        }
        return made.count == count ? made : nil
    }

    private static func size(in bytes: [UInt8], at: inout Int) -> Int? {
        var size = 0
        for shift in stride(from: 0, to: 56, by: 7) {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            size |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return size }
        }
        return nil
    }
}
