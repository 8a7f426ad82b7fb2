import Testing

@testable import XML

@Suite("Reading XML, within limits") struct XMLReaderTests {
    private func parse(_ text: String, limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement {
        try XMLReader.parse(Array(text.utf8), limits: limits)
    }

    @Test func `names are expanded, whatever the prefixes`() throws {
        let root = try parse(#"<a:x xmlns:a="DAV:" a:n="1" n="2"><y xmlns="urn:y"/><z/></a:x>"#)
        #expect(root.name == .dav("x"))
        #expect(root.elements.map(\.name) == [ElementName(Namespace("urn:y"), "y"), ElementName(.none, "z")])
        #expect(root.attribute("n") == "2")
        #expect(root.attributes.contains { $0.name == .dav("n") && $0.value == "1" })
    }

    @Test func `text is kept as it is, with whitespace, CDATA and references`() throws {
        let root = try parse("<x> a&amp;b<![CDATA[<c>]]>&#13;\n<y/>tail </x>")
        #expect(root.text == " a&b<c>\r\ntail ")
        #expect(root.children.count == 3)
    }

    @Test func `other encodings that the document declares are read`() throws {
        let bytes =
            Array(#"<?xml version="1.0" encoding="iso-8859-1"?><x>"#.utf8) + [0xE4] + Array("</x>".utf8)
        #expect(try XMLReader.parse(bytes).text == "ä")
    }

    @Test(arguments: [
        "", " ", "<x", "<x>", "<x></y>", "<x/><y/>", "<a:x/>", "<x>&undefined;</x>", "<x a='1' a='2'/>",
        "<x>\u{1}</x>",
    ])
    func malformed(_ text: String) {
        #expect { try parse(text) } throws: { error in
            if case XMLError.malformed = error { true } else { false }
        }
    }

    @Test func `bytes that are not UTF-8 are malformed`() {
        #expect(throws: XMLError.self) {
            try XMLReader.parse(Array("<x>".utf8) + [0xFF, 0xFE] + Array("</x>".utf8))
        }
    }

    @Test(arguments: [
        "<!DOCTYPE x><x/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>",
    ])
    func documentType(_ text: String) {
        #expect(throws: XMLError.documentType) { try parse(text) }
    }

    @Test func `each limit holds at its edge`() throws {
        let limits = XMLLimits(bytes: 60, depth: 3, elements: 4, attributes: 2)
        #expect(throws: XMLError.limit(.bytes)) {
            try parse("<x>" + String(repeating: " ", count: 60) + "</x>", limits: limits)
        }
        _ = try parse("<a><b><c/></b></a>", limits: limits)
        #expect(throws: XMLError.limit(.depth)) { try parse("<a><b><c><d/></c></b></a>", limits: limits) }
        _ = try parse("<a><b/><b/><b/></a>", limits: limits)
        #expect(throws: XMLError.limit(.elements)) { try parse("<a><b/><b/><b/><b/></a>", limits: limits) }
        _ = try parse("<a b='1' c='2'/>", limits: limits)
        #expect(throws: XMLError.limit(.attributes)) { try parse("<a b='1' c='2' d='3'/>", limits: limits) }
    }
}
