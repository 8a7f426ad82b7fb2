import ContentLine
import Testing
import VCard

@Suite("vCard 3.0 and 4.0, RFC 2426 and RFC 6350") struct CardConversionTests {
    /// A line of vCard 3.0, and the lines of 4.0 that say the same; both lead to each other.
    static let pairs: [(older: [String], newer: [String])] = [
        (["X-ADDRESSBOOKSERVER-KIND:group"], ["KIND:group"]),
        (["X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1"], ["MEMBER:urn:uuid:1"]),
        (["TEL;TYPE=HOME,pref:+1"], ["TEL;TYPE=HOME;PREF=1:+1"]),
        (
            ["TEL;TYPE=home,pref;X-PREF=10:1", "TEL;TYPE=work;X-PREF=20:2"],
            ["TEL;TYPE=home;PREF=10:1", "TEL;TYPE=work;PREF=20:2"]
        ),
        (["PHOTO;TYPE=JPEG;ENCODING=b:QUJD"], ["PHOTO:data:image/jpeg;base64,QUJD"]),
        (["PHOTO;VALUE=uri;TYPE=GIF:http://a/b.gif"], ["PHOTO;MEDIATYPE=image/gif:http://a/b.gif"]),
        (["LOGO;VALUE=uri:http://a/b"], ["LOGO:http://a/b"]),
        (["SOUND;TYPE=BASIC;ENCODING=b:QUJD"], ["SOUND:data:audio/basic;base64,QUJD"]),
        (["KEY;TYPE=PGP;ENCODING=b:QUJD"], ["KEY:data:application/pgp-keys;base64,QUJD"]),
        (["KEY;TYPE=X509;ENCODING=b:QUJD"], ["KEY:data:application/pkix-cert;base64,QUJD"]),
        (["KEY;VALUE=text:abc"], ["KEY;VALUE=text:abc"]),
        (["BDAY:1996-04-15"], ["BDAY:19960415"]),
        (["BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15"], ["BDAY:--0415"]),
        (["BDAY;VALUE=date-time:1953-10-15T23:10:00Z"], ["BDAY:19531015T231000Z"]),
        (["BDAY;VALUE=date-time:1953-10-15T23:10:00-05:00"], ["BDAY:19531015T231000-0500"]),
        (["X-BDAY:1985-04"], ["BDAY:1985-04"]),
        (["X-BDAY;VALUE=text:circa 1800"], ["BDAY;VALUE=text:circa 1800"]),
        (["X-ANNIVERSARY:2009-08-08"], ["ANNIVERSARY:20090808"]),
        (["REV:1995-10-31T22:27:10Z"], ["REV:19951031T222710Z"]),
        (["GEO:37.386013;-122.082932"], ["GEO:geo:37.386013,-122.082932"]),
        (["TZ:-05:00"], ["TZ;VALUE=utc-offset:-0500"]),
        (["TZ;VALUE=text:America/New_York"], ["TZ:America/New_York"]),
        (["X-GENDER:M;Fellow"], ["GENDER:M;Fellow"]),
        (["N:Harten;Rene;;;", "SORT-STRING:Harten\\,Rene"], ["N;SORT-AS=\"Harten,Rene\":Harten;Rene;;;"]),
        (
            ["ADR;TYPE=home:;;1 Main;;;;", "LABEL;TYPE=home:1 Main\\nTown"],
            ["ADR;TYPE=home;LABEL=1 Main^nTown:;;1 Main;;;;"]
        ),
        (["LABEL;TYPE=work:Elsewhere"], ["ADR;TYPE=work;LABEL=Elsewhere:;;;;;;"]),
        (["AGENT;VALUE=uri:CID:a@b.c"], ["RELATED;TYPE=agent:CID:a@b.c"]),
        (
            ["AGENT:BEGIN:VCARD\\nFN:A\\nEND:VCARD"],
            ["RELATED;VALUE=text;TYPE=agent:BEGIN:VCARD\\nFN:A\\nEND:VCARD"]
        ),
        (["X-RELATED;TYPE=spouse:urn:uuid:2"], ["RELATED;TYPE=spouse:urn:uuid:2"]),
        (["MAILER:A 1", "CLASS:PRIVATE", "NAME:A"], ["X-MAILER:A 1", "X-CLASS:PRIVATE", "X-NAME:A"]),
        (["IMPP;TYPE=home:xmpp:a@b.c"], ["IMPP;TYPE=home:xmpp:a@b.c"]),
        (
            ["item1.URL:http://a", "item1.X-ABLabel:_$!<HomePage>!$_"],
            ["item1.URL:http://a", "item1.X-ABLabel:_$!<HomePage>!$_"]
        ),
        (["EMAIL;X-ALTID=1;X-PID=1.1,2.1:a@b.c"], ["EMAIL;ALTID=1;PID=1.1,2.1:a@b.c"]),
        (["ORG;LANGUAGE=de:A\\;B;C"], ["ORG;LANGUAGE=de:A\\;B;C"]),
        (["X-FOO;X-BAR=a^nb:c\\,d"], ["X-FOO;X-BAR=a^nb:c\\,d"]),
        (
            ["X-LANG;TYPE=work:fr", "X-XML:<a/>", "X-CLIENTPIDMAP:1;urn:uuid:3"],
            ["LANG;TYPE=work:fr", "XML:<a/>", "CLIENTPIDMAP:1;urn:uuid:3"]
        ),
        (
            ["NICKNAME:a,b", "CATEGORIES:c\\,d,e", "NOTE:x\\ny"],
            ["NICKNAME:a,b", "CATEGORIES:c\\,d,e", "NOTE:x\\ny"]
        ),
    ]

    @Test(arguments: pairs)
    func `both versions lead to each other`(_ older: [String], _ newer: [String]) throws {
        #expect(try converted(older, from: "3.0", to: .v4_0) == newer)
        #expect(try converted(newer, from: "4.0", to: .v3_0) == older)
    }

    @Test(arguments: [
        ("EMAIL;TYPE=INTERNET,home:a@b.c", "EMAIL;TYPE=home:a@b.c"),
        ("TEL;HOME;PREF:1", "TEL;TYPE=HOME;PREF=1:1"),
        ("X-JABBER;TYPE=home:a@b.c", "IMPP;TYPE=home:xmpp:a@b.c"), ("X-AIM:a b", "IMPP:aim:a%20b"),
        ("X-GENDER:Female", "GENDER:F"), ("X-GENDER:something", "GENDER:;something"),
        ("REV:2001-02-03T04:05:06.789Z", "REV:20010203T040506Z"),
        ("REV;VALUE=date:1997-11-15", "REV:19971115T000000Z"),
        ("PHOTO;ENCODING=B:/9j/QUJD", "PHOTO:data:image/jpeg;base64,/9j/QUJD"),
        ("PHOTO;ENCODING=BASE64;TYPE=image/png:QUJD", "PHOTO:data:image/png;base64,QUJD"),
        ("PHOTO:http://a/b", "PHOTO:http://a/b"), ("BDAY:19960415", "BDAY:19960415"),
        ("BDAY:soon", "BDAY;VALUE=text:soon"), ("BDAY;VALUE=date:1996-04-15", "BDAY:19960415"),
        ("TZ;VALUE=text:-05:00\\; EST", "TZ:-05:00\\; EST"), ("NOTE;CHARSET=UTF-8:a", "NOTE:a"),
        ("UID:abc", "UID;VALUE=text:abc"), ("URL;VALUE=uri:http://a", "URL:http://a"),
    ])
    func `what is written in many ways in 3_0 has one way in 4_0`(_ older: String, _ newer: String) throws {
        #expect(try converted([older], from: "3.0", to: .v4_0) == [newer])
    }

    @Test(arguments: [
        ("TEL;VALUE=uri;TYPE=\"voice,home\":tel:+1-555;ext=1", "TEL;TYPE=voice,home:+1-555\\;ext=1"),
        ("PHOTO:data:image/gif,%47%49F", "PHOTO;TYPE=GIF;ENCODING=b:R0lG"),
        ("PHOTO:data:image/gif;base64\\,R0lG", "PHOTO;TYPE=GIF;ENCODING=b:R0lG"),
        ("GEO:geo:1.5,2.5;u=10", "GEO:1.5;2.5"), ("UID;VALUE=text:abc", "UID:abc"),
        ("REV:20090808", "REV:2009-08-08"),
        ("RELATED;TYPE=agent,friend:urn:uuid:1", "X-RELATED;TYPE=agent,friend:urn:uuid:1"),
    ])
    func `what is written in many ways in 4_0 has one way in 3_0`(_ newer: String, _ older: String) throws {
        #expect(try converted([newer], from: "4.0", to: .v3_0) == [older])
    }

    @Test func `what a version must have is made`() throws {
        let older = try card(["FN:A B", "UID:urn:uuid:1"], "4.0").converted(to: .v3_0)
        #expect(older?.properties.map(\.name) == ["VERSION", "FN", "N", "UID"])
        #expect(older?.name == [["A B"], [""], [""], [""], [""]])
        let newer = try card(["N:B;A;;Dr.;", "PROFILE:VCARD"], "3.0").converted(to: .v4_0)
        #expect(newer?.properties.map(\.name) == ["VERSION", "FN", "N"])
        #expect(newer?.formattedName == "Dr. A B")
    }

    @Test func `Apple's two forms of an address become one`() throws {
        let lines = ["IMPP;X-SERVICE-TYPE=AIM;TYPE=HOME:aim:a", "X-AIM;TYPE=HOME:a"]
        #expect(try converted(lines, from: "3.0", to: .v4_0) == ["IMPP;TYPE=HOME;X-SERVICE-TYPE=AIM:aim:a"])
    }

    @Test func `the same version stays, and 2_1 is not converted`() throws {
        let own = try card(["FN:A"], "3.0")
        #expect(own.converted(to: .v3_0) == own)
        #expect(try card(["FN:A"], "2.1").converted(to: .v4_0) == nil)
        #expect(try card(["FN:A"], "3.0").converted(to: .v2_1) == nil)
    }

    @Test func `there and back nothing is lost of generated cards`() throws {
        var generator = SplitMix(state: 6350)
        for round in 0..<3000 {
            let isOlder = round.isMultiple(of: 2)
            // Each kind of property once, so that a label finds its own address again.
            let chosen = Self.pairs.shuffled(using: &generator).prefix(
                Int.random(in: 0...20, using: &generator))
            var names: Set<String> = ["FN", "N"]
            var lines = ["FN:A \(round)", "N:A;B;;;"]
            for pair in chosen {
                let text = isOlder ? pair.older : pair.newer
                let kinds = pair.newer.map { String($0.prefix { $0 != ":" && $0 != ";" }) }
                guard names.isDisjoint(with: kinds) else { continue }
                names.formUnion(kinds)
                lines += text
            }
            let own: Card.Version = isOlder ? .v3_0 : .v4_0
            let first = try card(lines, own.rawValue)
            let other = try #require(first.converted(to: isOlder ? .v4_0 : .v3_0))
            // As it goes over the wire.
            let read = try CardParser.parse(CardWriter.bytes(of: other))
            let back = try #require(read.converted(to: own))
            // A label may stand elsewhere.
            #expect(back.properties.map(Self.text).sorted() == first.properties.map(Self.text).sorted())
        }
    }

    private static func text(_ line: ContentLine) -> String {
        String(decoding: line.bytes, as: UTF8.self).replacing("\r\n ", with: "").replacing("\r\n", with: "")
    }

    private func card(_ lines: [String], _ version: String) throws -> Card {
        let text =
            "BEGIN:VCARD\r\nVERSION:\(version)\r\n" + lines.map { $0 + "\r\n" }.joined() + "END:VCARD\r\n"
        return try CardParser.parse(Array(text.utf8))
    }

    /// The lines of the converted card, but for those that each card has.
    private func converted(_ lines: [String], from own: String, to version: Card.Version) throws -> [String] {
        let hasName = lines.contains { $0.hasPrefix("N:") || $0.hasPrefix("N;") }
        let card = try card(["FN:A"] + (hasName ? [] : ["N:A;;;;"]) + lines, own)
        let converted = try #require(card.converted(to: version))
        #expect(converted.version == version)
        return converted.properties.dropFirst(hasName ? 2 : 3).map(Self.text)
    }
}

/// A generator with a seed, so that failures come again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
