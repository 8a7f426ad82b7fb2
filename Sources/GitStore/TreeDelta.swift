import Glibc

/// What makes one tree of another one: pieces that are copied and bytes between them (gitformat-pack, "Deltified
/// representation").
///
/// Two trees of a collection differ by some entries, and those are found without looking for anything else that may be
/// alike.
struct TreeDelta {
    /// A range of the old tree, or one of the new tree; of the written form itself where that is read.
    enum Step {
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
    ///
    /// `kept` is how many bytes are the same at the start and, behind those, at the end; found out when nil.
    static func bytes(
        from old: [UInt8], to new: [UInt8], keeping kept: (prefix: Int, suffix: Int)? = nil
    ) -> [UInt8] {
        var delta = TreeDelta()
        let (prefix, suffix) = kept ?? RawTree.common(old, new)
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
            if order == 0, RawTree.isSame(old, oldAt..<left.end, new, newAt..<right.end) {
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
            case .copy(let range): Self.append(copyOf: range, to: &bytes)
            case .insert(let range): Self.append(inserting: new[range], to: &bytes)
            }
        }
        return bytes
    }

    /// The instructions that copy a range of the old tree.
    static func append(copyOf range: Range<Int>, to bytes: inout [UInt8]) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: maxCopy) {
            append(copyOf: min(maxCopy, range.upperBound - start), from: start, to: &bytes)
        }
    }

    /// The instructions that insert bytes.
    static func append(inserting new: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        for start in stride(from: new.startIndex, to: new.endIndex, by: maxInsert) {
            let end = min(start + maxInsert, new.endIndex)
            bytes.append(UInt8(end - start))
            bytes += new[start..<end]
        }
    }

    /// A number, seven bits a byte, the lowest first.
    static func append(size: Int, to bytes: inout [UInt8]) {
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
            switch step(in: delta, at: &at) {
            case .copy(let range)? where range.upperBound <= base.count: made += base[range]
            case .insert(let range)?: made += delta[range]
            default: return nil
            }
        }
        return made.count == count ? made : nil
    }

    /// The instruction at `at`, whose range is one of `delta` where it inserts; nil where there is none.
    static func step(in delta: [UInt8], at: inout Int) -> Step? {
        let code = delta[at]
        at += 1
        if code & 0x80 == 0 {
            guard code != 0, at + Int(code) <= delta.count else { return nil }
            defer { at += Int(code) }
            return .insert(at..<at + Int(code))
        }
        var (start, count) = (0, 0)
        for index in 0..<7 where code & (1 << UInt8(index)) != 0 {
            guard at < delta.count else { return nil }
            let value = Int(delta[at])
            if index < 4 { start |= value << (8 * index) } else { count |= value << (8 * (index - 4)) }
            at += 1
        }
        if count == 0 { count = 0x10000 }
        return .copy(start..<start + count)
    }

    /// A number, seven bits a byte, the lowest first.
    static func size(in bytes: [UInt8], at: inout Int) -> Int? {
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
