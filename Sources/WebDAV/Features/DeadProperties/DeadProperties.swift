import HTTP
import Store
import XML

/// The properties of one resource that clients set and the server only keeps (RFC 4918 §4.2).
///
/// Those of a container are one of its settings, those of an item are kept with it in its collection. Both are in the
/// history, and go where the resource goes.
struct DeadProperties {
    /// One property.
    struct Property {
        let name: ElementName
        /// Its element with all in it, which declares every namespace that it uses (RFC 4918 §4.3).
        let markup: [UInt8]
    }

    /// The properties in the order in which they were first set.
    private(set) var properties: [Property] = []

    /// The number and the bytes of all properties of one resource, at most.
    private static let maxCount = 200
    private static let maxBytes = 128 << 10

    /// No properties.
    init() {}

    /// Reads what `bytes` has made; what somebody damaged has none, and the log is told.
    init(_ bytes: [UInt8]?, log: (String) -> Void) {
        guard let bytes else { return }
        do {
            self.properties = try XMLReader.parse(bytes).elements.map { element in
                var writer = XMLWriter()
                writer.selfContained(element)
                return Property(name: element.name, markup: writer.take())
            }
        } catch {
            log("dead properties cannot be read: \(error)")
        }
    }

    /// All of them on one line; nil when there are none.
    var bytes: [UInt8]? {
        guard !properties.isEmpty else { return nil }
        var bytes = Array(#"<D:prop xmlns:D="DAV:">"#.utf8)
        for property in properties {
            for byte in property.markup {
                // Some forms of settings do not keep line ends; outside of text there are none.
                if byte == UInt8(ascii: "\n") { bytes += Array("&#10;".utf8) } else { bytes.append(byte) }
            }
        }
        bytes += Array("</D:prop>".utf8)
        return bytes
    }

    /// The property called `name`.
    subscript(name: ElementName) -> Property? { properties.first { $0.name == name } }

    /// Sets or removes a property.
    ///
    /// - Throws: 507 when there are too many or they are too large.
    mutating func apply(_ instruction: PropertyUpdate.Instruction) throws(DAVError) {
        let index = properties.firstIndex { $0.name == instruction.name }
        guard let value = instruction.value else {
            // RFC 4918 §14.23: removing what is not there is no error.
            if let index { properties.remove(at: index) }
            return
        }
        var writer = XMLWriter()
        writer.selfContained(value)
        let property = Property(name: instruction.name, markup: writer.take())
        var changed = properties
        if let index { changed[index] = property } else { changed.append(property) }
        guard changed.count <= Self.maxCount,
            changed.reduce(0, { $0 + $1.markup.count }) <= Self.maxBytes
        else {
            // RFC 4918 §9.2.1.
            throw DAVError(.insufficientStorage, violated: .dav("quota-not-exceeded"))
        }
        properties = changed
    }
}

extension MetadataKey {
    /// The dead properties of a container, as `DeadProperties.bytes` has them.
    static let deadProperties = MetadataKey("dead-properties")
}

extension Resource {
    /// The dead properties of the resource; none when they cannot be read, which the log tells.
    func deadProperties(_ context: Context) -> DeadProperties {
        guard let item else {
            return DeadProperties(
                container.metadata[.deadProperties].map { Array($0.utf8) }, log: context.log)
        }
        do {
            return DeadProperties(try container.snapshot().properties(of: item.name), log: context.log)
        } catch {
            context.log("properties of \(href): \(error)")
            return DeadProperties()
        }
    }
}
