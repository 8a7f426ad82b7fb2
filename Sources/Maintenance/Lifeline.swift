internal import Glibc

/// The end of a connection whose other end a supervisor holds for as long as it lives.
@safe public struct Lifeline {
    private let descriptor: Int32

    /// The connection that the supervisor has given to this process, or one that never ends where there is none.
    public static func inherited() -> Lifeline {
        let text = unsafe getenv("ARTEMISIOS_LIFELINE").map { unsafe String(cString: $0) }
        return Lifeline(descriptor: text.flatMap { Int32($0) } ?? -1)
    }

    /// Makes a lifeline of an open socket or pipe.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Waits for `milliseconds`, or until `other` can be read; false at once when the other end is closed.
    public func holds(forMilliseconds milliseconds: Int, orUntil other: Int32 = -1) -> Bool {
        var events = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&events, 2, Int32(clamping: milliseconds)) > 0 else { return true }
        return events[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) == 0
    }

    /// Says that this process has started well.
    public func sayReady() {
        var byte: UInt8 = 1
        if descriptor >= 0 { _ = unsafe send(descriptor, &byte, 1, Int32(MSG_NOSIGNAL)) }
    }
}
