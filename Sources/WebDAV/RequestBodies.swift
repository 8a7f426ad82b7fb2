public import HTTP
public import XML

extension Request {
    /// Reads the body as XML; nil when there is none.
    ///
    /// - Throws: 400 when it is cut short, not well-formed, or has a document type; 413 when it is over a limit; 415 when
    ///   it is said to be something else.
    public func xmlBody(_ context: Context) throws(DAVError) -> XMLElement? {
        let bytes = try bodyBytes(limit: min(context.limits.bodyBytes, context.limits.xml.bytes))
        guard !bytes.isEmpty else { return nil }
        if !hasPlainXMLType, let type = mediaType, type != "text/xml", type != "application/xml",
            !type.hasSuffix("+xml")
        {
            throw DAVError(.unsupportedMediaType, message: "The body must be XML.")
        }
        do {
            return try context.documents.parse(bytes)
        } catch {
            switch error {
            case .malformed(let line, let reason):
                throw DAVError(
                    .badRequest, message: "The body is not well-formed XML: line \(line): \(reason).")
            case .documentType:
                // RFC 4918 §20.6.
                throw DAVError(
                    .badRequest, violated: .dav("no-external-entities"), message: "A DOCTYPE is not accepted."
                )
            case .limit(let kind):
                throw DAVError(.contentTooLarge, message: "The XML has too many or too much of: \(kind).")
            }
        }
    }

    /// Reads all of the body.
    ///
    /// - Throws: 400 when it is cut short, 413 when it is over `limit` bytes.
    public func bodyBytes(limit: Int) throws(DAVError) -> [UInt8] {
        do {
            return try body.collect(limit: limit)
        } catch {
            switch error {
            case .truncated:
                throw DAVError(.badRequest, message: "The body ended before its announced length.")
            case .tooLarge(let limit):
                throw DAVError(.contentTooLarge, message: "The body is over \(limit) bytes.")
            }
        }
    }

    /// Whether the body is said to be XML in one of the ways in which clients do: looked at first, at little cost.
    private var hasPlainXMLType: Bool {
        guard let type = fields["Content-Type"] else { return false }
        return Self.isType(type, "application/xml") || Self.isType(type, "text/xml")
    }

    /// Whether a field is `type`, which may be followed by parameters.
    private static func isType(_ field: String, _ type: String) -> Bool {
        let (field, type) = (field.utf8.span, type.utf8.span)
        guard field.count >= type.count else { return false }
        for index in type.indices where field[index] != type[index] { return false }
        return field.count == type.count || field[type.count] == UInt8(ascii: ";")
    }

    /// The media type of the body in lower case and without parameters, nil when absent or unspecific.
    public var mediaType: String? {
        guard let field = fields["Content-Type"] else { return nil }
        let end = field.utf8.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }
        let base = String(field[..<(end ?? field.endIndex)]).trimmingWhitespace.lowercased()
        return base.isEmpty || base == "application/octet-stream" ? nil : base
    }
}
