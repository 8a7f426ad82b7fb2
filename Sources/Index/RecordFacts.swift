/// What a `RecordView` finds a record by.
public struct RecordFacts {
    /// The object's UID, nil when it has none.
    public var uid: ArraySlice<UInt8>?
    /// The first second at which the object can be, `Int.min` when there is no bound.
    public var start: Int
    /// The last second at which the object can be, `Int.max` when there is no bound.
    public var end: Int

    /// Makes facts; without bounds for objects that are at no time.
    public init(uid: ArraySlice<UInt8>?, start: Int = .min, end: Int = .max) {
        self.uid = uid
        self.start = start
        self.end = end
    }
}

/// A hash of a UID's bytes, the same as long as the process lives.
func hash(of uid: some Sequence<UInt8>) -> UInt64 {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in uid { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return state
}
