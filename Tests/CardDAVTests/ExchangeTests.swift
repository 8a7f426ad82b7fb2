import TestSupport
import Testing

@Suite("CardDAV as clients see it, RFC 6352") struct ExchangeTests {
    @Test(arguments: Exchange.all("import"))
    func imports(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("limits"))
    func limits(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("cards"))
    func cards(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("properties"))
    func properties(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("query"))
    func addressbookQuery(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("multiget"))
    func addressbookMultiget(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: ["rfc6350", "rfc6351", "rfc7095"].flatMap { Exchange.all($0) })
    func formats(_ exchange: Exchange) throws { try exchange.replay() }
}
