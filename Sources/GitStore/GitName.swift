import Store

/// Which names Git lets a file have.
enum GitName {
    /// False for names that `git fsck` refuses or reads a meaning into on some system.
    ///
    /// That is `.git` and all that begins with it, also where a file system would make it of something else: letter
    /// case, characters without width (HFS+), short names and streams (NTFS).
    static func isAllowed(_ name: ItemName) -> Bool {
        name.description.split(separator: "\\", omittingEmptySubsequences: true).allSatisfy(isAllowedPart)
    }

    private static func isAllowedPart(_ part: Substring) -> Bool {
        var folded: [UInt8] = []
        for scalar in part.unicodeScalars where !isIgnorable(scalar) {
            if scalar.isASCII {
                let byte = UInt8(scalar.value)
                folded.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            } else {
                folded += Array(String(scalar).utf8)
            }
        }
        if folded.starts(with: ".git".utf8) { return false }
        // NTFS gives `.git…` short names: six letters of it, or `gi` with a hash, then `~` and a digit.
        return !(folded.starts(with: "gi".utf8) && folded.contains(UInt8(ascii: "~")) && folded.count <= 12)
    }

    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200c...0x200f, 0x202a...0x202e, 0x206a...0x206f, 0xfeff: true
        default: false
        }
    }
}
