import Testing

@testable import XML

@Suite("Writing XML") struct XMLWriterTests {
    private let other = Namespace("urn:other")

    private func written(_ body: (inout XMLWriter) -> Void) -> String {
        var writer = XMLWriter(prefixes: [(namespace: .dav, prefix: "D")])
        body(&writer)
        return String(decoding: writer.take(), as: UTF8.self).replacing(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", with: "")
    }

    @Test func `known namespaces have their prefix, others are declared where they are used`() {
        let text = written { writer in
            writer.start(.dav("prop"))
            writer.empty(ElementName(other, "x"))
            writer.element(ElementName(.none, "y"), text: "z")
            writer.end()
        }
        #expect(
            text == #"<D:prop xmlns:D="DAV:"><x xmlns="urn:other"/><y xmlns="">z</y></D:prop>"#)
    }

    @Test func `what is written is read back the same`() throws {
        var inner = XMLElement(ElementName(other, "inner"), text: "a<b>&\"'\r\n\tä😀")
        inner.attributes = [
            (name: ElementName(.none, "plain"), value: "<\"&\n\t\r>"),
            (name: ElementName(.xml, "lang"), value: "de"),
            (name: ElementName(other, "far"), value: "1"),
        ]
        let element = XMLElement(
            .dav("prop"),
            children: [.text("lead"), .element(inner), .element(XMLElement(ElementName(.none, "n")))])
        let text = written { $0.element(element) }
        #expect(try XMLReader.parse(Array(text.utf8)) == element)
    }

    @Test func `characters that XML cannot hold are replaced`() {
        #expect(
            written { $0.element(.dav("x"), text: "a\u{1}b") } == "<D:x xmlns:D=\"DAV:\">a\u{FFFD}b</D:x>")
    }

    @Test func `rolling back forgets what was written since`() {
        let text = written { writer in
            writer.start(.dav("x"))
            let mark = writer.mark
            writer.start(.dav("y"))
            writer.text("lost".utf8)
            writer.rollBack(to: mark)
            writer.end()
        }
        #expect(text == "<D:x xmlns:D=\"DAV:\"></D:x>")
    }
}
