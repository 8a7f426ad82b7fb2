import HTTP
import Testing
import WebDAV
import XML

@testable import CardDAV

@Suite("Partial retrieval of cards, RFC 6352 §10.4") struct AddressDataTests {
    static let card =
        "BEGIN:VCARD\nVERSION:3.0\r\nuid:1\r\nFN:Ana\r\nNOTE;LANGUAGE=en:folded \r\n text\r\nitem1.TEL;TYPE=HOME:1\r\n"
        + "X-ABC.TEL:2\r\nTEL:3\r\nEND:VCARD"

    @Test(arguments: ["", "<allprop/>"])
    func `all of a card comes byte for byte`(_ content: String) throws {
        #expect(try select(content) == Self.card)
    }

    @Test(
        arguments: [
            (#"<prop name="FN"/>"#, "FN:Ana\r\n"),
            (#"<prop name="fn"/><prop name="UID"/>"#, "uid:1\r\nFN:Ana\r\n"),
            (#"<prop name="NOTE"/>"#, "NOTE;LANGUAGE=en:folded \r\n text\r\n"),
            (#"<prop name="NOTE" novalue="yes"/>"#, "NOTE;LANGUAGE=en:\r\n"),
            (#"<prop name="NOTE" novalue="no"/>"#, "NOTE;LANGUAGE=en:folded \r\n text\r\n"),
            (
                #"<prop name="NOTE" novalue="yes"/><prop name="NOTE"/>"#,
                "NOTE;LANGUAGE=en:folded \r\n text\r\n"
            ),
            (#"<prop name="TEL"/>"#, "item1.TEL;TYPE=HOME:1\r\nX-ABC.TEL:2\r\nTEL:3\r\n"),
            (#"<prop name="X-ABC.TEL"/>"#, "X-ABC.TEL:2\r\n"),
            (#"<prop name="X-ABC-1.TEL"/>"#, ""),
            (#"<prop name="PHOTO"/>"#, ""),
        ])
    func `only the properties asked for come`(_ content: String, _ properties: String) throws {
        #expect(try select(content) == "BEGIN:VCARD\n" + properties + "END:VCARD")
    }

    @Test func `what is not a card comes whole`() throws {
        let request = try request(#"<prop name="FN"/>"#)
        let bytes = Array("no card".utf8)
        #expect(request.select(from: bytes) == bytes)
    }

    @Test(
        arguments: [
            #"version="2.1""#, #"version="5.0""#, #"version="""#, #"content-type="application/json""#,
            #"content-type="text/calendar" version="3.0""#,
        ])
    func `another type or version violates supported-address-data`(_ attributes: String) throws {
        let error = #expect(throws: DAVError.self) { try request("", attributes) }
        #expect(error?.status == .forbidden)
        #expect(error?.condition == .named(.carddav("supported-address-data")))
    }

    @Test(
        arguments: [
            ("", nil), (#"version="3.0""#, .version3),
            (#"content-type="text/vcard" version="4.0""#, .version4),
            (#"content-type="TEXT/vCard""#, nil), (#"content-type="application/vcard+json""#, .json),
            (#"content-type="application/vcard+xml" version="4.0""#, .xml),
        ] as [(String, CardFormat?)])
    func `the types and versions of address books are taken`(
        _ attributes: String, _ format: CardFormat?
    ) throws {
        #expect(try request("", attributes).parts == nil)
        #expect(try request("", attributes).format == format)
    }

    @Test func `what is in the wanted version stays byte for byte`() throws {
        let request = try request("", #"version="3.0""#)
        #expect(request.select(from: Array(Self.card.utf8)) == Array(Self.card.utf8))
    }

    @Test func `what is not a card cannot be had in a version`() throws {
        #expect(try request("", #"version="4.0""#).select(from: Array("no card".utf8)) == nil)
    }

    @Test func `a prop without a name is a bad request`() throws {
        let error = #expect(throws: DAVError.self) { try request("<prop/>") }
        #expect(error?.status == .badRequest)
    }

    private func select(_ content: String) throws -> String {
        let selected = try request(content).select(from: Array(Self.card.utf8))
        return String(decoding: try #require(selected), as: UTF8.self)
    }

    private func request(_ content: String, _ attributes: String = "") throws -> AddressDataRequest {
        let document =
            #"<address-data xmlns="urn:ietf:params:xml:ns:carddav" \#(attributes)>\#(content)</address-data>"#
        return try AddressDataRequest(try XMLReader.parse(Array(document.utf8)))
    }
}
