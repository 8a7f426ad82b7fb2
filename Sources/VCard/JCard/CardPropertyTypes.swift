/// The value types of the properties of vCard 4.0 (RFC 6350 §6, RFC 6474, RFC 6715, RFC 8605, RFC 9554).
enum CardPropertyTypes {
    /// The type of a value that has no `VALUE`, by the property's name in lower case; nil for one that is not known.
    static func type(of name: String) -> String? { known[name] }

    /// Properties with a list of texts, separated by commas.
    static let lists: Set<String> = ["nickname", "categories"]
    /// Properties whose value has components, separated by semicolons.
    static let structured: Set<String> = ["n", "adr", "gender", "org", "clientpidmap"]
    /// Those of them whose components are lists.
    static let nested: Set<String> = ["n", "adr"]

    private static let known: [String: String] = {
        var known: [String: String] = [:]
        for (type, names) in defaults {
            for name in names { known[name] = type }
        }
        return known
    }()

    private static let defaults: [(type: String, names: [String])] = [
        (
            "text",
            [
                "kind", "xml", "fn", "n", "nickname", "gender", "adr", "tel", "email", "tz", "title", "role",
                "org", "categories", "note", "prodid", "clientpidmap", "version", "birthplace", "deathplace",
                "expertise", "hobby", "interest", "gramgender", "pronouns", "jsprop",
            ]
        ),
        (
            "uri",
            [
                "source", "photo", "impp", "geo", "logo", "member", "related", "sound", "uid", "url", "key",
                "fburl", "caladruri", "caluri", "org-directory", "contact-uri", "socialprofile",
            ]
        ),
        ("date-and-or-time", ["bday", "anniversary", "deathdate"]),
        ("timestamp", ["rev", "created"]),
        ("language-tag", ["lang", "language"]),
    ]
}
