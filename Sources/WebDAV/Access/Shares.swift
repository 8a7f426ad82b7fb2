import HTTP
import Store

extension MetadataKey {
    /// Of a home: the containers of others that are seen in it.
    ///
    /// A name and a path below the root of the store for each, both percent-encoded: `ana-work=/ana/calendars/work/`,
    /// separated by commas. It opens nothing: what may be done there is for the access control list there to say.
    static let shared = MetadataKey("shared-collections")
}

/// A container of somebody else that is seen in a home.
struct Share: Hashable {
    /// The name it has in the home.
    let name: ItemName
    /// Where it is.
    let location: StorePath

    /// Reads the value of the setting; what cannot be read is passed over.
    static func all(in text: String?) -> [Share] {
        (text ?? "").split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: "=", maxSplits: 1).map { String($0).trimmingWhitespace }
            guard parts.count == 2, let name = StorePath(setting: "/" + parts[0])?.name,
                let location = StorePath(setting: parts[1])
            else { return nil }
            return Share(name: name, location: location)
        }
    }

    /// The value of the setting, nil for none.
    static func text(_ shares: [Share]) -> String? {
        guard !shares.isEmpty else { return nil }
        return shares.map { "\(percentEncoded($0.name.description))=\($0.location.setting)" }.joined(
            separator: ", ")
    }
}

extension ContainerView {
    /// What others share that is seen in this container.
    var shares: [Share] { location == path ? Share.all(in: metadata[.shared]) : [] }
}

extension Context {
    /// What is at `path` because somebody shares it, or what is in that.
    func shared(at path: StorePath) throws(DAVError) -> ContainerView? {
        guard let name = path.name, let parentPath = path.parent, let parent = try container(at: parentPath)
        else { return nil }
        let isWithinShared = parent.location != parent.path
        let location =
            isWithinShared
            ? parent.location.appending(name) : parent.shares.first { $0.name == name }?.location
        guard let location, !path.isWithin(location), let target = try container(at: location),
            target.location == location
        else { return nil }
        return ContainerView(
            path: path, location: location, isShared: !isWithinShared, storage: target.storage, context: self)
    }

    /// Takes what somebody shares out of the home it is seen in.
    func removeShare(_ container: ContainerView) throws(DAVError) {
        guard let path = container.path.parent, let home = try self.container(at: path) else { return }
        let rest = home.shares.filter { $0.name != container.path.name }
        try storing { () throws(StoreError) in
            try store.update(
                metadata: [.shared: Share.text(rest)], of: home.settingsLocation, by: author)
        }
    }
}

extension MetadataKey {
    /// The settings that tell who may see what, which a copy does not have.
    static let access: [MetadataKey] = [.acl, .shared]
}
