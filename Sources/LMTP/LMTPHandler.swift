internal import NIOCore

/// Carries the bytes of one connection to its session and back.
final class LMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var session: LMTPSession
    private let options: LMTPOptions
    private let desk: DeliveryDesk
    /// Open connections; it belongs to the loop of all of them.
    private let count: NIOLoopBoundBox<Int>

    init(_ options: LMTPOptions, desk: DeliveryDesk, count: NIOLoopBoundBox<Int>) {
        self.session = LMTPSession(options)
        self.options = options
        self.desk = desk
        self.count = count
    }

    func channelActive(context: ChannelHandlerContext) {
        count.value += 1
        if count.value > options.maxConnections {
            let reply = LMTPReply(421, "4.3.2", "Too many connections")
            perform([.write(Array("\(reply)\r\n".utf8)), .close], context)
        } else {
            perform([.write(session.greeting)], context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        count.value -= 1
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(session.receive(unwrapInboundIn(data).readableBytesView), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            perform(session.timedOut(), context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func perform(_ actions: [LMTPSession.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .write(let bytes):
                context.writeAndFlush(
                    wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
            case .resolve(let recipient):
                wait(for: desk.resolve(recipient), context) { session, reply in session.resolved(reply) }
            case .deliver(let transaction):
                wait(for: desk.deliver(transaction), context) { session, replies in session.delivered(replies)
                }
            case .close: context.close(mode: .all, promise: nil)
            }
        }
    }

    /// Reads nothing more until the desk has answered, so that a client cannot fill the memory meanwhile.
    private func wait<Answer: Sendable>(
        for answer: EventLoopFuture<Answer>, _ context: ChannelHandlerContext,
        _ next: @escaping (inout LMTPSession, Answer) -> [LMTPSession.Action]
    ) {
        setReading(false, context)
        answer.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let answer):
                self.perform(next(&self.session, answer), context)
                if !self.session.isWaiting { self.setReading(true, context) }
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func setReading(_ isOn: Bool, _ context: ChannelHandlerContext) {
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            context.close(promise: nil)
        }
    }
}
