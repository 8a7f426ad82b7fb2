/// How far below a resource a request reaches (RFC 4918 §10.2).
public enum Depth: Hashable, Sendable {
    /// The resource alone.
    case zero
    /// The resource and its members.
    case one
    /// The resource and all below it.
    case infinity

    /// Reads the value of a `Depth` field, nil when it is none of the three.
    public init?(_ text: String) {
        // As nearly all clients write it.
        if text == "0" {
            self = .zero
            return
        }
        switch text.trimmingWhitespace.lowercased() {
        case "0": self = .zero
        case "1": self = .one
        case "infinity": self = .infinity
        default: return nil
        }
    }
}
