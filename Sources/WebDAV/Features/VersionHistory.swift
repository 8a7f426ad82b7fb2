import HTTP
import Store
import XML

extension Feature {
    /// What was there before, from the history that is kept anyhow (RFC 3253 §3).
    public static var versionHistory: Feature {
        Feature(
            properties: [.checkedIn, .versionName, .creatorDisplayName, .predecessorSet, .successorSet],
            reports: [.versionTree])
    }
}

extension Report {
    /// `DAV:version-tree`: the versions of an object, newest first (RFC 3253 §3.7).
    ///
    /// Asked of a version it goes back from there. When the history is longer than one request may look through, the last
    /// response has 507 and the URL to go on from; `DAV:limit` asks for fewer versions at once.
    static var versionTree: Report {
        Report(.dav("version-tree"), needs: [.read, .readHistory], applies: { $0.item != nil }) {
            (request, context) throws(DAVError) in
            guard let item = request.resource.item else { throw DAVError(.notFound) }
            let container = request.resource.container
            let selection = try PropertySelection(
                request.body.propertiesAsked, fields: request.fields, inReport: false, context: context)
            var limit = Int.max
            if let text = request.body.first(.dav("limit"))?.first(.dav("nresults"))?.text {
                guard let number = Int(text.trimmingWhitespace), number > 0 else {
                    throw DAVError(.badRequest, message: "nresults must be a positive number.")
                }
                limit = number
            }
            let history = try context.versions(of: item.name, in: container)
            let versions = history.versions.prefix(limit)
            var rest = history.rest
            if versions.count < history.versions.count { rest = history.versions[limit].entry.id }
            return context.multistatus { (multistatus) throws(StreamError) in
                for version in versions {
                    let view = context.historicView(of: container, version.entry)
                    try multistatus.write(Resource(container: view, item: version.item), selection)
                }
                if let rest {
                    try multistatus.write(
                        href: container.liveView.versionHref(item.name, rest), .insufficientStorage,
                        violated: .dav("number-of-matches-within-limits"))
                }
            }
        }
    }
}

extension LiveProperty {
    /// `DAV:checked-in` (RFC 3253 §3.2.1): the URL of the version that an object is.
    static var checkedIn: LiveProperty {
        LiveProperty.hrefs(.dav("checked-in")) { (resource, context) throws(DAVError) in
            let container = resource.container
            guard let item = resource.item, container.entry == nil else { return nil }
            try context.require(.readHistory, on: container)
            let entries = try context.latestEntries(of: container)
            let entry = try storing { () throws(StoreError) in try entries.entry(of: item.name) }
            return entry.map { [container.versionHref(item.name, $0)] }
        }
    }

    /// `DAV:version-name` (RFC 3253 §3.4.4): the entry of the history.
    static var versionName: LiveProperty {
        LiveProperty.text(.dav("version-name")) { (resource, _) throws(DAVError) in
            resource.item == nil ? nil : resource.container.entry?.id.description
        }
    }

    /// `DAV:creator-displayname` (RFC 3253 §3.1.2): who made a version.
    static var creatorDisplayName: LiveProperty {
        LiveProperty.text(.dav("creator-displayname")) { (resource, _) throws(DAVError) in
            resource.container.entry?.author
        }
    }

    /// `DAV:predecessor-set` (RFC 3253 §3.4.1): the version before.
    static var predecessorSet: LiveProperty {
        .neighbours("predecessor-set", offset: 1)
    }

    /// `DAV:successor-set` (RFC 3253 §3.4.2): the version after.
    static var successorSet: LiveProperty {
        .neighbours("successor-set", offset: -1)
    }

    private static func neighbours(_ name: String, offset: Int) -> LiveProperty {
        LiveProperty.hrefs(.dav(name)) { (resource, context) throws(DAVError) in
            guard let item = resource.item, let entry = resource.container.entry else { return nil }
            let live = resource.container.liveView
            let all = try context.versions(of: item.name, in: live)
            // The version that this one is: made by the entry, or before it.
            guard
                let index = all.versions.firstIndex(where: { $0.entry.id == entry.id })
                    ?? all.versions.firstIndex(where: {
                        $0.item.version == item.version && $0.entry.time <= entry.time
                    })
            else { return [] }
            let other = index + offset
            guard all.versions.indices.contains(other) else { return [] }
            return [live.versionHref(item.name, all.versions[other].entry.id)]
        }
    }
}
