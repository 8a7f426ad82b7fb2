import HTTP
public import Store
import XML

extension Feature {
    /// Methods and properties of WebDAV itself (RFC 4918).
    public static var webDAV: Feature {
        Feature(
            tokens: ["1"],
            methods: [
                .options, .get, .head, .put, .delete, .propFind, .propPatch, .copy, .move, .report,
            ],
            properties: [
                .resourceType, .displayName, .entityTag, .contentType, .contentLength, .lastModified,
                .creationDate,
                .supportedReportSet, .comment,
            ])
    }
}

extension MetadataKey {
    /// The name that people see.
    public static let displayName = MetadataKey("displayname")
}

extension LiveProperty {
    /// `DAV:resourcetype` (RFC 4918 §15.9).
    static var resourceType: LiveProperty {
        LiveProperty(.dav("resourcetype"), inAllprop: true, isSharedByItems: true) {
            (question, writer) throws(DAVError) in
            guard question.resource.isCollection else { return true }
            let container = question.resource.container
            writer.empty(.dav("collection"))
            var types = container.kind.resourceTypes
            if container.isPrincipal, !types.contains(.dav("principal")) { types.append(.dav("principal")) }
            for type in types { writer.empty(type) }
            return true
        }
    }

    /// `DAV:displayname` (RFC 4918 §15.2): as set, else the last segment of the URL.
    static var displayName: LiveProperty {
        LiveProperty.text(
            .dav("displayname"), inAllprop: true, isSharedByItems: true,
            change: { (element, target) throws(DAVError) in
                // The root has no settings of its own.
                guard !target.path.names.isEmpty else { throw .protected }
                return [.displayName: element?.text]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection else { return nil }
                return resource.container.metadata[.displayName] ?? resource.container.path.name?.description
            })
    }

    /// `DAV:getetag` (RFC 4918 §15.6).
    static var entityTag: LiveProperty {
        LiveProperty(.dav("getetag"), inAllprop: true, isQuotedVersion: true) {
            (question, writer) throws(DAVError) in
            guard let etag = try question.resource.etag else { return false }
            writer.text(etag.description.utf8)
            return true
        }
    }

    /// `DAV:getcontenttype` (RFC 4918 §15.5).
    static var contentType: LiveProperty {
        LiveProperty.text(.dav("getcontenttype"), inAllprop: true, isSharedByItems: true) {
            (resource, _) throws(DAVError) in
            resource.mediaType
        }
    }

    /// `DAV:getcontentlength` (RFC 4918 §15.4).
    static var contentLength: LiveProperty {
        LiveProperty.text(.dav("getcontentlength"), inAllprop: true) {
            (resource, _) throws(DAVError) in
            resource.isCollection ? nil : String(try resource.byteCount())
        }
    }

    /// `DAV:getlastmodified` (RFC 4918 §15.7): when the history says that the bytes were last changed.
    static var lastModified: LiveProperty {
        LiveProperty.text(.dav("getlastmodified"), inAllprop: true) { (resource, context) throws(DAVError) in
            resource.times(context, ofAll: true).modified.map { HTTPDate(secondsSince1970: $0).description }
        }
    }

    /// `DAV:creationdate` (RFC 4918 §15.1).
    static var creationDate: LiveProperty {
        LiveProperty.text(.dav("creationdate"), inAllprop: true) { (resource, context) throws(DAVError) in
            resource.times(context, ofAll: true).created.map { HTTPDate(secondsSince1970: $0).internetDate }
        }
    }

    /// `DAV:supported-report-set` (RFC 3253 §3.1.5).
    static var supportedReportSet: LiveProperty {
        LiveProperty.elements(.dav("supported-report-set")) {
            (resource, context) throws(DAVError) in
            context.features.reports(on: resource).map { report in
                XMLElement(
                    .dav("supported-report"),
                    children: [
                        .element(XMLElement(.dav("report"), children: [.element(XMLElement(report.name))]))
                    ])
            }
        }
    }

    /// `DAV:comment` (RFC 3253 §3.1.1): of a version, what the history says of it.
    static var comment: LiveProperty {
        let setting = LiveProperty.setting(.dav("comment"), key: MetadataKey("comment")) {
            !$0.isDirectory && !$0.path.names.isEmpty
        }
        return LiveProperty(setting.name, change: setting.change) { (question, writer) throws(DAVError) in
            guard let entry = question.resource.container.entry, question.resource.item != nil else {
                return try setting.read(question, &writer)
            }
            writer.text(entry.message.utf8)
            return true
        }
    }
}
