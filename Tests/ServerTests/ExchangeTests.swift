import TestSupport
import Testing

@Suite("What a predecessor got wrong") struct ExchangeTests {
    @Test(arguments: Exchange.all("xandikos"))
    func xandikos(_ exchange: Exchange) throws { try exchange.replay() }
}
