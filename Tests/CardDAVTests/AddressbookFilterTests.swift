import HTTP
import Testing
import VCard
import WebDAV
import XML

@testable import CardDAV

@Suite("Filters of addressbook-query, RFC 6352 §10.5") struct AddressbookFilterTests {
    static let card = """
        BEGIN:VCARD
        VERSION:3.0
        UID:34222-232@example.com
        FN:Jörg Daboo
        N:Daboo;Jörg;;Dr.;
        NICKNAME:me,myself
        EMAIL;TYPE=INTERNET,PREF:joerg@example.com
        EMAIL;TYPE=WORK:office@example.org
        X-ABC.TEL;TYPE=CELL:+49 30 1
        NOTE:first\\, second\\nthird
        END:VCARD

        """

    @Test(
        arguments: [
            (#"<filter/>"#, true),
            (#"<filter><prop-filter name="NICKNAME"/></filter>"#, true),
            (#"<filter><prop-filter name="nickname"/></filter>"#, true),
            (#"<filter><prop-filter name="ORG"/></filter>"#, false),
            (#"<filter><prop-filter name="ORG"><is-not-defined/></prop-filter></filter>"#, true),
            (#"<filter><prop-filter name="FN"><is-not-defined/></prop-filter></filter>"#, false),
            // §8.3: i;unicode-casemap when nothing is said, and for "default".
            (#"<filter><prop-filter name="FN"><text-match>JÖRG</text-match></prop-filter></filter>"#, true),
            (
                #"<filter><prop-filter name="FN"><text-match collation="default">JÖRG</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="FN"><text-match collation="i;ascii-casemap">JÖRG</text-match></prop-filter></filter>"#,
                false
            ),
            (
                #"<filter><prop-filter name="FN"><text-match collation="i;ascii-casemap">DABOO</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="FN"><text-match collation="i;octet">daboo</text-match></prop-filter></filter>"#,
                false
            ),
            // §10.5.4.
            (
                #"<filter><prop-filter name="FN"><text-match match-type="equals">jörg daboo</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="FN"><text-match match-type="equals">daboo</text-match></prop-filter></filter>"#,
                false
            ),
            (
                #"<filter><prop-filter name="FN"><text-match match-type="starts-with">jör</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="FN"><text-match match-type="starts-with">daboo</text-match></prop-filter></filter>"#,
                false
            ),
            (
                #"<filter><prop-filter name="FN"><text-match match-type="ends-with">daboo</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="FN"><text-match match-type="ends-with">jörg</text-match></prop-filter></filter>"#,
                false
            ),
            (
                #"<filter><prop-filter name="FN"><text-match negate-condition="yes">daboo</text-match></prop-filter></filter>"#,
                false
            ),
            (
                #"<filter><prop-filter name="FN"><text-match negate-condition="yes">oliver</text-match></prop-filter></filter>"#,
                true
            ),
            // A property that is not there matches no text, negated or not.
            (
                #"<filter><prop-filter name="ORG"><text-match negate-condition="yes">a</text-match></prop-filter></filter>"#,
                false
            ),
            // The second of two properties counts as the first does.
            (
                #"<filter><prop-filter name="EMAIL"><text-match>example.org</text-match></prop-filter></filter>"#,
                true
            ),
            // Each text of a list, and the whole of it.
            (
                #"<filter><prop-filter name="NICKNAME"><text-match match-type="equals">me</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="NICKNAME"><text-match match-type="equals">me,myself</text-match></prop-filter></filter>"#,
                true
            ),
            (
                #"<filter><prop-filter name="NICKNAME"><text-match match-type="equals" negate-condition="yes">myself</text-match></prop-filter></filter>"#,
                false
            ),
            // Escapes are undone.
            (
                #"<filter><prop-filter name="NOTE"><text-match match-type="starts-with">first, second</text-match></prop-filter></filter>"#,
                true
            ),
            // §10.5.1: groups.
            (#"<filter><prop-filter name="TEL"/></filter>"#, true),
            (#"<filter><prop-filter name="X-ABC.TEL"/></filter>"#, true),
            (#"<filter><prop-filter name="x-abc.tel"/></filter>"#, true),
            (#"<filter><prop-filter name="X-ABC-1.TEL"/></filter>"#, false),
            (#"<filter><prop-filter name="X-ABC.EMAIL"/></filter>"#, false),
            // RFC 4918 §17: what is of no standard known is passed over.
            (
                #"<filter><x:a xmlns:x="urn:x"/><prop-filter name="ORG"><x:a xmlns:x="urn:x"/></prop-filter></filter>"#,
                false
            ),
        ])
    func `a condition on properties`(_ filter: String, _ matches: Bool) throws {
        #expect(try read(filter).matches(try card()) == matches)
    }

    @Test(
        arguments: [
            (#"<param-filter name="TYPE"/>"#, true),
            (#"<param-filter name="type"><text-match>pref</text-match></param-filter>"#, true),
            (
                #"<param-filter name="TYPE"><text-match match-type="equals">WORK</text-match></param-filter>"#,
                true
            ),
            (
                #"<param-filter name="TYPE"><text-match match-type="equals">HOME</text-match></param-filter>"#,
                false
            ),
            (#"<param-filter name="LANGUAGE"/>"#, false),
            (#"<param-filter name="LANGUAGE"><is-not-defined/></param-filter>"#, true),
            (#"<param-filter name="TYPE"><is-not-defined/></param-filter>"#, false),
            (#"<param-filter name="LANGUAGE"><text-match>de</text-match></param-filter>"#, false),
        ])
    func `a condition on parameters`(_ condition: String, _ matches: Bool) throws {
        let filter = #"<filter><prop-filter name="EMAIL">\#(condition)</prop-filter></filter>"#
        #expect(try read(filter).matches(try card()) == matches)
    }

    static let workAddress = #"<text-match>office</text-match>"#
    static let preferred = #"<param-filter name="TYPE"><text-match>PREF</text-match></param-filter>"#

    @Test func `all conditions of a prop-filter have to hold for one property`() throws {
        for (test, matches) in [("anyof", true), ("allof", false)] {
            let filter =
                #"<filter><prop-filter name="EMAIL" test="\#(test)">\#(Self.workAddress)\#(Self.preferred)</prop-filter></filter>"#
            #expect(try read(filter).matches(try card()) == matches, "\(test)")
        }
    }

    @Test(arguments: [("", true), (#" test="anyof""#, true), (#" test="allof""#, false)])
    func `prop-filters are joined as the filter says`(_ test: String, _ matches: Bool) throws {
        let filter = #"<filter\#(test)><prop-filter name="FN"/><prop-filter name="ORG"/></filter>"#
        #expect(try read(filter).matches(try card()) == matches)
    }

    @Test(
        arguments: [
            #"<filter test="none"/>"#,
            #"<filter><prop-filter/></filter>"#,
            #"<filter><prop-filter name=""/></filter>"#,
            #"<filter><prop-filter name="FN" test="some"/></filter>"#,
            #"<filter><prop-filter name="FN"><is-not-defined/><text-match>a</text-match></prop-filter></filter>"#,
            #"<filter><prop-filter name="FN"><text-match match-type="like">a</text-match></prop-filter></filter>"#,
            #"<filter><prop-filter name="FN"><text-match negate-condition="true">a</text-match></prop-filter></filter>"#,
            #"<filter><prop-filter name="FN"><param-filter/></prop-filter></filter>"#,
            #"<filter><prop-filter name="FN"><param-filter name="TYPE"><text-match>a</text-match><text-match>b</text-match></param-filter></prop-filter></filter>"#,
        ])
    func `a filter against its definition is a bad request`(_ filter: String) throws {
        let error = #expect(throws: DAVError.self) { try read(filter) }
        #expect(error?.status == .badRequest)
    }

    @Test(arguments: ["i;unknown", "i;*", "i;ascii-*", ""])
    func `an unknown collation violates supported-collation`(_ collation: String) throws {
        let filter =
            #"<filter><prop-filter name="FN"><text-match collation="\#(collation)">a</text-match></prop-filter></filter>"#
        let error = #expect(throws: DAVError.self) { try read(filter) }
        #expect(error?.status == .forbidden)
        #expect(error?.condition == .named(.carddav("supported-collation")))
    }

    @Test func `an unknown element violates supported-filter, which names its prop-filter`() throws {
        let filter =
            #"<filter><prop-filter name="BDAY"><time-range start="19700101"/></prop-filter></filter>"#
        let error = #expect(throws: DAVError.self) { try read(filter) }
        #expect(error?.status == .forbidden)
        let reported = error?.condition?.element
        #expect(reported?.name == .carddav("supported-filter"))
        #expect(reported?.first(.carddav("prop-filter"))?.attribute("name") == "BDAY")
    }

    private func card() throws -> Card { try CardParser.parse(Array(Self.card.utf8)) }

    private func read(_ filter: String) throws -> AddressbookFilter {
        let document = #"<root xmlns="urn:ietf:params:xml:ns:carddav">\#(filter)</root>"#
        let root = try XMLReader.parse(Array(document.utf8))
        return try AddressbookFilter(try #require(root.elements.first))
    }
}
