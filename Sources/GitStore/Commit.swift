import Store

/// Who commits on behalf of all authors: the server.
struct Committer {
    let name: String
    let email: String
}

/// A commit as Git stores it.
struct Commit {
    let tree: ObjectID
    let parent: ObjectID?
    let author: Author
    let committer: Committer
    /// Seconds since 1970.
    let time: Int64
    let message: String

    /// The object's bytes.
    ///
    /// Names and addresses lose what `git fsck` refuses in them; trailers become one line each.
    var bytes: [UInt8] {
        var text = "tree \(tree)\n"
        if let parent { text += "parent \(parent)\n" }
        let date = "\(max(0, time)) +0000"
        text += "author \(Self.identity(author.name, author.email)) \(date)\n"
        text += "committer \(Self.identity(committer.name, committer.email)) \(date)\n\n"
        text += Self.body(message)
        var trailers = ""
        if let user = author.remoteUser { trailers += "Remote-User: \(Self.line(user))\n" }
        if let requester = author.requester { trailers += "Requester: \(Self.line(requester))\n" }
        if !trailers.isEmpty { text += "\n" + trailers }
        return Array(text.utf8)
    }

    private static func identity(_ name: String, _ email: String) -> String {
        let name = clean(name, without: "<>")
        return "\(name.isEmpty ? "unknown" : name) <\(clean(email, without: "<> "))>"
    }

    /// One line: control characters become blanks, blanks at the ends go.
    private static func line(_ text: String) -> String {
        clean(text, without: "")
    }

    private static func clean(_ text: String, without refused: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 where !refused.utf8.contains(byte) {
            bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte)
        }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// The message with line feeds as its only control characters and one of them at the end.
    private static func body(_ text: String) -> String {
        var bytes = text.utf8.map { $0 == 0 || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: " ") {
            bytes.removeLast()
        }
        if bytes.isEmpty { bytes = Array("Change".utf8) }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
