/// The value of an `If` field: lists of conditions on the states of resources (RFC 4918 §10.4).
public struct IfHeader: Hashable, Sendable {
    /// What a state is compared with.
    public enum State: Hashable, Sendable {
        /// A URI that stands for a state, as a lock token does.
        case token(String)
        /// An entity tag.
        case etag(ETag)
    }

    /// One condition.
    public struct Condition: Hashable, Sendable {
        /// The state that the resource is to have.
        public let state: State
        /// Whether it is not to have it (`Not`).
        public let isNegated: Bool
    }

    /// Conditions that must all hold.
    public struct List: Hashable, Sendable {
        /// The URL of the resource that they are about; nil for that of the request.
        public let resource: String?
        /// The conditions, one at least.
        public let conditions: [Condition]
    }

    /// The lists in order; one of them must hold.
    public let lists: [List]

    /// Longest value in bytes, and lists and conditions in it, at most.
    public static let maxBytes = 16 << 10, maxLists = 100, maxConditions = 400

    /// Reads a field's value.
    ///
    /// - Throws: `IfHeaderError` when it is not one, or over a limit.
    public init(_ text: String) throws(IfHeaderError) {
        guard text.utf8.count <= Self.maxBytes else { throw .limit }
        var reader = Reader(bytes: Array(text.utf8))
        self.lists = try reader.lists()
    }

    /// All tokens in it, negated or not: that one is mentioned shows that the client knows it (RFC 4918 §10.4.1).
    public var tokens: Set<String> {
        var tokens: Set<String> = []
        for condition in lists.flatMap(\.conditions) {
            if case .token(let token) = condition.state { tokens.insert(token) }
        }
        return tokens
    }

    /// Whether it holds (RFC 4918 §10.4.3); `has` tells whether a resource, nil for that of the request, has a state.
    public func holds(_ has: (_ resource: String?, _ state: State) -> Bool) -> Bool {
        lists.contains { list in
            list.conditions.allSatisfy { has(list.resource, $0.state) != $0.isNegated }
        }
    }

    /// Reads the grammar of RFC 4918 §10.4.2.
    private struct Reader {
        let bytes: [UInt8]
        var at = 0
        var conditionCount = 0

        mutating func lists() throws(IfHeaderError) -> [List] {
            var lists: [List] = []
            var resource: String?
            // A tag is followed by a list.
            var needsList = true
            while let byte = next() {
                switch byte {
                case UInt8(ascii: "<"):
                    // Lists without a tag do not go with such that have one.
                    guard resource != nil || lists.isEmpty, resource == nil || !needsList else {
                        throw .malformed
                    }
                    resource = try text(upTo: UInt8(ascii: ">"))
                    needsList = true
                case UInt8(ascii: "("):
                    guard lists.count < IfHeader.maxLists else { throw .limit }
                    lists.append(List(resource: resource, conditions: try conditions()))
                    needsList = false
                default: throw .malformed
                }
            }
            guard !lists.isEmpty, !needsList else { throw .malformed }
            return lists
        }

        /// The next byte that is no blank.
        private mutating func next() -> UInt8? {
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                if byte != 0x20 && byte != 0x09 { return byte }
            }
            return nil
        }

        private mutating func conditions() throws(IfHeaderError) -> [Condition] {
            var conditions: [Condition] = []
            var isNegated = false
            while let byte = next() {
                switch byte {
                case UInt8(ascii: ")"):
                    guard !conditions.isEmpty, !isNegated else { throw .malformed }
                    return conditions
                case UInt8(ascii: "N"), UInt8(ascii: "n"):
                    guard !isNegated, at + 2 <= bytes.count, asciiLower(bytes[at]) == UInt8(ascii: "o"),
                        asciiLower(bytes[at + 1]) == UInt8(ascii: "t")
                    else { throw .malformed }
                    at += 2
                    isNegated = true
                    continue
                case UInt8(ascii: "<"):
                    let token = try text(upTo: UInt8(ascii: ">"))
                    conditions.append(Condition(state: .token(token), isNegated: isNegated))
                case UInt8(ascii: "["):
                    conditions.append(Condition(state: .etag(try etag()), isNegated: isNegated))
                default: throw .malformed
                }
                isNegated = false
                conditionCount += 1
                guard conditionCount <= IfHeader.maxConditions else { throw .limit }
            }
            throw .malformed
        }

        private mutating func etag() throws(IfHeaderError) -> ETag {
            var byte = next()
            var isWeak = false
            if byte == UInt8(ascii: "W"), at < bytes.count, bytes[at] == UInt8(ascii: "/") {
                isWeak = true
                at += 1
                byte = next()
            }
            guard byte == UInt8(ascii: "\"") else { throw .malformed }
            let opaque = try text(upTo: UInt8(ascii: "\""), mayBeEmpty: true)
            guard next() == UInt8(ascii: "]") else { throw .malformed }
            return ETag(opaque, isWeak: isWeak)
        }

        private mutating func text(
            upTo end: UInt8, mayBeEmpty: Bool = false
        ) throws(IfHeaderError) -> String {
            guard let stop = bytes[at...].firstIndex(of: end), mayBeEmpty || stop > at else {
                throw .malformed
            }
            defer { at = stop + 1 }
            return String(decoding: bytes[at..<stop], as: UTF8.self)
        }
    }
}

/// Why a text is not the value of an `If` field.
public enum IfHeaderError: Error, Hashable, Sendable {
    /// It does not follow the grammar.
    case malformed
    /// It is too long, or there is too much in it.
    case limit
}
