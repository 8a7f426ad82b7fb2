/// How much disk the objects of a collection take, and how they lie.
public struct RepositoryGrowth: Hashable, Sendable {
    /// Objects in files of their own, as writes leave them: whole, and not compressed; without the newest tree of a
    /// large collection, which stays.
    public var looseObjects: Int
    /// Bytes of those files.
    public var looseBytes: Int
    /// Packs, in which similar objects are kept as their differences; without those that are to be left as they are.
    public var packs: Int
    /// Those packs that are small, and are written anew together.
    public var smallPacks: Int
    /// Bytes of all packs.
    public var packBytes: Int
    /// True when writers have a pack, not counted in `packs`, that they add to.
    public var hasGrowingPack: Bool

    /// Makes a measure.
    public init(
        looseObjects: Int = 0, looseBytes: Int = 0, packs: Int = 0, smallPacks: Int = 0, packBytes: Int = 0,
        hasGrowingPack: Bool = false
    ) {
        self.looseObjects = looseObjects
        self.looseBytes = looseBytes
        self.packs = packs
        self.smallPacks = smallPacks
        self.hasGrowingPack = hasGrowingPack
        self.packBytes = packBytes
    }

    init(_ files: ObjectFiles) {
        let spared = files.spared
        self.init(
            looseObjects: files.loose.count - (spared == nil ? 0 : 1),
            looseBytes: files.loose.reduce(0) { $0 + $1.byteCount } - (spared?.byteCount ?? 0),
            packs: files.packs.filter(\.isOurs).count, smallPacks: files.packs.filter(\.isRecent).count,
            packBytes: files.packs.reduce(0) { $0 + $1.byteCount },
            hasGrowingPack: files.packs.contains(where: \.isGrowing))
    }
}
