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

    /// Shows what is at `location`, or what was at `old` before it went there, to those who may read it.
    ///
    /// - Parameters:
    ///   - old: who could read what before.
    ///   - location: where it is now, nil when it is gone.
    /// - Throws: what the store throws.
    func show(before old: Set<Reader> = [], at location: StorePath?) throws(DAVError) {
        try show(before: old, after: try location.map(readers(within:)) ?? [])
    }

    /// Who of those that lists name may read which collections at and within `location`.
    func readers(within location: StorePath) throws(DAVError) -> Set<Reader> {
        let access = Access(context: self)
        var named = access.list(at: location)
        var path = location
        while let parent = path.parent {
            path = parent
            named += access.list(at: path)
        }
        return try readers(among: individuals(named.map(\.principal)), within: location)
    }

    /// Shows what can be read now and could not before, and takes away what cannot any more.
    ///
    /// What somebody took out of the home stays out for as long as nothing changes.
    func show(before: Set<Reader>, after: Set<Reader>) throws(DAVError) {
        for reader in before.subtracting(after).sorted(by: Self.precedes) {
            // What kind it was cannot be told of what is gone.
            for home in try homes(of: reader.principal) {
                try changeShares(in: home) { (shares) throws(DAVError) in
                    shares.removeAll { $0.location == reader.location }
                }
            }
        }
        for reader in after.subtracting(before).sorted(by: Self.precedes)
        where principals.owner(of: reader.location) != reader.principal {
            guard let kind = try container(at: reader.location)?.kind,
                let home = try home(of: reader.principal, for: kind)
            else { continue }
            try changeShares(in: home) { (shares) throws(DAVError) in
                guard !shares.contains(where: { $0.location == reader.location }) else { return }
                let name = try name(for: reader.location, in: home, besides: shares)
                shares.append(Share(name: name, location: reader.location))
            }
        }
    }

    private static func precedes(_ left: Reader, _ right: Reader) -> Bool {
        (left.principal.description, left.location.description)
            < (right.principal.description, right.location.description)
    }

    /// Changes what is seen in a home; of two who do so at once both succeed.
    private func changeShares(
        in home: ContainerView, _ change: (inout [Share]) throws(DAVError) -> Void
    ) throws(DAVError) {
        var failure: DAVError?
        func act() {
            do throws(DAVError) {
                let text = try storing { () throws(StoreError) in
                    try self.store.metadata(of: home.location)[.shared]
                }
                let before = Share.all(in: text)
                var shares = before
                try change(&shares)
                guard shares != before else { return }
                try storing { () throws(StoreError) in
                    try self.store.update(
                        metadata: [.shared: Share.text(shares)], of: home.location, by: self.author)
                }
            } catch {
                failure = error
            }
        }
        if home.storage == .collection {
            let collection = try home.collection()
            try storing { () throws(StoreError) in try collection.withLock(act) }
        } else {
            act()
        }
        if let failure { throw failure }
        forgetContainers()
    }

    /// Where a principal keeps, and sees, collections of a kind.
    private func home(
        of principal: StorePath, for kind: CollectionKind
    ) throws(DAVError) -> ContainerView? {
        guard let homePath = kind.home, let view = try container(at: principal), let path = homePath(view)
        else { return nil }
        return try container(at: path)
    }

    /// All homes of a principal, each once.
    private func homes(of principal: StorePath) throws(DAVError) -> [ContainerView] {
        var homes: [ContainerView] = []
        for kind in features.features.flatMap(\.kinds) {
            guard let home = try home(of: principal, for: kind),
                !homes.contains(where: { $0.path == home.path })
            else { continue }
            homes.append(home)
        }
        return homes
    }

    /// A name that is free in the home: those of the owner and of the collection.
    private func name(
        for location: StorePath, in home: ContainerView, besides shares: [Share]
    ) throws(DAVError) -> ItemName {
        let owner = principals.loginName(of: location) ?? "shared"
        let base = "\(owner)-\(location.name?.description ?? "collection")"
        for number in 1...1000 {
            guard let name = ItemName(number == 1 ? base : "\(base)-\(number)"), !name.isHidden else { break }
            if shares.contains(where: { $0.name == name }) { continue }
            if try container(at: home.path.appending(name)) == nil { return name }
        }
        guard let name = ItemName(randomUUID()) else { throw DAVError(.internalServerError) }
        return name
    }
}
