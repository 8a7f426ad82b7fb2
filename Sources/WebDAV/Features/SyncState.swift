import HTTP
public import Store

/// What a client has of a collection, and of the collections in it: what a sync token says (RFC 6578 §4).
///
/// All of it is in the token, so that tokens never expire and no request has to write down which ones were given out.
/// Of a calendar or an address book, which hold no collections, it is the `SyncToken` alone. Of other collections a
/// semicolon follows, and for each collection in them its name, a digest of how it was when the client was told of it,
/// and in parentheses what the client has of what is in it: `…;work=0123456789abcdef(…),home=…`.
public struct SyncState: Hashable, Sendable {
    /// What the client has of a collection within.
    public struct Member: Hashable, Sendable {
        /// Its name.
        public let name: ItemName
        /// What `ContainerView.stateDigest` was when the client was told of it.
        public let shown: UInt64
        /// What the client has of what is in it; nothing unless it asked for all levels.
        public var state: SyncState
    }

    /// What the client has of the items; nil for nothing.
    public var own: SyncToken?
    /// The collections that the client knows, in byte order of their names.
    public var members: [Member]

    /// Makes a state of its parts.
    public init(own: SyncToken? = nil, members: [Member] = []) {
        self.own = own
        self.members = members
    }

    /// Levels of nesting that a token may have: a bound on what reading one costs.
    private static let maxDepth = 16

    /// Reads a token, nil when it was never one.
    public init?(_ text: String) {
        // Nearly all are the version of a collection, and nothing else.
        if ItemVersion(text).digest != nil {
            self.init(own: .complete(CollectionVersion(text)))
            return
        }
        var rest = Array(text.utf8)[...]
        guard let state = Self.read(&rest, depth: 0), rest.isEmpty else { return nil }
        self = state
    }

    /// The token's text.
    public var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func append(to bytes: inout [UInt8]) {
        if let own { bytes.append(contentsOf: own.text.utf8) }
        guard own == nil || !members.isEmpty else { return }
        bytes.append(UInt8(ascii: ";"))
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendPercentEncoded(member.name.description, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            bytes.append(contentsOf: hexadecimal(member.shown).utf8)
            guard member.state != SyncState() else { continue }
            bytes.append(UInt8(ascii: "("))
            member.state.append(to: &bytes)
            bytes.append(UInt8(ascii: ")"))
        }
    }

    private static func read(_ rest: inout ArraySlice<UInt8>, depth: Int) -> SyncState? {
        guard depth < maxDepth else { return nil }
        var state = SyncState()
        let own = rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ")") }
        if !own.isEmpty {
            guard let text = String(validating: own, as: UTF8.self), let token = SyncToken(text) else {
                return nil
            }
            state.own = token
        }
        rest = rest[own.endIndex...]
        guard rest.first == UInt8(ascii: ";") else { return state }
        repeat {
            rest.removeFirst()
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ")") }
            rest = rest[name.endIndex...]
            // A directory without collections: the semicolon is all there is.
            if name.isEmpty, rest.first != UInt8(ascii: "=") { return state }
            guard let member = readMember(named: name, &rest, depth: depth) else { return nil }
            state.members.append(member)
        } while rest.first == UInt8(ascii: ",")
        return state
    }

    private static func readMember(
        named raw: ArraySlice<UInt8>, _ rest: inout ArraySlice<UInt8>, depth: Int
    ) -> Member? {
        guard let text = String(validating: raw, as: UTF8.self),
            let segments = try? Path(parsing: "/" + text).segments,
            segments.count == 1, let name = ItemName(segments[0]), rest.count > 16,
            let digits = String(validating: rest.dropFirst().prefix(16), as: UTF8.self),
            let shown = UInt64(digits, radix: 16)
        else { return nil }
        rest = rest.dropFirst(17)
        guard rest.first == UInt8(ascii: "(") else {
            return Member(name: name, shown: shown, state: SyncState())
        }
        rest.removeFirst()
        guard let state = read(&rest, depth: depth + 1), rest.first == UInt8(ascii: ")") else { return nil }
        rest.removeFirst()
        return Member(name: name, shown: shown, state: state)
    }
}

extension SyncState {
    /// The state of a client that was told of everything directly in `container`.
    init(of container: ContainerView) throws(DAVError) {
        self.init()
        if container.storage == .collection { own = .complete(try container.snapshot().version) }
        guard container.holdsCollections else { return }
        for child in try container.children() {
            guard let name = child.path.name else { continue }
            members.append(Member(name: name, shown: child.stateDigest, state: SyncState()))
        }
        members.sort { $0.name < $1.name }
    }

    /// The text of a change tag, which only tells whether there is anything to do.
    var changeTag: String {
        if let own, members.isEmpty { return own.text }
        var digest = StateDigest()
        digest.add(text.utf8)
        return hexadecimal(digest.value)
    }
}

extension ContainerView {
    /// Whether the report and the tokens of RFC 6578 are for it: for collections, and for the directories of a principal.
    var canBeSynchronized: Bool {
        guard !isVirtual else { return false }
        if storage == .collection { return true }
        return context.principals.owner(of: location).map(location.isWithin) ?? false
    }

    /// Whether there may be collections in it that its state covers.
    var holdsCollections: Bool {
        canBeSynchronized && entry == nil && (storage == .directory || kind.nestingViolates == nil)
    }

    /// A number that changes with the items, the settings, and all that is in the collections below.
    ///
    /// - Complexity: O(n) in the number of collections below, each looked at once in a request.
    var stateDigest: UInt64 {
        if let knownStateDigest { return knownStateDigest }
        var digest = StateDigest()
        do throws(DAVError) {
            if storage == .collection { digest.add(try snapshot().version.description.utf8) }
            for (key, value) in metadata.sorted(by: { $0.key.description < $1.key.description }) {
                digest.add(key.description.utf8)
                digest.add(value.utf8)
            }
            if holdsCollections {
                for child in try children() {
                    digest.add((child.path.name?.description ?? "").utf8)
                    digest.add(child.stateDigest)
                }
            }
        } catch {
            // What cannot be looked at looks the same until it can be.
            logUnreadable(error)
        }
        knownStateDigest = digest.value
        return digest.value
    }
}

/// A digest of 64 bits (FNV-1a), the same in every process.
private struct StateDigest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        // No text has this byte: it keeps texts apart.
        value = (value ^ 0xff) &* 0x0000_0100_0000_01b3
    }

    mutating func add(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            value = (value ^ (number >> shift & 0xff)) &* 0x0000_0100_0000_01b3
        }
    }
}

private func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
