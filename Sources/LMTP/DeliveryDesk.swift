internal import NIOCore
internal import NIOPosix

/// Where deliveries are made: one thread, on which nothing else is done, because a delivery waits for disks and locks.
struct DeliveryDesk: Sendable {
    private let loop: any EventLoop
    private let holder: NIOLoopBound<Holder>

    private final class Holder {
        let delivery: any LMTPDelivery
        init(_ delivery: any LMTPDelivery) { self.delivery = delivery }
    }

    /// Makes the desk; `makeDelivery` is called on its thread.
    init(
        _ group: MultiThreadedEventLoopGroup,
        _ makeDelivery: @escaping @Sendable () throws -> any LMTPDelivery
    )
        throws
    {
        let loop = group.next()
        self.loop = loop
        self.holder = try loop.submit { NIOLoopBound(Holder(try makeDelivery()), eventLoop: loop) }.wait()
    }

    func resolve(_ recipient: String) -> EventLoopFuture<LMTPReply> {
        let holder = holder
        return loop.submit { holder.value.delivery.resolve(recipient: recipient) }
    }

    func deliver(_ transaction: LMTPTransaction) -> EventLoopFuture<[LMTPReply]> {
        let holder = holder
        return loop.submit { holder.value.delivery.deliver(transaction) }
    }
}
