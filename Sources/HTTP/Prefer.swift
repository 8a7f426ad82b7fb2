/// The preferences of a request (RFC 7240, RFC 8144) and the older `Brief` field that says the same.
public struct Prefer: Hashable, Sendable {
    /// `return=minimal`: leave out what the client can do without.
    public let returnMinimal: Bool
    /// `return=representation`: answer a write with the resource's new state.
    public let returnRepresentation: Bool
    /// `depth-noroot`: leave the target itself out of a multi-status (RFC 8144 §2).
    public let depthNoRoot: Bool

    /// Reads the preferences of a request.
    public init(_ fields: Fields) {
        var minimal = fields["Brief"]?.trimmingWhitespace.lowercased() == "t"
        var representation = false
        var noRoot = false
        for item in (fields["Prefer"].map { $0[...] } ?? "").split(whereSeparator: { $0 == "," || $0 == ";" })
        {
            switch String(item).trimmingWhitespace.lowercased().filter({ $0 != "\"" && $0 != " " }) {
            case "return=minimal", "return-minimal": minimal = true
            case "return=representation": representation = true
            case "depth-noroot": noRoot = true
            default: break
            }
        }
        self.returnMinimal = minimal
        self.returnRepresentation = representation
        self.depthNoRoot = noRoot
    }
}

extension Fields {
    /// Says which preferences an answer follows (RFC 7240 §3), and that it would be another one without them.
    public mutating func setApplied(_ preferences: [String]) {
        guard !preferences.isEmpty else { return }
        self["Preference-Applied"] = preferences.joined(separator: ", ")
        self["Vary"] = "Brief, Prefer"
    }
}
