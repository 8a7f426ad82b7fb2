import HTTP
import Store

/// The media types of the items of a collection, by the endings of their names.
struct MediaTypes {
    private let own: String?
    private let endings: [String]

    /// Makes the media types of collections of `kind`.
    init(of kind: CollectionKind) {
        self.own = kind.mediaType
        self.endings = kind.nameEndings
    }

    /// The media type of an item called `name`.
    func type(of name: ItemName) -> String {
        if let own, endings.contains(where: { name.hasEnding($0) }) { return own }
        // Clients choose names freely (RFC 6352 §6.3.2): one without a known ending tells nothing.
        let unknown = own ?? "application/octet-stream"
        let text = name.description
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        return Self.known[String(text[text.index(after: dot)...]).lowercased()] ?? unknown
    }

    /// Media types by name ending, for what people keep beside their calendars and contacts.
    private static let known = [
        "ics": "text/calendar", "vcf": "text/vcard", "txt": "text/plain", "html": "text/html",
        "htm": "text/html", "xml": "application/xml", "json": "application/json", "pdf": "application/pdf",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "svg": "image/svg+xml", "css": "text/css", "csv": "text/csv", "md": "text/markdown",
        "zip": "application/zip",
    ]
}

extension ItemName {
    /// Whether the name ends in `ending`, which is in lower case, in any case of ASCII.
    func hasEnding(_ ending: String) -> Bool {
        let (bytes, ending) = (description.utf8.span, ending.utf8.span)
        let start = bytes.count - ending.count
        guard start >= 0 else { return false }
        for index in ending.indices where asciiLower(bytes[start + index]) != ending[index] { return false }
        return true
    }
}
