/// Something that is not as it should be in a collection's repository.
public struct RepositoryFinding: Hashable, Sendable {
    /// What it is, in a sentence without its end.
    public let sentence: String
    /// Whether it was put right.
    public let isRepaired: Bool
}
