/// What a server does with mails; used by one thread.
public protocol LMTPDelivery: AnyObject {
    /// Whether there is somebody of this address: a positive reply, or why not.
    func resolve(recipient: String) -> LMTPReply

    /// Delivers a mail; one reply for each of its recipients, in their order.
    func deliver(_ transaction: LMTPTransaction) -> [LMTPReply]
}
