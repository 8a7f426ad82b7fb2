import TestSupport
import Testing

@Suite("WebDAV as clients see it, RFC 4918 and its companions") struct ExchangeTests {
    @Test(arguments: Exchange.all("options"))
    func options(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("objects"))
    func objects(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("get"))
    func get(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("quota"))
    func quota(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("propfind"))
    func propFind(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("proppatch"))
    func propPatch(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("mkcol"))
    func mkCol(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("transfer"))
    func copyAndMove(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("sync"))
    func syncCollection(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("access"))
    func access(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("acl"))
    func accessControlLists(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("appendix-b"))
    func privilegesOfMethods(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("versions"))
    func versions(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("principals"))
    func principals(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("discovery"))
    func discovery(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("expand-property"))
    func expandProperty(_ exchange: Exchange) throws { try exchange.replay() }
}
