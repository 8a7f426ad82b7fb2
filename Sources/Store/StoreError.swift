/// Why a store could not do what it was asked.
public enum StoreError: Error, Hashable, Sendable {
    /// There is nothing at that path or of that name.
    case notFound
    /// The container that would hold it is not there.
    case parentMissing
    /// Something of that name is there already.
    case exists
    /// The name cannot be used: it is reserved, or the store cannot represent it.
    case invalidName
    /// The lock was not free in time; trying again may help.
    case busy
    /// The disk or a quota is full; nothing was changed.
    case full
    /// The store may be read only; nothing was changed.
    case readOnly
    /// What is stored cannot be read, or the system refused; `details` is for the log only.
    case damaged(details: String)
}
