/// Two differences made into one.
extension TreeDelta {
    /// A piece of what a difference makes: a range of what it is made of, or bytes of its own.
    private enum Piece {
        case copy(Range<Int>)
        case bytes(ArraySlice<UInt8>)

        var count: Int {
            switch self {
            case .copy(let range): range.count
            case .bytes(let bytes): bytes.count
            }
        }

        /// A part of this piece.
        func part(_ range: Range<Int>) -> Piece {
            switch self {
            case .copy(let all):
                .copy(all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
            case .bytes(let bytes):
                .bytes(bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound])
            }
        }
    }

    /// What leads from the first tree to the third, of what leads to the second and from there; nil when one of them is
    /// damaged or they do not follow each other.
    ///
    /// The trees themselves are not needed.
    static func joined(_ first: [UInt8], _ second: [UInt8]) -> [UInt8]? {
        guard let before = pieces(of: first), let after = pieces(of: second), before.count == after.baseCount
        else { return nil }
        var joined: [Piece] = []
        for piece in after.pieces {
            guard case .copy(let range) = piece else {
                append(piece, to: &joined)
                continue
            }
            var at = before.starts.partitioningIndex { $0 > range.lowerBound } - 1
            var start = range.lowerBound
            while start < range.upperBound {
                let offset = start - before.starts[at]
                let end = min(before.pieces[at].count, offset + range.upperBound - start)
                append(before.pieces[at].part(offset..<end), to: &joined)
                start += end - offset
                at += 1
            }
        }
        return written(joined, before.baseCount, after.count)
    }

    /// Adds a piece, as a part of the last one where it goes on with that.
    private static func append(_ piece: Piece, to pieces: inout [Piece]) {
        switch (pieces.last, piece) {
        case (.copy(let last)?, .copy(let next)) where last.upperBound == next.lowerBound:
            pieces[pieces.count - 1] = .copy(last.lowerBound..<next.upperBound)
        case (.bytes(let last)?, .bytes(let next)):
            pieces[pieces.count - 1] = .bytes(last + next)
        default:
            pieces.append(piece)
        }
    }

    private static func written(_ pieces: [Piece], _ baseCount: Int, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        append(size: baseCount, to: &bytes)
        append(size: count, to: &bytes)
        for piece in pieces {
            switch piece {
            case .copy(let range): append(copyOf: range, to: &bytes)
            case .bytes(let own): append(inserting: own, to: &bytes)
            }
        }
        return bytes
    }

    private struct Pieces {
        let baseCount: Int
        let count: Int
        /// None of them is empty.
        let pieces: [Piece]
        /// Where each of them starts in what they make.
        let starts: [Int]
    }

    private static func pieces(of delta: [UInt8]) -> Pieces? {
        var at = 0
        guard let baseCount = size(in: delta, at: &at), let count = size(in: delta, at: &at) else {
            return nil
        }
        var pieces: [Piece] = []
        var starts: [Int] = []
        var made = 0
        while at < delta.count {
            guard let piece = piece(of: delta, at: &at, baseCount) else { return nil }
            pieces.append(piece)
            starts.append(made)
            made += piece.count
        }
        return made == count
            ? Pieces(baseCount: baseCount, count: count, pieces: pieces, starts: starts) : nil
    }

    private static func piece(of delta: [UInt8], at: inout Int, _ baseCount: Int) -> Piece? {
        guard let step = step(in: delta, at: &at) else { return nil }
        switch step {
        case .copy(let range): return range.upperBound <= baseCount ? .copy(range) : nil
        case .insert(let range): return .bytes(delta[range])
        }
    }

    /// True when `delta` makes `new` of `old`.
    static func makes(_ delta: [UInt8], _ new: [UInt8], of old: [UInt8]) -> Bool {
        guard let made = pieces(of: delta), made.baseCount == old.count, made.count == new.count else {
            return false
        }
        return zip(made.pieces, made.starts).allSatisfy { piece, start in
            switch piece {
            case .copy(let range): RawTree.isSame(old, range, new, start..<start + range.count)
            case .bytes(let bytes): bytes.elementsEqual(new[start..<start + bytes.count])
            }
        }
    }
}
