import Glibc

/// The system's time zone files (TZif, RFC 9636), read from the zone directory of the distribution's `tzdata`.
struct SystemTimeZones {
    private static let directory = "/usr/share/zoneinfo/"
    /// More than any zone file has: the largest are of a few kilobytes.
    private static let maxBytes = 256 << 10

    /// The bytes of the file for a name such as `Europe/Vienna`; nil when the system has no such zone.
    ///
    /// The name comes from clients: what could lead out of the zone directory is not a name.
    func file(_ name: String) -> [UInt8]? {
        guard Self.isZoneName(name), let bytes = Self.read(Self.directory + name),
            bytes.starts(with: Array("TZif".utf8))
        else { return nil }
        return bytes
    }

    private static func isZoneName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count <= 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.count <= 64 && part.allSatisfy(isZoneNameByte)
            }
    }

    private static func isZoneNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maxBytes)
        var count = 0
        while count < maxBytes {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), maxBytes - count)
            }
            guard got >= 0 else { return nil }
            if got == 0 { return Array(bytes.prefix(count)) }
            count += got
        }
        return nil
    }
}
