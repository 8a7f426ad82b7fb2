/// Closed intervals of time, each with the number of a place, searched by what they touch.
///
/// They are in order of their starts, in blocks that know their latest end; those without a bound are apart, as they
/// would make every block worth a look.
///
/// - Complexity: a search costs by what it finds and by the number of blocks; a change by the number of intervals, but
///   only as much as it takes to move them in memory.
struct Intervals {
    private static let blockSize = 64

    private var starts: [Int] = []
    private var ends: [Int] = []
    private var places: [Int32] = []
    private var blockEnds: [Int] = []
    private var unbounded: [(place: Int32, start: Int, end: Int)] = []

    /// Makes it of intervals in any order.
    init(_ intervals: [(place: Int32, start: Int, end: Int)] = []) {
        var bounded: [(place: Int32, start: Int, end: Int)] = []
        for interval in intervals {
            if Self.isBounded(interval.start, interval.end) {
                bounded.append(interval)
            } else {
                unbounded.append(interval)
            }
        }
        bounded.sort { $0.start < $1.start }
        starts = bounded.map(\.start)
        ends = bounded.map(\.end)
        places = bounded.map(\.place)
        updateBlocks(from: 0)
    }

    private static func isBounded(_ start: Int, _ end: Int) -> Bool { start != .min && end != .max }

    /// Memory in bytes.
    var byteCount: Int { starts.capacity * 20 + unbounded.capacity * 24 }

    mutating func insert(_ place: Int32, _ start: Int, _ end: Int) {
        guard Self.isBounded(start, end) else { return unbounded.append((place, start, end)) }
        let index = firstIndex(startingAt: start)
        starts.makeRoom(for: 1)
        ends.makeRoom(for: 1)
        places.makeRoom(for: 1)
        starts.insert(start, at: index)
        ends.insert(end, at: index)
        places.insert(place, at: index)
        updateBlocks(from: index / Self.blockSize)
    }

    mutating func remove(_ place: Int32, _ start: Int, _ end: Int) {
        guard Self.isBounded(start, end) else { return unbounded.removeAll { $0.place == place } }
        var index = firstIndex(startingAt: start)
        while index < places.count, places[index] != place { index += 1 }
        guard index < places.count else { return }
        starts.remove(at: index)
        ends.remove(at: index)
        places.remove(at: index)
        updateBlocks(from: index / Self.blockSize)
    }

    /// Calls `body` for each place whose interval has a second in common with `from...to`.
    func forEach(touching from: Int, _ to: Int, _ body: (Int32) -> Void) {
        for interval in unbounded where interval.start <= to && interval.end >= from { body(interval.place) }
        for (block, latest) in blockEnds.enumerated() {
            let first = block * Self.blockSize
            if starts[first] > to { return }
            guard latest >= from else { continue }
            for index in first..<min(first + Self.blockSize, starts.count)
            where starts[index] <= to && ends[index] >= from {
                body(places[index])
            }
        }
    }

    private func firstIndex(startingAt start: Int) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func updateBlocks(from first: Int) {
        blockEnds.removeLast(max(0, blockEnds.count - first))
        var index = first * Self.blockSize
        while index < ends.count {
            let next = min(index + Self.blockSize, ends.count)
            var latest = ends[index]
            for end in ends[index..<next] { latest = max(latest, end) }
            blockEnds.append(latest)
            index = next
        }
    }
}
