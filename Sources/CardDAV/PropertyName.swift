import ContentLine

/// The name of a property in a report, with or without a group (RFC 6352 §10.4.2, §10.5.1).
///
/// Without one it means the property of every group and of none. Names and groups have no case (RFC 6350 §3.3).
struct PropertyName {
    let group: String?
    let name: String

    init(_ text: String) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            self.group = String(decoding: parts[0], as: UTF8.self)
            self.name = String(decoding: parts[1], as: UTF8.self)
        } else {
            self.group = nil
            self.name = text
        }
    }

    /// Whether it means this property.
    func matches(_ property: ContentLine) -> Bool {
        guard property.name.isSameName(as: name) else { return false }
        guard let group else { return true }
        return property.group?.isSameName(as: group) ?? false
    }
}
