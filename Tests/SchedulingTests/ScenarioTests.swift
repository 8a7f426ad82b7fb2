import Testing

@Suite("Scheduling as people see it, RFC 6638 and RFC 5546") struct ScenarioTests {
    @Test(arguments: Scenario.all("organizer"))
    func organizer(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("instances"))
    func instances(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("ranges"))
    func thisAndFuture(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("attendee"))
    func attendee(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("todos"))
    func todos(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("tags"))
    func scheduleTag(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("addresses"))
    func addresses(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("busy"))
    func busyTime(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("rooms"))
    func rooms(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("collections"))
    func collections(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("safety"))
    func safety(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("incoming"))
    func incoming(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }

    @Test(arguments: Scenario.all("access"))
    func access(_ scenario: Scenario) throws { try ScenarioPlay(scenario).run() }
}
