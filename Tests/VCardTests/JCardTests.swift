import ContentLine
import Testing
import VCard

@Suite("jCard and xCard, RFC 7095 and RFC 6351") struct JCardTests {
    /// The author of RFC 6350, in three forms.
    static let text = """
        BEGIN:VCARD\r
        VERSION:4.0\r
        FN:Simon Perreault\r
        N:Perreault;Simon;;;ing. jr,M.Sc.\r
        BDAY:--0203\r
        ANNIVERSARY:20090808T1430-0500\r
        GENDER:M\r
        LANG;PREF=1:fr\r
        ORG;TYPE=work:Viagenie\r
        ADR;TYPE=work:;Suite D2-630;2875 Laurier;Quebec;QC;G1V 2M2;Canada\r
        TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102\r
        GEO;TYPE=work:geo:46.772673,-71.282945\r
        TZ;VALUE=utc-offset:-0500\r
        item1.URL;TYPE=home:http://nomis80.org\r
        CATEGORIES:computers,cameras\r
        X-FOO:a\\,b\r
        END:VCARD\r

        """

    static let json =
        #"["vcard",[["version",{},"text","4.0"],["fn",{},"text","Simon Perreault"],"#
        + #"["n",{},"text",["Perreault","Simon","","",["ing. jr","M.Sc."]]],"#
        + #"["bday",{},"date-and-or-time","--02-03"],"#
        + #"["anniversary",{},"date-and-or-time","2009-08-08T14:30-05:00"],["gender",{},"text","M"],"#
        + #"["lang",{"pref":"1"},"language-tag","fr"],["org",{"type":"work"},"text","Viagenie"],"#
        + #"["adr",{"type":"work"},"text",["","Suite D2-630","2875 Laurier","Quebec","QC","G1V 2M2","Canada"]],"#
        + #"["tel",{"type":["work","voice"],"pref":"1"},"uri","tel:+1-418-656-9254;ext=102"],"#
        + #"["geo",{"type":"work"},"uri","geo:46.772673,-71.282945"],["tz",{},"utc-offset","-05:00"],"#
        + #"["url",{"type":"home","group":"item1"},"uri","http://nomis80.org"],"#
        + #"["categories",{},"text","computers","cameras"],["x-foo",{},"unknown","a\\,b"]]]"#

    @Test func `a card in JSON`() throws {
        let card = try CardParser.parse(Array(Self.text.utf8))
        #expect(String(decoding: JCard.bytes(of: card), as: UTF8.self) == Self.json)
        let back = try JCard.parse(Array(Self.json.utf8))
        let expected = Self.text.replacing(#"TYPE="work,voice""#, with: "TYPE=work,voice")
        #expect(String(decoding: CardWriter.bytes(of: back), as: UTF8.self) == expected)
    }

    @Test func `a card in XML`() throws {
        let card = try CardParser.parse(Array(Self.text.utf8))
        let xml = String(decoding: XCard.document(of: card), as: UTF8.self)
        for part in [
            #"<vcards xmlns="urn:ietf:params:xml:ns:vcard-4.0"><vcard><fn><text>Simon Perreault</text></fn>"#,
            "<n><surname>Perreault</surname><given>Simon</given><additional></additional><prefix></prefix>"
                + "<suffix>ing. jr</suffix><suffix>M.Sc.</suffix></n>",
            "<bday><date>--0203</date></bday>",
            "<anniversary><date-time>20090808T1430-0500</date-time></anniversary>",
            "<gender><sex>M</sex></gender>",
            "<lang><parameters><pref><integer>1</integer></pref></parameters><language-tag>fr</language-tag></lang>",
            "<type><text>work</text><text>voice</text></type>", "<tz><utc-offset>-0500</utc-offset></tz>",
            #"<group name="item1"><url>"#,
            "<org><parameters><type><text>work</text></type></parameters><text>Viagenie</text></org>",
        ] {
            #expect(xml.contains(part), "\(part)")
        }
    }

    @Test(arguments: [
        "[]", "{}", #"["vcard"]"#, #"["vcalendar",[],[]]"#, #"["vcard",[["fn",{},"text"]]]"#,
        #"["vcard",[["fn",{"group":"a:b"},"text","c"]]]"#, #"["vcard",[["fn",{},"text",{}]]]"#, "x",
    ])
    func `what is no jCard is refused`(_ text: String) {
        #expect(throws: TypedPropertyError.self) { try JCard.parse(Array(text.utf8)) }
    }

    @Test func `a line break in a value begins no line`() throws {
        let json = #"["vcard",[["x-a",{"b":"c\r\nd"},"unknown","1\r\nNOTE:2"],["url",{},"uri","a\nb"]]]"#
        let card = try JCard.parse(Array(json.utf8))
        let again = try CardParser.parse(CardWriter.bytes(of: card))
        #expect(again.properties.map(\.name) == ["X-A", "URL"])
    }
}
