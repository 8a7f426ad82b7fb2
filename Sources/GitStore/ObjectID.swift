import CCrypto
import CLibgit2
import Store

/// The name of a Git object: the SHA-1 of its bytes.
struct ObjectID: Hashable, CustomStringConvertible {
    let high: UInt64
    let middle: UInt64
    let low: UInt32

    /// Number of bytes of a name.
    static let size = 20
    /// The tree without entries, which every repository knows.
    static let emptyTree = ObjectID(
        high: 0x4b82_5dc6_42cb_6eb9, middle: 0xa060_e54b_f8d6_9288, low: 0xfbee_4904)

    init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// Reads the name that starts at `offset`.
    init(_ bytes: [UInt8], at offset: Int) {
        precondition(offset >= 0 && offset + Self.size <= bytes.count, "a name has 20 bytes")
        let parts = unsafe bytes.withUnsafeBytes { buffer in
            unsafe (
                buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self),
                buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)
            )
        }
        self.init(
            high: UInt64(bigEndian: parts.0), middle: UInt64(bigEndian: parts.1),
            low: UInt32(bigEndian: parts.2))
    }

    init(_ oid: git_oid) {
        var oid = oid
        let bytes = unsafe withUnsafeBytes(of: &oid) { unsafe [UInt8]($0) }
        self.init(bytes, at: 0)
    }

    /// Reads 40 lower-case hexadecimal digits; nil for any other text.
    init?(hex: some Sequence<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        var half: UInt8?
        for digit in hex {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = half {
                bytes.append(first << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        guard half == nil, bytes.count == Self.size else { return nil }
        self.init(bytes, at: 0)
    }

    /// The 20 bytes of the name.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: high >> shift))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: middle >> shift))
        }
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return bytes
    }

    /// The name as libgit2 has it.
    var oid: git_oid {
        var oid = git_oid()
        let bytes = bytes
        unsafe withUnsafeMutableBytes(of: &oid) { unsafe $0.copyBytes(from: bytes) }
        return oid
    }

    /// 40 lower-case hexadecimal digits.
    var description: String {
        unsafe String(unsafeUninitializedCapacity: 2 * Self.size) { buffer in
            var at = 0
            func put(_ value: UInt64, digits: Int) {
                for shift in stride(from: 4 * (digits - 1), through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: value >> shift) & 15
                    unsafe buffer[at] =
                        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                    at += 1
                }
            }
            put(high, digits: 16)
            put(middle, digits: 16)
            put(UInt64(low), digits: 8)
            return at
        }
    }
}

extension ObjectID {
    /// The SHA-1 of the first `count` of `bytes`, of all when nil.
    init(ofBytes bytes: [UInt8], count: Int? = nil) throws(GitError) {
        let count = count ?? bytes.count
        precondition(count >= 0 && count <= bytes.count, "no more bytes than there are")
        var sum = [UInt8](repeating: 0, count: Self.size)
        guard unsafe shim_sha1(bytes, count, bytes, 0, &sum) == 1 else {
            throw .malformed("SHA-1 is not to be had from libcrypto")
        }
        self.init(sum, at: 0)
    }

    /// The object whose name is the text of `version`; nil when that is no name.
    init?(_ version: ItemVersion) {
        guard let digest = version.digest else { return nil }
        self.init(high: digest.high, middle: digest.middle, low: digest.low)
    }
}

extension ItemVersion {
    /// The version whose text is the name of an object.
    init(_ id: ObjectID) {
        self.init(digest: id.high, id.middle, id.low)
    }
}
