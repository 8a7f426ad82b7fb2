public import GitStore

/// When a collection is repacked.
///
/// A write leaves the whole list of names behind, 400 KB and more in a collection of 10,000 items. So bytes matter
/// more than numbers; and what they are compared with is what the history takes when packed.
public struct GrowthPolicy: Hashable, Sendable {
    /// Loose bytes below which nothing is done, however small the packs are.
    public var minLooseBytes: Int
    /// Loose bytes from which on a collection is repacked, however large the packs are.
    public var maxLooseBytes: Int
    /// Loose objects from which on a collection is repacked, however small they are.
    public var maxLooseObjects: Int
    /// Packs from which on they are joined.
    public var maxPacks: Int

    /// Makes a policy; what is left out suits a server.
    public init(
        minLooseBytes: Int = 512 << 10, maxLooseBytes: Int = 32 << 20, maxLooseObjects: Int = 1000,
        maxPacks: Int = 20
    ) {
        self.minLooseBytes = minLooseBytes
        self.maxLooseBytes = maxLooseBytes
        self.maxLooseObjects = maxLooseObjects
        self.maxPacks = maxPacks
    }

    /// True when a collection that has grown like this is to be repacked.
    public func isDue(_ growth: RepositoryGrowth) -> Bool {
        let bound = min(max(growth.packBytes / 2, minLooseBytes), maxLooseBytes)
        return growth.looseBytes >= bound || growth.looseObjects >= maxLooseObjects
            || growth.packs >= maxPacks
    }
}
