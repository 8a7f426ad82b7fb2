import ContentLine
import HTTP
import Store
import VCard
import WebDAV

/// A form of cards: the text of one version or the other, or the image of vCard 4.0 in JSON or XML.
enum CardFormat: CaseIterable {
    /// vCard 3.0 (RFC 2426).
    case version3
    /// vCard 4.0 (RFC 6350).
    case version4
    /// jCard (RFC 7095).
    case json
    /// xCard (RFC 6351).
    case xml

    /// The media type.
    var mediaType: String {
        switch self {
        case .version3, .version4: "text/vcard"
        case .json: JCard.mediaType
        case .xml: XCard.mediaType
        }
    }

    /// The version of vCard.
    var version: Card.Version { self == .version3 ? .v3_0 : .v4_0 }

    /// The form of a media type and, if it is given, a version; nil for others.
    init?(mediaType: String, version: String?) {
        let base = mediaType.utf8.split(separator: UInt8(ascii: ";")).first ?? []
        let name = String(decoding: base, as: UTF8.self).trimmingBlanks
        let found = Self.allCases.first { format in
            name.isSameName(as: format.mediaType)
                && version.map { format.version.rawValue.hasSameBytes(as: $0) } ?? true
        }
        guard let found else { return nil }
        self = found
    }

    /// The bytes of a card, nil when it is in no version that can be converted.
    func bytes(of card: Card) -> [UInt8]? {
        card.converted(to: version).map(written)
    }

    /// The bytes of a card, or of parts of one, that is in the version of the form already.
    func written(_ card: Card) -> [UInt8] {
        switch self {
        case .version3, .version4: CardWriter.bytes(of: card)
        case .json: JCard.bytes(of: card)
        case .xml: XCard.document(of: card)
        }
    }
}

extension MediaForms {
    /// The forms of cards.
    static var ofCards: MediaForms {
        MediaForms(
            [
                form(.version4, [("version", "4.0")], label: "vcard4"),
                form(.version3, [("version", "3.0")], label: "vcard3"),
                form(.json, label: "jcard") { (bytes) throws(DAVError) in
                    do {
                        return CardWriter.bytes(of: try JCard.parse(bytes))
                    } catch {
                        throw DAVError(
                            .forbidden, violated: .named(.carddav("valid-address-data")),
                            message: "The jCard cannot be read: \(error).")
                    }
                },
                form(.xml, label: "xcard") { (bytes) throws(DAVError) in try XCardReading.text(of: bytes) },
            ],
            stored: { bytes in
                guard let version = storedCard(bytes)?.version else { return [] }
                return [("version", version.rawValue)]
            },
            // RFC 6352 §5.1.1.1.
            unavailable: .named(.carddav("supported-address-data-conversion")))
    }

    private static func form(
        _ format: CardFormat, _ parameters: [(name: String, value: String)] = [], label: String,
        read: (([UInt8]) throws(DAVError) -> [UInt8])? = nil
    ) -> MediaForm {
        MediaForm(
            format.mediaType, parameters: parameters, label: label,
            convert: { bytes in storedCard(bytes).flatMap { format.bytes(of: $0) } }, read: read,
            export: { (resource, context) throws(DAVError) in try export(resource, as: format) })
    }

    /// All cards in a form; what is no card, or cannot be had in it, is left out.
    private static func export(_ resource: Resource, as format: CardFormat) throws(DAVError) -> Export {
        let snapshot = try resource.container.snapshot()
        let (start, end): ([UInt8], [UInt8]) =
            switch format {
            case .version3, .version4: ([], [])
            case .json: ([UInt8(ascii: "[")], [UInt8(ascii: "]")])
            case .xml: (XCard.documentStart, XCard.documentEnd)
            }
        var type = format.mediaType
        if type == "text/vcard" { type += "; version=\(format.version.rawValue)" }
        return Export(contentType: type + "; charset=utf-8") { (emit) throws(StreamError) in
            try emit(start)
            var isFirst = true
            for item in snapshot.items {
                let stored: [UInt8]
                do {
                    stored = try snapshot.bytes(of: item.version)
                } catch {
                    throw .failed("\(resource.href)\(item.name): \(error)")
                }
                guard let card = storedCard(stored)?.converted(to: format.version) else { continue }
                var bytes: [UInt8] = []
                switch format {
                case .version3, .version4: CardWriter.append(card, to: &bytes)
                case .json:
                    if !isFirst { bytes.append(UInt8(ascii: ",")) }
                    bytes += JCard.bytes(of: card)
                case .xml: XCard.append(card, to: &bytes)
                }
                isFirst = false
                try emit(bytes)
            }
            try emit(end)
        }
    }
}
