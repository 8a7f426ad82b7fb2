import TestSupport
import Testing

@Suite("CalDAV as clients see it, RFC 4791") struct ExchangeTests {
    @Test(arguments: Exchange.all("import"))
    func imports(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("mkcalendar"))
    func mkCalendar(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("properties"))
    func properties(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("objects"))
    func objects(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("multiget"))
    func calendarMultiget(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("query"))
    func calendarQuery(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("freebusy"))
    func freeBusyQuery(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("limits"))
    func limits(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("timezones"))
    func timezones(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("availability"))
    func availability(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("rfc4791"))
    func examples(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("export"))
    func exports(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(
        arguments: [
            "rfc6321", "rfc6868", "rfc7265", "rfc7529", "rfc7986", "rfc9073", "rfc9074", "rfc9253",
        ].flatMap { Exchange.all($0) })
    func formats(_ exchange: Exchange) throws { try exchange.replay() }
}
