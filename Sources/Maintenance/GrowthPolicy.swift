public import GitStore

/// When a collection is repacked.
///
/// A write that is not packed at once leaves the whole list of names behind, which may take more than all else. So bytes
/// matter more than numbers; and what they are compared with is what the history takes when packed.
public struct GrowthPolicy: Hashable, Sendable {
    /// Loose bytes below which nothing is done, however small the packs are.
    public var minLooseBytes: Int
    /// Loose bytes from which on a collection is repacked, however large the packs are.
    public var maxLooseBytes: Int
    /// Loose objects from which on a collection is repacked, however small they are.
    public var maxLooseObjects: Int
    /// Packs from which on they are joined.
    public var maxPacks: Int
    /// Small packs from which on they are written anew as one: of a large collection each has a whole list of names.
    public var maxSmallPacks: Int

    /// Makes a policy; what is left out suits a server.
    public init(
        minLooseBytes: Int = 1 << 20, maxLooseBytes: Int = 32 << 20, maxLooseObjects: Int = 1000,
        maxPacks: Int = 20, maxSmallPacks: Int = 3
    ) {
        self.minLooseBytes = minLooseBytes
        self.maxLooseBytes = maxLooseBytes
        self.maxLooseObjects = maxLooseObjects
        self.maxPacks = maxPacks
        self.maxSmallPacks = maxSmallPacks
    }

    /// True when a collection that has grown like this is to be repacked.
    public func isDue(_ growth: RepositoryGrowth) -> Bool {
        let bound = min(max(growth.packBytes / 2, minLooseBytes), maxLooseBytes)
        return growth.looseBytes >= bound || growth.looseObjects >= maxLooseObjects
            || growth.packs >= maxPacks || growth.smallPacks >= maxSmallPacks
    }
}
