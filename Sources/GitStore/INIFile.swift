/// A file of settings in the form that Python's `configparser` reads, kept line by line.
///
/// Reading forgives more than Python does: lines before the first section belong to `[DEFAULT]`, a key given twice
/// has its last value, a `%` that means nothing means itself, lines without sense are passed over. Whatever is not
/// changed stays as it is, comments too.
struct INIFile {
    /// Lines without their line feed.
    private(set) var lines: [[UInt8]]

    /// The section whose options count for all sections.
    static let defaultSection = "DEFAULT"

    init(_ bytes: [UInt8]) {
        self.lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
    }

    /// The file's bytes.
    var bytes: [UInt8] { Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()) }

    /// An option as it stands in the file.
    struct Option {
        let section: String
        /// In lower case: keys are the same in any.
        let key: String
        /// The lines of its key and its value, without empty lines and comments behind.
        var lines: Range<Int>
        /// The lines of the value, not yet decoded.
        var rawValue: [String]
    }

    /// A line `[name]`.
    struct Header {
        let name: String
        let line: Int
    }

    /// What is in the file, in its order.
    var contents: (options: [Option], headers: [Header]) {
        var options: [Option] = []
        var headers: [Header] = []
        var section = Self.defaultSection
        var isInOption = false
        var indent = 0
        for (number, line) in lines.enumerated() {
            let text = line.trimmed
            if text.first == UInt8(ascii: "#") || text.first == UInt8(ascii: ";") { continue }
            if text.isEmpty {
                if isInOption { options[options.count - 1].rawValue.append("") }
                continue
            }
            let lineIndent = line.count - line.drop(while: \.isBlank).count
            if isInOption && lineIndent > indent {
                options[options.count - 1].rawValue.append(Self.continuation(line, indent: indent))
                options[options.count - 1].lines = options[options.count - 1].lines.lowerBound..<number + 1
                continue
            }
            indent = lineIndent
            isInOption = false
            if text.first == UInt8(ascii: "["), let end = text.lastIndex(of: UInt8(ascii: "]")),
                end > text.startIndex + 1
            {
                section = String(decoding: text[text.startIndex + 1..<end], as: UTF8.self)
                headers.append(Header(name: section, line: number))
            } else if let delimiter = text.firstIndex(where: {
                $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":")
            }),
                delimiter > text.startIndex
            {
                let key = String(decoding: Array(text[..<delimiter]).trimmed, as: UTF8.self).lowercased()
                let value = String(decoding: Array(text[(delimiter + 1)...]).trimmed, as: UTF8.self)
                options.append(
                    Option(section: section, key: key, lines: number..<number + 1, rawValue: [value]))
                isInOption = true
            }
        }
        for index in options.indices {
            while options[index].rawValue.count > 1, options[index].rawValue.last == "" {
                options[index].rawValue.removeLast()
            }
        }
        return (options, headers)
    }

    /// What a further line of a value holds.
    ///
    /// Python writes one tab before it and takes away all blanks when reading. Taking away no more than was written
    /// keeps the folding of iCalendar text. What a person indented otherwise is read as Python does.
    private static func continuation(_ line: [UInt8], indent: Int) -> String {
        var rest = line.dropFirst(indent)
        guard rest.first == UInt8(ascii: "\t") else { return String(decoding: line.trimmed, as: UTF8.self) }
        rest = rest.dropFirst()
        while rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// All values, decoded: by section, then by key; without what the sections inherit from `[DEFAULT]`.
    var values: [String: [String: String]] {
        let options = contents.options
        var raw: [String: [String: String]] = [:]
        for option in options {
            raw[option.section, default: [:]][option.key] = option.rawValue.joined(separator: "\n")
        }
        let defaults = raw[Self.defaultSection] ?? [:]
        var decoded: [String: [String: String]] = [:]
        for (section, options) in raw {
            decoded[section] = options.mapValues { text in
                INIValue.decode(text) { options[$0] ?? defaults[$0] }
            }
        }
        return decoded
    }

    // MARK: - Changing

    /// Sets an option, or removes it and the section it leaves empty.
    mutating func set(_ key: String, in section: String, to value: String?) {
        guard let value else { return remove(key, from: section) }
        let (raw, needsEmptyOption) = INIValue.encode(value)
        let written =
            [Array("\(key) = \(raw[0])".utf8).trimmedAtEnd] + raw.dropFirst().map { Array("\t\($0)".utf8) }
        put(written, as: key, in: section)
        if needsEmptyOption {
            put([Array("\(INIValue.emptyOption) =".utf8)], as: INIValue.emptyOption, in: Self.defaultSection)
        }
    }

    private mutating func put(_ written: [[UInt8]], as key: String, in section: String) {
        var (options, headers) = contents
        let same = options.filter { $0.section == section && $0.key == key }
        if let first = same.first {
            for option in same.dropFirst().reversed() { lines.removeSubrange(option.lines) }
            lines.replaceSubrange(first.lines, with: indented(written, like: first.lines.lowerBound))
            return
        }
        let firstHeader = headers.first?.line ?? lines.count
        if section == Self.defaultSection, options.first.map({ $0.lines.lowerBound < firstHeader }) ?? false {
            // Python wants a section before the first option.
            lines.insert(Array("[\(section)]".utf8), at: 0)
            (options, headers) = contents
        }
        if let last = options.last(where: { $0.section == section }) {
            lines.insert(
                contentsOf: indented(written, like: last.lines.upperBound), at: last.lines.upperBound)
        } else if let header = headers.last(where: { $0.name == section }) {
            lines.insert(contentsOf: indented(written, like: header.line + 1), at: header.line + 1)
        } else if section == Self.defaultSection {
            let separator: [[UInt8]] = headers.isEmpty ? [] : [[]]
            lines.insert(
                contentsOf: indented([Array("[\(section)]".utf8)] + written, like: firstHeader) + separator,
                at: firstHeader)
        } else {
            if !lines.isEmpty { lines.append([]) }
            lines += [Array("[\(section)]".utf8)] + written
        }
    }

    /// `written` behind the blanks that the line at `index`, or the next one that means something, starts with.
    ///
    /// With fewer blanks before it, that line would become part of the value.
    private func indented(_ written: [[UInt8]], like index: Int) -> [[UInt8]] {
        let indentation = lines.dropFirst(index).first(where: \.isMeaningful)?.prefix(while: \.isBlank) ?? []
        return written.map { indentation + $0 }
    }

    private mutating func remove(_ key: String, from section: String) {
        for option in contents.options.reversed() where option.section == section && option.key == key {
            lines.removeSubrange(option.lines)
        }
        let (options, headers) = contents
        guard !options.contains(where: { $0.section == section }) else { return }
        for header in headers.reversed() where header.name == section {
            // A comment below the header keeps the section.
            var end = header.line + 1
            while end < lines.count, lines[end].trimmed.isEmpty { end += 1 }
            // An indented header behind it would become part of the value before it.
            let isEmpty = end == lines.count || headers.contains { $0.line == end && !lines[end][0].isBlank }
            if isEmpty { lines.removeSubrange(header.line..<end) }
        }
    }
}

extension UInt8 {
    /// Blank, tab, line end or form feed.
    fileprivate var isBlank: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0d) }
}

extension [UInt8] {
    /// False for an empty line and for a comment.
    fileprivate var isMeaningful: Bool {
        let first = first { !$0.isBlank }
        return first != nil && first != UInt8(ascii: "#") && first != UInt8(ascii: ";")
    }

    /// Without blanks at both ends.
    fileprivate var trimmed: [UInt8] { Array(trimmedAtEnd.drop(while: \.isBlank)) }

    /// Without blanks at the end.
    fileprivate var trimmedAtEnd: [UInt8] {
        var end = endIndex
        while end > startIndex, self[end - 1].isBlank { end -= 1 }
        return Array(self[..<end])
    }
}
