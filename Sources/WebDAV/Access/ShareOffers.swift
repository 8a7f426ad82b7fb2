import HTTP
import Store

/// A collection that somebody may read, as one of the pairs that make up who reads what.
struct Reader: Hashable {
    /// Who.
    let principal: StorePath
    /// Where the collection is.
    let location: StorePath
}

/// What is shared shows by itself in the homes of those it is shared with: clients look nowhere else.
extension Context {
    /// Who among `people` may read which collections at and within `location`, of the kinds that homes are for.
    func readers(among people: [StorePath], within location: StorePath) throws(DAVError) -> Set<Reader> {
        var readers: Set<Reader> = []
        guard !people.isEmpty, let container = try container(at: location) else { return [] }
        if container.kind.home != nil {
            let access = Access(context: self)
            for person in people where access.privileges(of: person, at: location).contains(.read) {
                readers.insert(Reader(principal: person, location: location))
            }
        }
        let names = try storing { () throws(StoreError) in try store.children(of: location) }
        for name in names {
            readers.formUnion(try self.readers(among: people, within: location.appending(name)))
        }
        return readers
    }

    /// Shows what can be read now and could not before, and takes away what cannot any more.
    ///
    /// What somebody took out of the home stays out for as long as nothing changes.
    func show(before: Set<Reader>, after: Set<Reader>) throws(DAVError) {
        for reader in before.subtracting(after).sorted(by: Self.precedes) {
            try changeShares(of: reader) { $0.removeAll { $0.location == reader.location } }
        }
        for reader in after.subtracting(before).sorted(by: Self.precedes)
        where principals.owner(of: reader.location) != reader.principal {
            try changeShares(of: reader) { (shares) throws(DAVError) in
                guard !shares.contains(where: { $0.location == reader.location }) else { return }
                shares.append(Share(name: try name(for: reader, besides: shares), location: reader.location))
            }
        }
    }

    private static func precedes(_ left: Reader, _ right: Reader) -> Bool {
        (left.principal.description, left.location.description)
            < (right.principal.description, right.location.description)
    }

    private func changeShares(
        of reader: Reader, _ change: (inout [Share]) throws(DAVError) -> Void
    ) throws(DAVError) {
        guard let home = try home(of: reader) else { return }
        var shares = home.shares
        try change(&shares)
        guard shares != home.shares else { return }
        try storing { () throws(StoreError) in
            try store.update(metadata: [.shared: Share.text(shares)], of: home.location, by: author)
        }
        forgetContainers()
    }

    /// Where the collection of `reader` is seen.
    private func home(of reader: Reader) throws(DAVError) -> ContainerView? {
        guard let kind = try container(at: reader.location)?.kind, let homePath = kind.home,
            let principal = try container(at: reader.principal), let path = homePath(principal)
        else { return nil }
        return try container(at: path)
    }

    /// A name that is free in the home: those of the owner and of the collection.
    private func name(for reader: Reader, besides shares: [Share]) throws(DAVError) -> ItemName {
        let owner = principals.loginName(of: reader.location) ?? "shared"
        let base = "\(owner)-\(reader.location.name?.description ?? "collection")"
        let home = try home(of: reader)?.path
        for number in 1...1000 {
            guard let name = ItemName(number == 1 ? base : "\(base)-\(number)"), !name.isHidden else { break }
            let isTaken = try home.map { path throws(DAVError) in
                try container(at: path.appending(name)) != nil
            }
            if isTaken != true, !shares.contains(where: { $0.name == name }) { return name }
        }
        return ItemName(randomUUID()) ?? reader.location.names[0]
    }
}
