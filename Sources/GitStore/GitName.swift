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
        return !isShortName(folded)
    }

    /// True for the names that NTFS gives `.git`, `.gitmodules` and `.gitattributes` besides their own.
    ///
    /// That is `git~1`, and for the others eight characters: six letters or the start of a hash, then `~` and digits.
    private static func isShortName(_ name: [UInt8]) -> Bool {
        var name = name.prefix { $0 != UInt8(ascii: ":") }
        while let last = name.last, last == UInt8(ascii: " ") || last == UInt8(ascii: ".") {
            name.removeLast()
        }
        if name.elementsEqual("git~1".utf8) { return true }
        guard name.count == 8, let tilde = name.firstIndex(of: UInt8(ascii: "~")),
            name[(tilde + 1)...].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        return ["gitmod", "gitatt", "gi7eba", "gi7d29"].contains { $0.utf8.starts(with: name[..<tilde]) }
    }

    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200c...0x200f, 0x202a...0x202e, 0x206a...0x206f, 0xfeff: true
        default: false
        }
    }
}
