import Foundation
import Testing
import WireTestSupport

@Suite("Telling systemd, sd_notify(3)") struct ServiceNotificationTests {
    @Test(arguments: [false, true]) func `start, life, reload and stop are told`(isAbstract: Bool) throws {
        let folder = try WireFolder()
        let name = isAbstract ? "@artemisios-test-\(getpid())" : folder.path("notify")
        let service = try NotifySocket(name)
        let pool = try Pool(
            folder: folder, workers: 1, environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"])
        #expect(service.next() == "READY=1")
        #expect(service.next() == "WATCHDOG=1")
        #expect(service.next() == "WATCHDOG=1")
        pool.program.signal(SIGHUP)
        let reload = try #require(service.next(after: "WATCHDOG=1"))
        #expect(reload.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        #expect(service.next(after: "WATCHDOG=1") == "READY=1")
        pool.program.signal(SIGTERM)
        #expect(service.next(after: "WATCHDOG=1") == "STOPPING=1")
        #expect(pool.program.ending() == 0)
    }

    @Test func `a service without a watchdog sends no life signs`() throws {
        let folder = try WireFolder()
        let service = try NotifySocket(folder.path("notify"))
        let pool = try Pool(
            folder: folder, workers: 1,
            environment: [
                "NOTIFY_SOCKET": folder.path("notify"), "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1",
            ])
        #expect(service.next() == "READY=1")
        usleep(300_000)
        pool.program.signal(SIGTERM)
        #expect(service.next() == "STOPPING=1")
    }
}

/// The end of systemd.
@safe private final class NotifySocket {
    private let descriptor: Int32

    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length)
            }
        }
        guard bound == 0 else { throw WireFailure("bind \(name): \(errno)") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The next message that is not `passedOver`; nil when none comes.
    func next(after passedOver: String? = nil) -> String? {
        while true {
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, filled in
                count = unsafe recv(descriptor, buffer.baseAddress, 4096, 0)
                filled = max(0, count)
            }
            guard count > 0 else { return nil }
            let message = String(decoding: bytes, as: UTF8.self)
            if message != passedOver { return message }
        }
    }
}
