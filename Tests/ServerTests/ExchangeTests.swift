import TestSupport
import Testing

@Suite("What a predecessor got wrong, and what clients do") struct ExchangeTests {
    @Test(arguments: Exchange.all("clients"))
    func clients(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("xandikos"))
    func xandikos(_ exchange: Exchange) throws { try exchange.replay() }
}
