import HTTP

/// How the objects of a kind of collections are changed for a client that asks for it with a field of its request.
///
/// What it leads to says the same as what is stored, in other bytes.
public struct Tailoring {
    /// The field.
    public let field: String
    /// The object as the client wants it, of the stored bytes; nil when as it is stored.
    public let apply: ([UInt8], Context) -> [UInt8]?
    /// The value of `Vary`: all fields that answers depend on (RFC 9110 §12.5.5).
    let vary: String

    /// Makes it.
    public init(by field: String, among others: String, apply: @escaping ([UInt8], Context) -> [UInt8]?) {
        self.field = field
        self.apply = apply
        self.vary = "\(others), \(field)"
    }
}

extension CollectionKind {
    /// The bytes of one of its objects as the client wants them; nil when as they are stored.
    func tailored(_ bytes: () throws(DAVError) -> [UInt8], _ context: Context) throws(DAVError) -> [UInt8]? {
        guard let tailoring, context.fields[tailoring.field] != nil else { return nil }
        return tailoring.apply(try bytes(), context)
    }
}
