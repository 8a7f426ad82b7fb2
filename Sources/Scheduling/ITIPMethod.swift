internal import ContentLine

/// What a scheduling message is for: the value of `METHOD` (RFC 5546 §1.4).
public enum ITIPMethod: String, Hashable, Sendable, CaseIterable {
    /// Tells of an object without inviting anybody.
    case publish = "PUBLISH"
    /// Invites, changes what was invited to, or tells the state of replies.
    case request = "REQUEST"
    /// Answers an invitation.
    case reply = "REPLY"
    /// Adds instances to what was invited to.
    case add = "ADD"
    /// Takes an invitation back, as a whole or for instances.
    case cancel = "CANCEL"
    /// Asks the organizer for the latest state.
    case refresh = "REFRESH"
    /// Proposes another time or other details to the organizer.
    case counter = "COUNTER"
    /// Turns such a proposal down.
    case declineCounter = "DECLINECOUNTER"

    /// Reads a value in any case; nil for a method that is not one of iTIP.
    public init?(name: String) {
        guard let method = Self.allCases.first(where: { name.trimmingBlanks.isName($0.rawValue) }) else {
            return nil
        }
        self = method
    }

    /// Whether an organizer sends it; attendees send the others (RFC 5546 §1.4).
    public var isFromOrganizer: Bool {
        switch self {
        case .publish, .request, .add, .cancel, .declineCounter: true
        case .reply, .refresh, .counter: false
        }
    }
}
