import HTTP

/// Another form in which the objects of a collection can be had and, maybe, given (RFC 9110 §12).
public struct MediaForm {
    /// The media type, in lower case.
    public let mediaType: String
    /// What can be asked for besides the type, such as a version.
    public let parameters: [(name: String, value: String)]
    /// What it is called in entity tags and in `?export&accept=`.
    public let label: String
    /// Makes the form of stored bytes; nil when they do not allow it.
    public let convert: ([UInt8]) -> [UInt8]?
    /// Makes what is stored of bytes in this form; nil when they are not taken.
    public let read: (([UInt8]) throws(DAVError) -> [UInt8])?
    /// All objects of a collection in this form.
    public let export: ((Resource, Context) throws(DAVError) -> Export)?

    /// Makes a form.
    public init(
        _ mediaType: String, parameters: [(name: String, value: String)] = [], label: String,
        convert: @escaping ([UInt8]) -> [UInt8]?,
        read: (([UInt8]) throws(DAVError) -> [UInt8])? = nil,
        export: ((Resource, Context) throws(DAVError) -> Export)? = nil
    ) {
        self.mediaType = mediaType
        self.parameters = parameters
        self.label = label
        self.convert = convert
        self.read = read
        self.export = export
    }

    /// The value of `Content-Type`.
    var contentType: String {
        parameters.reduce(mediaType) { "\($0); \($1.name)=\($1.value)" } + "; charset=utf-8"
    }
}

/// The forms of the objects of a kind of collections.
public struct MediaForms {
    /// The forms but for the stored one, best first.
    public let others: [MediaForm]
    /// What can be asked for besides the type of stored bytes, such as their version; nil for nothing.
    public let stored: (([UInt8]) -> [(name: String, value: String)])?
    /// The condition that is violated by asking for an object in a form that cannot be had; nil when the stored one is sent.
    public let unavailable: Condition?

    /// Makes forms.
    public init(
        _ others: [MediaForm], stored: (([UInt8]) -> [(name: String, value: String)])? = nil,
        unavailable: Condition? = nil
    ) {
        self.others = others
        self.stored = stored
        self.unavailable = unavailable
    }

    /// The form that a client wants of an item, nil for the stored one.
    ///
    /// - Throws: 406 when the client names the type of the stored one, but wants nothing that there is.
    func form(
        for accept: Accept, storedAs mediaType: String, _ bytes: () throws(DAVError) -> [UInt8]
    ) throws(DAVError) -> MediaForm? {
        let parameters = stored == nil ? [] : stored?(try bytes()) ?? []
        let ownQuality = accept.quality(of: mediaType, parameters)
        var best: (quality: Int, form: MediaForm)?
        for form in others {
            let quality = accept.quality(of: form.mediaType, form.parameters)
            if quality > max(best?.quality ?? 0, ownQuality) { best = (quality, form) }
        }
        if best == nil, ownQuality == 0, let unavailable, accept.names(mediaType) {
            throw DAVError(.notAcceptable, violated: unavailable)
        }
        return best?.form
    }
}

extension CollectionKind {
    /// The bytes that are to be stored of a request's body, and their media type; the flag says whether they are others than
    /// the client sent.
    ///
    /// - Throws: what is wrong with a body in another form.
    func taken(
        _ bytes: [UInt8], as type: String?
    ) throws(DAVError) -> (bytes: [UInt8], type: String?, isConverted: Bool) {
        guard let type, let read = forms?.others.first(where: { $0.mediaType == type })?.read else {
            return (bytes, type, false)
        }
        return (try read(bytes), mediaType, true)
    }
}

extension ETag {
    /// The tag of another representation of the same state.
    func labelled(_ form: MediaForm) -> ETag { ETag("\(opaque)\(Self.representationMark)\(form.label)") }
}
