import HTTP
import WebDAV
import XML

extension Response {
    /// The answer to a request that failed: the one place where `DAV:error` is printed (RFC 4918 §16).
    init(_ error: DAVError, prefixes: [(namespace: Namespace, prefix: String)]) {
        guard let condition = error.condition else {
            self.init(error.status, text: (error.message ?? error.status.reason) + "\n")
            addFields(of: error)
            return
        }
        var writer = XMLWriter(prefixes: prefixes)
        writer.start(.dav("error"))
        writer.element(condition.element)
        if let message = error.message { writer.element(.dav("responsedescription"), text: message) }
        writer.end()
        self.init(
            error.status, fields: ["Content-Type": "application/xml; charset=utf-8"],
            body: .bytes(writer.take()))
        addFields(of: error)
    }

    private mutating func addFields(of error: DAVError) {
        for (name, value) in error.fields.all { fields.append(name, value) }
    }
}
