internal import NIOCore
internal import NIOPosix

/// Takes connections on a listening socket, and hands mails to an `LMTPDelivery`.
public final class LMTPServer {
    private let connections: MultiThreadedEventLoopGroup
    private let deliveries: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - descriptor: a listening socket, which then belongs to the server.
    ///   - options: the bounds of conversations.
    ///   - makeDelivery: makes what delivers; called once, on the thread that will use it.
    /// - Throws: what `makeDelivery` throws, and what the system says about the socket.
    public init(
        descriptor: Int32, options: LMTPOptions,
        makeDelivery: @escaping @Sendable () throws -> any LMTPDelivery
    ) throws {
        connections = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        deliveries = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let desk = try DeliveryDesk(deliveries, makeDelivery)
        let count = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: connections.next())
        let bootstrap = ServerBootstrap(group: connections).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let handlers = channel.pipeline.syncOperations
                try handlers.addHandler(
                    IdleStateHandler(readTimeout: .seconds(Int64(options.timeoutSeconds))))
                try handlers.addHandler(LMTPHandler(options, desk: desk, count: count))
            }
        }
        channel = try bootstrap.withBoundSocket(descriptor).wait()
    }

    /// Stops; connections are cut.
    public func stop() throws {
        try channel.close().wait()
        try connections.syncShutdownGracefully()
        try deliveries.syncShutdownGracefully()
    }
}
