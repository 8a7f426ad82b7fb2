/// Compatibility decomposition of text, Normalization Form KD (UAX #15).
///
/// It is here because the standard library offers it only as a comparison, and the collation
/// `i;unicode-casemap` searches in decomposed text.
struct Decomposition {
    /// The one table, read at first use.
    static let shared = Decomposition(reading: table)

    /// The characters that have a decomposition, ascending.
    private var characters: [UInt32] = []
    /// Where the scalars of each character begin in `scalars`, and one entry for the end.
    private var starts: [Int] = [0]
    private var scalars: [UInt32] = []

    /// Appends the full decomposition of `scalar`; marks are not put in order yet.
    func append(_ scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        guard scalar.value >= 0xA0 else {
            result.append(scalar)
            return
        }
        guard !Self.appendHangul(scalar.value, to: &result) else { return }
        guard let entry = index(of: scalar.value) else {
            result.append(scalar)
            return
        }
        for value in scalars[starts[entry]..<starts[entry + 1]] {
            guard let part = Unicode.Scalar(value) else { continue }
            append(part, to: &result)
        }
    }

    /// Puts each run of combining marks in the order of their classes (Unicode Standard §3.11, D109).
    static func orderMarks(_ scalars: inout [Unicode.Scalar]) {
        var index = 0
        while index < scalars.count {
            guard scalars[index].combiningClass != 0 else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count, scalars[index].combiningClass != 0 { index += 1 }
            guard index - start > 1 else { continue }
            let run = scalars[start..<index].enumerated().sorted { left, right in
                (left.element.combiningClass, left.offset) < (right.element.combiningClass, right.offset)
            }
            scalars.replaceSubrange(start..<index, with: run.map(\.element))
        }
    }

    private func index(of character: UInt32) -> Int? {
        var low = 0
        var high = characters.count
        while low < high {
            let middle = (low + high) / 2
            if characters[middle] < character { low = middle + 1 } else { high = middle }
        }
        return low < characters.count && characters[low] == character ? low : nil
    }

    /// Appends the letters of a Hangul syllable (Unicode Standard §3.12); false when it is none.
    private static func appendHangul(_ value: UInt32, to result: inout [Unicode.Scalar]) -> Bool {
        guard value >= 0xAC00, value <= 0xD7A3 else { return false }
        let syllable = value - 0xAC00
        let trailing = syllable % 28
        let letters = [0x1100 + syllable / 588, 0x1161 + syllable % 588 / 28, 0x11A7 + trailing]
        for letter in trailing == 0 ? letters.dropLast() : letters[...] {
            if let scalar = Unicode.Scalar(letter) { result.append(scalar) }
        }
        return true
    }

    private init(reading table: String) {
        var character: UInt32 = 0
        var number: UInt32 = 0
        for byte in table.utf8 {
            switch byte {
            case .colon:
                character += number
                number = 0
            case .space:
                scalars.append(number)
                number = 0
            case .comma:
                scalars.append(number)
                number = 0
                characters.append(character)
                starts.append(scalars.count)
                character += 1
            case 0x30...0x39: number = number << 4 | UInt32(byte - 0x30)
            default: number = number << 4 | UInt32(byte - 0x41 + 10)
            }
        }
    }
}

extension Unicode.Scalar {
    /// The canonical combining class; 0 for what is no combining mark.
    fileprivate var combiningClass: UInt8 {
        value < 0x300 ? 0 : properties.canonicalCombiningClass.rawValue
    }
}
