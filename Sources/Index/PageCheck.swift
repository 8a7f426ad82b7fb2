import CLMDB

/// Looks at the pages that a change will touch, before LMDB does.
///
/// LMDB copies such a page into memory and moves its nodes about as the page says, so that garbage in the file could
/// end up anywhere in the process. These are the pages on the way to each key, and those of the list of free pages.
/// The caller holds the `Gate`.
struct PageCheck {
    private let file: PageFile
    private let free: Tree
    private let main: Tree
    /// The pages on the way to the last key.
    private var way: [Page] = []

    private struct Tree {
        let depth: Int
        let root: UInt64

        /// Reads a `MDB_db`.
        init(_ meta: [UInt8], at offset: Int) {
            self.depth = Int(meta.uint16(at: offset + 6))
            self.root = meta.uint64(at: offset + 40)
        }

        var isEmpty: Bool { root == .max }
    }

    /// Looks at the file's two heads, of which the one with the greater transaction number counts.
    init(_ descriptor: CInt) throws(IndexError) {
        let size = 152
        let first = try PageFile.read(descriptor, at: 0, bytes: size)
        let pageSize = Int(first.uint32(at: 40))
        guard pageSize >= 512, pageSize <= 32_768, pageSize.nonzeroBitCount == 1 else {
            throw .damaged("the file has no head")
        }
        let second = try PageFile.read(descriptor, at: pageSize, bytes: size)
        for (number, meta) in [first, second].enumerated() {
            let isHead =
                meta.uint64(at: 0) == number && meta.uint16(at: 10) == 8
                && meta.uint32(at: 16) == 0xBEEF_C0DE && meta.uint32(at: 20) == 1
                && meta.uint32(at: 40) == pageSize
                && meta.uint16(at: 44) & UInt16(MDB_INTEGERKEY | MDB_DUPSORT) == UInt16(MDB_INTEGERKEY)
                && meta.uint16(at: 92) == 0
            guard isHead else { throw .damaged("the file has no head \(number)") }
        }
        let meta = first.uint64(at: 144) < second.uint64(at: 144) ? second : first
        self.file = PageFile(descriptor: descriptor, pageSize: pageSize, last: meta.uint64(at: 136))
        self.free = Tree(meta, at: 40)
        self.main = Tree(meta, at: 88)
        guard file.last < 1 << 40 else { throw .damaged("the file's size is impossible") }
        for tree in [free, main] {
            guard tree.isEmpty || (2...file.last).contains(tree.root) && (1...32).contains(tree.depth) else {
                throw .damaged("the root of a tree is missing")
            }
        }
    }

    /// Looks at all pages on the way to where `key` is or would be; cheap for keys in order.
    mutating func checkWay(to key: [UInt8]) throws(IndexError) {
        guard !main.isEmpty else { return }
        var number = main.root
        for level in 0..<main.depth {
            if level == way.count || way[level].number != number {
                way.removeLast(way.count - level)
                way.append(try Page(number, isBranch: level < main.depth - 1, of: file))
            }
            if way[level].isBranch { number = way[level].child(way[level].index(for: key)) }
        }
    }

    /// Looks at the whole list of free pages: keys of 8 bytes, values of numbers with their count in front.
    func checkFreePages() throws(IndexError) {
        guard !free.isEmpty else { return }
        var budget = Int(file.last)
        try checkFreePages(below: free.root, depth: free.depth, &budget)
    }

    private func checkFreePages(
        below number: UInt64, depth: Int, _ budget: inout Int
    ) throws(IndexError) {
        budget -= 1
        guard budget >= 0 else { throw .damaged("the list of free pages does not end") }
        let page = try Page(number, isBranch: depth > 1, of: file)
        for index in 0..<page.count {
            guard !page.isBranch else {
                try checkFreePages(below: page.child(index), depth: depth - 1, &budget)
                continue
            }
            let list: [UInt8]
            switch page.value(index) {
            case .inline(let bytes): list = Array(bytes)
            case .pages(let first, let size): list = try run(first, size: size)
            }
            guard page.key(index).count == 8, isList(list) else {
                throw .damaged("page \(number) has no list of free pages")
            }
        }
    }

    /// A value on pages of its own: one header, then the bytes.
    private func run(_ first: UInt64, size: Int) throws(IndexError) -> [UInt8] {
        let bytes = try file.read(first, bytes: Page.headerSize + size)
        let pages = Int(bytes.uint32(at: 12))
        guard bytes.uint64(at: 0) == first, bytes.uint16(at: 10) == 4,
            pages == (Page.headerSize - 1 + size) / file.pageSize + 1
        else { throw .damaged("page \(first) does not begin a long value") }
        return Array(bytes.dropFirst(Page.headerSize))
    }

    /// True for a count and at least as many page numbers, from the last down.
    private func isList(_ list: [UInt8]) -> Bool {
        guard list.count >= 8, list.count % 8 == 0 else { return false }
        let count = list.uint64(at: 0)
        guard count < UInt64(list.count / 8) else { return false }
        return unsafe list.withUnsafeBytes { bytes in
            var above = file.last + 1
            for index in 0..<Int(count) {
                let number = unsafe bytes.loadUnaligned(fromByteOffset: 8 * index + 8, as: UInt64.self)
                guard number >= 2, number < above else { return false }
                above = number
            }
            return true
        }
    }
}
