import HTTP
import Store
import TestSupport
import Testing
import WebDAV
import XML

@testable import CardDAV

@Suite("Limits of address books, RFC 6352 §6.2.3 and §8.6.2") struct AddressbookLimitsTests {
    static let book = "/contacts/"

    @Test func `a card over max-resource-size is refused`() throws {
        let limits = AddressbookServices.Limits(resourceBytes: 60)
        let fits = try send("PUT", "fits.vcf", card("a", note: ""), limits)
        #expect(fits.status == .created)
        let error = #expect(throws: DAVError.self) {
            try send("PUT", "over.vcf", card("b", note: "NOTE:too much\r\n"), limits)
        }
        #expect(error?.status == .forbidden)
        #expect(error?.condition == .named(.carddav("max-resource-size")))
    }

    @Test func `a query stops at the limit of the server with 507`() throws {
        let limits = AddressbookServices.Limits(matches: 2)
        let context = try context(limits)
        for name in ["a", "b", "c"] {
            _ = try send("PUT", "\(name).vcf", card(name, note: ""), context)
        }
        let query =
            #"<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop><C:filter/></C:addressbook-query>"#
        let answer = Answer(try send("REPORT", "", query, context))
        let responses = try XMLReader.parse(answer.bytes).all(.dav("response"))
        #expect(
            responses.compactMap { $0.first(.href)?.text } == [
                "/contacts/a.vcf", "/contacts/b.vcf", "/contacts/",
            ])
        #expect(responses.last?.first(.dav("status"))?.text == "HTTP/1.1 507 Insufficient Storage")
    }

    @Test func `what is kept parsed stays within its bound, and finds the same`() throws {
        // Too small for any card, and large enough for all.
        for cachedBytes in [0, 1 << 20] {
            let context = try context(AddressbookServices.Limits(cachedBytes: cachedBytes))
            for name in ["a", "b"] { _ = try send("PUT", "\(name).vcf", card(name, note: photo), context) }
            for (filter, count) in [
                (#"name="PHOTO"><C:text-match>AAAAAB</C:text-match>"#, 2),
                (#"name="FN"><C:text-match>b</C:text-match>"#, 1),
            ] {
                let query =
                    #"<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop><C:filter><C:prop-filter \#(filter)</C:prop-filter></C:filter></C:addressbook-query>"#
                // The second time the cards are known.
                for _ in 1...2 {
                    let answer = Answer(try send("REPORT", "", query, context))
                    #expect(try XMLReader.parse(answer.bytes).all(.dav("response")).count == count)
                }
            }
        }
    }

    private let photo = "PHOTO;ENCODING=b:" + String(repeating: "A", count: 3000) + "B\r\n"

    private func card(_ uid: String, note: String) -> String {
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:\(uid)\r\nFN:\(uid)\r\n\(note)END:VCARD\r\n"
    }

    private func context(_ limits: AddressbookServices.Limits) throws -> Context {
        let store = MemoryCollectionStore()
        let author = Author(name: "A", email: "a@example.com")
        let name = try #require(ItemName("contacts"))
        try store.makeCollection(at: StorePath([name]), metadata: [.type: "addressbook"], by: author)
        return Context(
            store: store, features: FeatureSet([.webDAV, .addressbook(AddressbookServices(limits: limits))]),
            principals: .single(.root), user: .root, author: author,
            prefix: Path(segments: [], endsInSlash: true), limits: Limits(), now: 0, log: { _ in })
    }

    private func send(
        _ method: String, _ name: String, _ body: String, _ limits: AddressbookServices.Limits
    ) throws -> Response {
        try send(method, name, body, context(limits))
    }

    private func send(_ method: String, _ name: String, _ body: String, _ context: Context) throws -> Response
    {
        let request = Request(
            method: Method(method), target: Self.book + name,
            fields: ["Content-Type": method == "PUT" ? "text/vcard" : "text/xml", "Depth": "1"],
            body: RequestBody(Array(body.utf8)))
        let handler = try #require(context.features.handler(for: Method(method)))
        context.forgetContainers()
        return try handler.handle(request, try Path(parsing: request.target), context)
    }
}
