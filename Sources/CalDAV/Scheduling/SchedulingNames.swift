import ICalendar
import Scheduling

/// Names that follow from what is named.
enum Digests {
    /// A name for byte strings: 32 hexadecimal digits.
    static func name(of parts: [[UInt8]]) -> String { StableDigest.text(of: parts) }
}

extension CalendarObject {
    /// The name of a new object: its UID where that is harmless, as clients do it.
    var fileName: String {
        let isPlain =
            uid.utf8.count <= 100
            && uid.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@")
            }
        return (isPlain ? uid : Digests.name(of: [Array(uid.utf8)])) + ".ics"
    }
}

extension ITIPMethod {
    /// How the history tells of a message.
    var historyVerb: String {
        switch self {
        case .publish: "Publish"
        case .request: "Invite to"
        case .reply: "Reply to"
        case .add: "Add to"
        case .cancel: "Cancel"
        case .refresh: "Refresh"
        case .counter: "Counter"
        case .declineCounter: "Decline the counter of"
        }
    }
}
