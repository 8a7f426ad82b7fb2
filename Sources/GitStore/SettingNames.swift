import Store

/// What the settings of containers are called in the files that hold them.
enum SettingNames {
    /// An option of an `INIFile`.
    struct Option: Hashable {
        let section: String
        let key: String
    }

    /// Settings that do not simply stand in `[DEFAULT]` under their own names.
    private static let placed: [MetadataKey: Option] = [
        MetadataKey("calendar-order"): Option(section: "calendar", key: "order"),
        MetadataKey("supported-components"): Option(section: "calendar", key: "supported-components"),
        MetadataKey("calendar-user-addresses"): Option(section: "scheduling", key: "addresses"),
        MetadataKey("calendar-user-type"): Option(section: "scheduling", key: "user-type"),
        MetadataKey("schedule-default-calendar-url"): Option(
            section: "scheduling", key: "default-calendar-url"),
        MetadataKey("calendar-home-set"): Option(section: "principal", key: "calendar-home-set"),
        MetadataKey("addressbook-home-set"): Option(section: "principal", key: "addressbook-home-set"),
        MetadataKey("calendar-proxy-read-for"): Option(section: "principal", key: "calendar-proxy-read-for"),
        MetadataKey("calendar-proxy-write-for"): Option(
            section: "principal", key: "calendar-proxy-write-for"),
        MetadataKey("calendar-proxy-read"): Option(section: "principal", key: "calendar-proxy-read"),
        MetadataKey("calendar-proxy-write"): Option(section: "principal", key: "calendar-proxy-write"),
        MetadataKey("group-member-set"): Option(section: "principal", key: "group-member-set"),
    ]
    /// Settings of a plain directory, which is a principal or is nothing, that differ from those of a collection.
    private static let placedInDirectory: [MetadataKey: Option] = [
        MetadataKey("displayname"): Option(section: "principal", key: "displayname"),
        MetadataKey("description"): Option(section: "principal", key: "description"),
    ]

    /// Where the setting `key` stands in an `INIFile`.
    static func option(for key: MetadataKey, in kind: ContainerKind) -> Option {
        if kind == .directory, let option = placedInDirectory[key] { return option }
        if let option = placed[key] { return option }
        let isTaken = key.description == INIValue.emptyOption
        return Option(
            section: INIFile.defaultSection, key: isTaken ? escaped(key) : plain(key) ?? escaped(key))
    }

    /// The settings in an `INIFile`, as far as they can be read.
    static func settings(in file: INIFile, of kind: ContainerKind) -> Metadata {
        let values = file.values
        var settings: Metadata = [:]
        for (key, value) in values[INIFile.defaultSection] ?? [:] where key != INIValue.emptyOption {
            settings[unescaped(key)] = value
        }
        let places = kind == .directory ? placed.merging(placedInDirectory) { $1 } : placed
        for (key, option) in places {
            // Sections inherit what they lack from [DEFAULT].
            guard let own = values[option.section] else { continue }
            settings[key] = own[option.key] ?? values[INIFile.defaultSection]?[option.key] ?? settings[key]
        }
        return settings
    }

    // MARK: - Names that not every file takes

    /// The variable of Git's `[xandikos]` section that holds the setting `key`.
    static func variable(for key: MetadataKey) -> String {
        let name = plain(key).flatMap { $0.contains { $0 == "_" || $0 == "." } ? nil : $0 } ?? escaped(key)
        return "xandikos.\(name)"
    }

    /// The setting that the variable `name` of Git's `[xandikos]` section holds, nil for one of a sub-section.
    static func key(forVariable name: String) -> MetadataKey? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 ? unescaped(String(parts[1])) : nil
    }

    /// The name itself where it is good for a file: letters, digits, `-`, `_` and `.` after a letter.
    private static func plain(_ key: MetadataKey) -> String? {
        let name = key.description
        guard let first = name.utf8.first, isLower(first), !name.utf8.starts(with: escape.utf8) else {
            return nil
        }
        let isGood = name.utf8.allSatisfy { byte in
            isLower(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        return isGood ? name : nil
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    /// Stands before the hexadecimal bytes of any other name.
    private static let escape = "x-name-"

    private static func escaped(_ key: MetadataKey) -> String {
        escape + key.description.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func unescaped(_ name: String) -> MetadataKey {
        guard name.utf8.starts(with: escape.utf8) else { return MetadataKey(name) }
        let digits = Array(name.utf8.dropFirst(escape.utf8.count))
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let byte = UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16)
            else {
                return MetadataKey(name)
            }
            bytes.append(byte)
        }
        guard digits.count.isMultiple(of: 2), let text = String(validating: bytes, as: UTF8.self) else {
            return MetadataKey(name)
        }
        return MetadataKey(text)
    }
}
