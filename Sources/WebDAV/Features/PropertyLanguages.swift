import Store
import XML

/// The languages of the live properties of a container that clients have set, as `xml:lang` told them (RFC 4918 §4.3).
///
/// They are a setting of their own, so that the values stand in theirs as if there were none.
struct PropertyLanguages {
    private var languages: [(name: String, language: String)] = []

    /// Reads the setting: names and languages, with `=` between them and blanks around them.
    init(_ text: String?) {
        guard let text else { return }
        for part in text.utf8.split(separator: UInt8(ascii: " ")) {
            guard let equals = part.lastIndex(of: UInt8(ascii: "=")) else { continue }
            let language = part[part.index(after: equals)...]
            guard Self.isLanguage(language) else { continue }
            languages.append(
                (String(decoding: part[..<equals], as: UTF8.self), String(decoding: language, as: UTF8.self)))
        }
    }

    /// The languages of the properties of a resource; items have no live properties that clients set.
    init(of resource: Resource) {
        self.init(resource.isCollection ? resource.container.metadata[.propertyLanguages] : nil)
    }

    /// The setting; nil when no language is known.
    var text: String? {
        languages.isEmpty ? nil : languages.map { "\($0.name)=\($0.language)" }.joined(separator: " ")
    }

    /// The language of a property; nil when nobody told.
    subscript(name: ElementName) -> String? {
        guard !languages.isEmpty else { return nil }
        let name = Self.key(name)
        return languages.first { $0.name == name }?.language
    }

    /// Takes over what the new value of a property says; nil removes it.
    mutating func apply(_ instruction: PropertyUpdate.Instruction) {
        let name = Self.key(instruction.name)
        languages.removeAll { $0.name == name }
        let given = instruction.value?.attributes.first { $0.name == ElementName(.xml, "lang") }
        guard let language = given?.value, Self.isLanguage(language.utf8) else { return }
        languages.append((name, language))
    }

    private static func key(_ name: ElementName) -> String { "{\(name.namespace.uri)}\(name.local)" }

    /// RFC 5646 §2.1: letters, digits and hyphens.
    private static func isLanguage(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 100
            && text.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

extension MetadataKey {
    /// The languages of live properties, as `PropertyLanguages.text` has them.
    static let propertyLanguages = MetadataKey("property-languages")
}

extension PropertySelection.Entry {
    /// The start tag, with the language of the property.
    func start(in languages: PropertyLanguages) -> [UInt8] {
        guard let language = languages[request.name] else { return start }
        return start.dropLast() + Array(#" xml:lang="\#(language)">"#.utf8)
    }
}
