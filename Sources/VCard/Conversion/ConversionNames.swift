import ContentLine

/// What a property or parameter is called in vCard 3.0 and in 4.0.
enum ConversionNames {
    /// Properties of vCard 4.0, and their names in 3.0 (RFC 6350 §6, RFC 6474, RFC 6715, RFC 8605).
    static let properties: [(newer: String, older: String)] =
        [("KIND", "X-ADDRESSBOOKSERVER-KIND"), ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")]
        + [
            "ANNIVERSARY", "GENDER", "LANG", "RELATED", "XML", "CLIENTPIDMAP", "BIRTHPLACE", "DEATHPLACE",
            "DEATHDATE", "EXPERTISE", "HOBBY", "INTEREST", "ORG-DIRECTORY", "CONTACT-URI",
        ].map { ($0, "X-" + $0) }
        // What vCard 3.0 has, and 4.0 has no more (RFC 6350 appendix A.3).
        + ["MAILER", "CLASS", "NAME"].map { ("X-" + $0, $0) }

    /// Parameters of vCard 4.0, which have an `X-` before them in 3.0 (RFC 6350 §5).
    static let parameters = [
        "ALTID", "PID", "CALSCALE", "SORT-AS", "GEO", "TZ", "MEDIATYPE", "INDEX", "LEVEL", "CC", "PREF",
    ]

    /// The name in vCard 4.0 of a property of vCard 3.0.
    static func newer(_ name: String) -> String {
        properties.first { $0.older.isSameName(as: name) }?.newer ?? name
    }

    /// The name in vCard 3.0 of a property of vCard 4.0.
    static func older(_ name: String) -> String {
        properties.first { $0.newer.isSameName(as: name) }?.older ?? name
    }

    /// The name in vCard 4.0 of a parameter of vCard 3.0.
    static func newer(parameter name: String) -> String {
        guard name.utf8.count > 2,
            name.utf8.prefix(2).elementsEqual("X-".utf8, by: { $0 & 0xDF == $1 & 0xDF })
        else { return name }
        let rest = String(decoding: name.utf8.dropFirst(2), as: UTF8.self)
        return parameters.first { $0.isSameName(as: rest) } ?? name
    }

    /// The name in vCard 3.0 of a parameter of vCard 4.0.
    static func older(parameter name: String) -> String {
        parameters.first { $0.isSameName(as: name) }.map { "X-" + $0 } ?? name
    }

    /// Properties with which programs tell addresses of instant messengers in vCard 3.0, and the schemes of these
    /// addresses in `IMPP` (RFC 4770, RFC 6350 §6.4.3).
    static let messengers = [
        "X-AIM": "aim", "X-ICQ": "icq", "X-JABBER": "xmpp", "X-MSN": "msnim", "X-YAHOO": "ymsgr",
        "X-SKYPE": "skype", "X-SKYPE-USERNAME": "skype", "X-GADUGADU": "gg", "X-GOOGLE-TALK": "xmpp",
    ]

    /// Properties that stand once in a card of vCard 4.0 (RFC 6350 §6).
    static let single = ["KIND", "BDAY", "ANNIVERSARY", "GENDER", "N", "PRODID", "REV", "UID"]
}
