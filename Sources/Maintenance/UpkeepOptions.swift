/// How a store is kept small and in order.
public struct UpkeepOptions: Hashable, Sendable {
    /// When a collection is repacked.
    public var policy: GrowthPolicy
    /// The name or path of the `git` program.
    public var git: String
    /// Days after which what was removed is gone for good; nil: never.
    public var trashRetentionDays: Int?
    /// How much of the time may go into looking for what to do, as the divisor: 10 is a tenth.
    public var lookingShare: Int

    /// Makes options; what is left out suits a server.
    public init(
        policy: GrowthPolicy = GrowthPolicy(), git: String = "git", trashRetentionDays: Int? = nil,
        lookingShare: Int = 25
    ) {
        self.policy = policy
        self.git = git
        self.trashRetentionDays = trashRetentionDays
        self.lookingShare = lookingShare
    }
}
