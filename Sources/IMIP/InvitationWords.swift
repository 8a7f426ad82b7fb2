/// The words of a mail about a calendar object.
struct InvitationWords {
    let subject: String
    let text: String
    let html: String

    /// Writes them.
    ///
    /// - Parameters:
    ///   - details: the object.
    ///   - previous: what the recipient was told before, nil: nothing.
    ///   - sender: who is to be named as the one who writes.
    init(_ details: InvitationDetails, previous: InvitationDetails?, sender: String) {
        let changed = Self.changed(details, since: previous)
        subject = Self.subject(details, isUpdate: previous != nil)
        let opening = Self.opening(details, isUpdate: previous != nil, sender: sender)
        var lines = [opening, "", details.title]
        for line in details.lines {
            lines.append("\(line.label): \(line.value)\(changed.contains(line.label) ? "  (changed)" : "")")
        }
        let gone = previous.map { Self.gone(details, since: $0) } ?? []
        for line in gone { lines.append("No longer: \(line.label) \(line.value)") }
        if let comment = details.comment, !comment.isEmpty { lines += ["", "\u{201C}\(comment)\u{201D}"] }
        lines += [
            "", "This mail was written by a calendar program; an answer goes to the person named above.",
        ]
        text = lines.joined(separator: "\n") + "\n"

        var rows = ""
        for line in details.lines {
            let value = Self.escaped(line.value)
            rows +=
                "<tr><th align=\"left\" valign=\"top\">\(line.label)</th><td>\(changed.contains(line.label) ? "<b>\(value)</b> (changed)" : value)</td></tr>\n"
        }
        for line in gone {
            rows +=
                "<tr><th align=\"left\" valign=\"top\">\(line.label)</th><td><s>\(Self.escaped(line.value))</s></td></tr>\n"
        }
        let comment = details.comment.map { "<blockquote>\(Self.escaped($0))</blockquote>\n" } ?? ""
        html = """
            <!DOCTYPE html>
            <html><body>
            <p>\(Self.escaped(opening))</p>
            <h2>\(Self.escaped(details.title))</h2>
            <table cellpadding="4">
            \(rows)</table>
            \(comment)<p><small>This mail was written by a calendar program; an answer goes to the person named above.</small></p>
            </body></html>

            """
    }

    private static func subject(_ details: InvitationDetails, isUpdate: Bool) -> String {
        let words: String
        switch details.method {
        case "REQUEST": words = isUpdate ? "Updated invitation" : "Invitation"
        case "ADD": words = "Another date"
        case "CANCEL": words = "Cancelled"
        case "PUBLISH": words = "Event"
        case "REFRESH": words = "Asking for the latest state"
        case "COUNTER": words = "Proposal"
        case "DECLINECOUNTER": words = "Proposal declined"
        case "REPLY":
            words =
                switch details.participation {
                case "ACCEPTED": "Accepted"
                case "DECLINED": "Declined"
                case "TENTATIVE": "Tentatively accepted"
                case "DELEGATED": "Delegated"
                default: "Reply"
                }
        default: words = "Calendar"
        }
        return "\(words): \(details.title)"
    }

    private static func opening(_ details: InvitationDetails, isUpdate: Bool, sender: String) -> String {
        switch details.method {
        case "REQUEST": isUpdate ? "\(sender) has changed what you are invited to." : "\(sender) invites you."
        case "ADD": "\(sender) invites you to another date."
        case "CANCEL": "\(sender) has cancelled this, or takes your invitation back."
        case "PUBLISH": "\(sender) tells you of this."
        case "REFRESH": "\(sender) asks for the latest state of this."
        case "COUNTER": "\(sender) proposes this instead."
        case "DECLINECOUNTER": "\(sender) does not take up what you proposed."
        case "REPLY":
            switch details.participation {
            case "ACCEPTED": "\(sender) accepts."
            case "DECLINED": "\(sender) declines."
            case "TENTATIVE": "\(sender) accepts, but is not sure."
            case "DELEGATED": "\(sender) sends somebody else."
            default: "\(sender) has answered."
            }
        default: "\(sender) sends you this."
        }
    }

    /// The labels whose values are not as before.
    private static func changed(_ details: InvitationDetails, since previous: InvitationDetails?) -> Set<
        String
    > {
        guard let previous, details.method == "REQUEST" else { return [] }
        return Set(details.lines.filter { !previous.lines.contains($0) }.map(\.label))
    }

    /// The lines whose labels are no longer there.
    private static func gone(
        _ details: InvitationDetails, since previous: InvitationDetails
    ) -> [InvitationDetails.Line] {
        guard details.method == "REQUEST" else { return [] }
        let labels = Set(details.lines.map(\.label))
        return previous.lines.filter { !labels.contains($0.label) && $0.label != "Only" }
    }

    /// Text that may stand in HTML; line ends become breaks.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case 0x0a: bytes += "<br>\n".utf8
            case 0x00..<0x20, 0x7f: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
