import CLMDB
import Glibc

/// A branch or leaf page of LMDB's file, read and found sound.
///
/// The layout is that of format 1, which all versions 0.9 have: 16 bytes of header, then offsets of the nodes in
/// the order of their keys, then free space, then the nodes. A node is 4 bytes of size or page number, 2 of flags or
/// the page number's upper part, 2 of the key's size, the key and the data.
struct Page {
    let number: UInt64
    let isBranch: Bool
    private let bytes: [UInt8]
    private let offsets: Range<Int>

    static let headerSize = 16
    private static let nodeHeaderSize = 8
    private static let branchFlag: UInt16 = 1
    private static let leafFlag: UInt16 = 2
    private static let bigDataFlag: UInt16 = 1

    /// Reads page `number`, whose tree says that it is a branch or not; children lie up to page `last`.
    init(_ number: UInt64, isBranch: Bool, of file: PageFile) throws(IndexError) {
        self.number = number
        self.isBranch = isBranch
        self.bytes = try file.page(number)
        let (lower, upper) = (Int(bytes.uint16(at: 12)), Int(bytes.uint16(at: 14)))
        let flags = bytes.uint16(at: 10)
        self.offsets = 0..<max(0, lower - Self.headerSize) / 2
        guard bytes.uint64(at: 0) == number, flags == (isBranch ? Self.branchFlag : Self.leafFlag),
            lower % 2 == 0, lower > Self.headerSize, lower <= upper, upper <= bytes.count
        else { throw .damaged("page \(number) is not a page of its tree") }
        var total = 0
        for index in offsets {
            guard let size = nodeSize(index, from: upper, last: file.last) else {
                throw .damaged("page \(number) has a node outside of it")
            }
            total += size
        }
        guard total == bytes.count - upper else { throw .damaged("page \(number) has holes") }
    }

    var count: Int { offsets.count }

    private func offset(_ index: Int) -> Int { Int(bytes.uint16(at: Self.headerSize + 2 * index)) }

    /// The node's size, nil when it is not within the page or leads out of the file.
    private func nodeSize(_ index: Int, from upper: Int, last: UInt64) -> Int? {
        let start = offset(index)
        guard start >= upper, start + Self.nodeHeaderSize <= bytes.count else { return nil }
        var size = Self.nodeHeaderSize + Int(bytes.uint16(at: start + 6))
        if isBranch {
            guard (2...last).contains(child(index)) else { return nil }
        } else {
            switch bytes.uint16(at: start + 4) {
            case 0: size += Int(bytes.uint32(at: start))
            case Self.bigDataFlag: size += 8
            default: return nil
            }
        }
        size += size % 2
        return start + size <= bytes.count ? size : nil
    }

    func key(_ index: Int) -> ArraySlice<UInt8> {
        let start = offset(index)
        let end = start + Self.nodeHeaderSize + Int(bytes.uint16(at: start + 6))
        return bytes[start + Self.nodeHeaderSize..<end]
    }

    /// The page below a node of a branch.
    func child(_ index: Int) -> UInt64 {
        let start = offset(index)
        return UInt64(bytes.uint32(at: start)) | UInt64(bytes.uint16(at: start + 4)) << 32
    }

    /// The node of a branch below which `key` is or would be.
    func index(for key: [UInt8]) -> Int {
        // The first node's key is taken to be before all others.
        var (low, high) = (1, count)
        while low < high {
            let middle = (low + high) / 2
            if RecordKey.compare(self.key(middle).span, key.span) <= 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low - 1
    }

    /// The value of a node of a leaf: here, or on pages of its own from the given one on.
    enum Value {
        case inline(ArraySlice<UInt8>)
        case pages(first: UInt64, size: Int)
    }

    func value(_ index: Int) -> Value {
        let start = offset(index)
        let size = Int(bytes.uint32(at: start))
        let data = start + Self.nodeHeaderSize + Int(bytes.uint16(at: start + 6))
        if bytes.uint16(at: start + 4) == Self.bigDataFlag {
            return .pages(first: bytes.uint64(at: data), size: size)
        }
        return .inline(bytes[data..<data + size])
    }
}

/// LMDB's file, read without its mapping, so that a file cut short is an answer and not a signal.
struct PageFile {
    let descriptor: CInt
    let pageSize: Int
    /// The number of the last page in use.
    let last: UInt64

    func page(_ number: UInt64) throws(IndexError) -> [UInt8] {
        try read(number, bytes: pageSize)
    }

    /// Reads `count` bytes from the beginning of page `number`.
    func read(_ number: UInt64, bytes count: Int) throws(IndexError) -> [UInt8] {
        guard number <= last else { throw .damaged("there is no page \(number)") }
        return try Self.read(descriptor, at: Int(number) * pageSize, bytes: count)
    }

    static func read(_ descriptor: CInt, at offset: Int, bytes count: Int) throws(IndexError) -> [UInt8] {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            size = max(0, unsafe pread(descriptor, buffer.baseAddress, count, offset))
        }
        guard bytes.count == count else { throw .damaged("the file ends before byte \(offset + count)") }
        return bytes
    }
}

extension [UInt8] {
    // LMDB writes numbers as the machine has them.
    func uint16(at offset: Int) -> UInt16 { number(at: offset) }
    func uint32(at offset: Int) -> UInt32 { number(at: offset) }
    func uint64(at offset: Int) -> UInt64 { number(at: offset) }

    private func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
        precondition(offset + MemoryLayout<Number>.size <= count, "A number lies within its page.")
        return unsafe span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self)
    }
}
