import ContentLine
import Foundation
import Testing
import VCard

/// Cards as clients send them, each with what is read from it or why it is refused.
///
/// `UPDATE_CORPUS=1` rewrites the expectations; the difference is what to review.
@Suite("Address object resources, RFC 6352 §5.1") struct AddressObjectTests {
    @Test(arguments: try Corpus.names())
    func corpus(_ name: String) throws {
        let found = Corpus.describe(try Corpus.bytes(name + ".vcf"))
        if ProcessInfo.processInfo.environment["UPDATE_CORPUS"] != nil {
            try Corpus.write(found, to: name + ".expected")
        }
        #expect(found == String(decoding: try Corpus.bytes(name + ".expected"), as: UTF8.self))
    }

    @Test(arguments: try Corpus.names())
    func `what can be read prints back byte for byte`(_ name: String) throws {
        let bytes = try Corpus.bytes(name + ".vcf")
        let cards = Corpus.readable(bytes)
        guard !cards.isEmpty else { return }
        var printed: [UInt8] = []
        for card in cards { CardWriter.append(card, to: &printed) }
        #expect(printed == bytes)
    }

    @Test(arguments: try Corpus.names())
    func `what is written anew reads back equal`(_ name: String) throws {
        for card in Corpus.readable(try Corpus.bytes(name + ".vcf")) {
            let rebuilt = Card(
                properties: card.properties.map {
                    ContentLine(group: $0.group, name: $0.name, parameters: $0.parameters, value: $0.value)
                })
            let written = CardWriter.bytes(of: rebuilt)
            #expect(try CardParser.parse(written) == card)
            for line in written.split(separator: 0x0A) { #expect(line.count <= 76) }
        }
    }

    @Test func `a photo of half a megabyte is read and kept`() throws {
        let photo = String(repeating: "QUJD", count: 131_072)
        let card = Card(properties: [
            ContentLine(name: "VERSION", value: "3.0"), ContentLine(name: "UID", value: "1"),
            ContentLine(name: "FN", value: "A"),
            ContentLine(
                name: "PHOTO", parameters: [Parameter(name: "ENCODING", values: ["b"])], value: photo),
        ])
        let read = try AddressObject(CardWriter.bytes(of: card))
        #expect(read.card == card)
    }
}

@Suite("Cards, RFC 6350") struct CardTests {
    @Test func `properties are found in any case and by group`() throws {
        let text =
            "BEGIN:VCARD\nVERSION:3.0\nItem1.email:a@b.example\nitem1.X-ABLabel:Home\nn:Doe\\;X;Ann,Mary;;Dr.;\n"
            + "END:VCARD"
        let card = try CardParser.parse(Array(text.utf8))
        #expect(card.property("EMAIL")?.value == "a@b.example")
        #expect(card.properties(inGroup: "ITEM1").map(\.name) == ["email", "X-ABLabel"])
        #expect(card.name == [["Doe;X"], ["Ann", "Mary"], [""], ["Dr."], [""]])
        #expect(card.version == .v3_0)
        #expect(!card.isGroup)
    }

    @Test func `a group tells its members in both versions`() throws {
        let three =
            "BEGIN:VCARD\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1\nEND:VCARD"
        let four = "BEGIN:VCARD\nKIND:Group\nMEMBER:urn:uuid:1\nEND:VCARD"
        for text in [three, four] {
            let card = try CardParser.parse(Array(text.utf8))
            #expect(card.isGroup)
            #expect(card.members == ["urn:uuid:1"])
        }
    }

    @Test func `setting a property keeps the bytes of the others`() throws {
        let text = "BEGIN:VCARD\nFN:A\nNOTE:x\n y\nNOTE:z\nEND:VCARD\n"
        var card = try CardParser.parse(Array(text.utf8))
        card.setProperty(ContentLine(name: "FN", text: "B;C"))
        card.removeProperties("TEL")
        let expected = "BEGIN:VCARD\nFN:B\\;C\r\nNOTE:x\n y\nNOTE:z\nEND:VCARD\n"
        #expect(CardWriter.bytes(of: card) == Array(expected.utf8))
        card.setProperty(ContentLine(name: "note", value: "one"))
        #expect(card.properties("NOTE").map(\.value) == ["one"])
    }
}

/// The files of `Corpus/Cards`.
private enum Corpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus/Cards")

    static func names() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".vcf") }.map { String($0.dropLast(4)) }.sorted()
        try #require(names.count > 25)
        return names
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    /// The cards of a file, none for one that cannot be read.
    static func readable(_ bytes: [UInt8]) -> [Card] {
        do {
            return try CardParser.parseAll(bytes)
        } catch {
            return []
        }
    }

    static func describe(_ bytes: [UInt8]) -> String {
        var lines: [String] = []
        do {
            let object = try AddressObject(bytes)
            lines.append("\(object.card.kind) \(object.uid), vCard \(object.version.rawValue)")
        } catch {
            switch error {
            case .invalidData: lines.append("valid-address-data")
            case .unsupportedData: lines.append("supported-address-data")
            }
            lines.append("\(error)")
        }
        for card in readable(bytes) {
            lines.append("")
            for property in card.properties {
                let group = property.group.map { "(\($0)) " } ?? ""
                lines.append("\(group)\(property.name) = \(property.value)")
                if property.isNamed("N") || property.isNamed("ADR") {
                    let parts = TextValue.structured(property.value)
                    lines.append("  parts: " + parts.map { "\($0)" }.joined(separator: " "))
                }
                for parameter in property.parameters {
                    lines.append("  \(parameter.name): " + parameter.values.map { "[\($0)]" }.joined())
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
