import Foundation
import GitStore
import HTTP
import Store
import TestSupport
import Testing
import WebDAV
import XML

@testable import CardDAV

/// What is stored need not have come through a PUT: people commit files themselves.
@Suite("Cards that are stored, and files that are none") struct StoredCardsTests {
    static let book = "/user/contacts/addressbook/"
    static let good = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:good\r\nFN:Good\r\nEND:VCARD\r\n"
    static let strange: [(name: String, bytes: [UInt8])] = [
        ("empty.vcf", []),
        (
            "latin1.vcf",
            Array("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:l\r\nFN:J".utf8) + [0xF6]
                + Array("rg\r\nEND:VCARD\r\n".utf8)
        ),
        ("notes.txt", Array("Not a card.\n".utf8)),
        ("nul.vcf", [0, 1, 2]),
        ("unclosed.vcf", Array("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Unclosed\r\n".utf8)),
    ]

    @Test func `a query finds the cards beside them`() throws {
        let server = try server()
        let answer = report(
            server, "addressbook-query", "<D:prop><C:address-data/></D:prop><C:filter/>")
        #expect(try hrefs(in: answer) == [Self.book + "good.vcf"])
    }

    @Test func `a multiget hands out what can be told of each`() throws {
        let server = try server()
        let wanted = Self.strange.map { "<D:href>\(Self.book)\($0.name)</D:href>" }.joined()
        let answer = report(
            server, "addressbook-multiget",
            #"<D:prop><C:address-data><C:prop name="FN"/></C:address-data></D:prop>"# + wanted)
        #expect(try hrefs(in: answer) == Self.strange.map { Self.book + $0.name })
        let root = try XMLReader.parse(answer.bytes)
        let data = elements(.carddav("address-data"), in: root).map(\.text)
        #expect(elements(.dav("status"), in: root).allSatisfy { $0.text == "HTTP/1.1 200 OK" })
        #expect(data.contains { $0.contains("J\u{FFFD}rg") })
    }

    @Test func `the whole book leaves them out`() throws {
        let answer = try server().send("GET", Self.book)
        #expect(answer.status == .ok)
        #expect(answer.text.utf8.elementsEqual(Self.good.utf8))
    }

    @Test func `they can be read, replaced and deleted`() throws {
        let server = try server()
        for (name, bytes) in Self.strange {
            #expect(server.send("GET", Self.book + name).bytes == bytes)
        }
        let replaced = server.send(
            "PUT", Self.book + "latin1.vcf", fields: ["Content-Type": "text/vcard"],
            body: Self.good.replacingOccurrences(of: "UID:good", with: "UID:l"))
        #expect(replaced.status == .noContent)
        #expect(server.send("DELETE", Self.book + "nul.vcf").status == .noContent)
    }

    @Test(arguments: ["", "good.vcf"])
    func `address books and cards name their reports`(_ name: String) throws {
        let answer = try server().send(
            "PROPFIND", Self.book + name, fields: ["Depth": "0", "Content-Type": "text/xml"],
            body: #"<propfind xmlns="DAV:"><prop><supported-report-set/></prop></propfind>"#)
        let reports = try elements(.dav("report"), in: XMLReader.parse(answer.bytes)).flatMap(\.elements)
        for report in ["addressbook-query", "addressbook-multiget"] {
            #expect(reports.contains { $0.name == .carddav(report) }, "\(report)")
        }
    }

    /// RFC 6352 §6.2, §8.3.1.
    @Test(arguments: ["", "good.vcf"])
    func `none of the properties of address books and cards is in allprop`(_ name: String) throws {
        let answer = try server().send(
            "PROPFIND", Self.book + name, fields: ["Depth": "0", "Content-Type": "text/xml"],
            body: #"<propfind xmlns="DAV:"><allprop/></propfind>"#)
        let names = try elements(.prop, in: XMLReader.parse(answer.bytes)).flatMap(\.elements).map(\.name)
        #expect(names.contains(.dav("getetag")))
        #expect(!names.contains { $0.namespace == .carddav })
    }

    /// A server with the strange files and a card in its address book.
    private func server() throws -> TestServer {
        let server = try TestServer()
        let store = try GitCollectionStore(root: server.folder)
        let names = ["user", "contacts", "addressbook"].compactMap(ItemName.init)
        let collection = try store.collection(at: StorePath(names))
        _ = try collection.update(by: Author(name: "A hand", email: "hand@example.com")) { _ in
            UpdatePlan(
                writes: Self.strange.compactMap { file in
                    ItemName(file.name).map { (name: $0, bytes: file.bytes) }
                }, message: "Add files")
        }
        let answer = server.send(
            "PUT", Self.book + "good.vcf", fields: ["Content-Type": "text/vcard"], body: Self.good)
        #expect(answer.status == .created)
        return server
    }

    private func report(_ server: TestServer, _ name: String, _ content: String) -> Answer {
        server.send(
            "REPORT", Self.book, fields: ["Content-Type": "text/xml", "Depth": "1"],
            body:
                #"<C:\#(name) xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\#(content)</C:\#(name)>"#
        )
    }

    private func hrefs(in answer: Answer) throws -> [String] {
        #expect(answer.status == .multiStatus)
        return try elements(.href, in: XMLReader.parse(answer.bytes)).map(\.text).sorted()
    }

    private func elements(_ name: ElementName, in element: XMLElement) -> [XMLElement] {
        element.elements.flatMap { ($0.name == name ? [$0] : []) + elements(name, in: $0) }
    }
}
