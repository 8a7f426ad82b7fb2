extension Array {
    /// Grows by an eighth where `count` further elements do not fit; left to itself an array doubles.
    ///
    /// A worker has a view of each collection in use, and most of them change little.
    mutating func makeRoom(for count: Int) {
        let needed = self.count + count
        if needed > capacity { reserveCapacity(needed + needed / 8) }
    }
}
