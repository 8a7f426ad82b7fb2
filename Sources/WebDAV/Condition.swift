public import XML

/// A precondition or postcondition that a request violates, as its element stands in `DAV:error` (RFC 4918 §16).
public struct Condition: Hashable, Sendable {
    /// The element.
    public let element: XMLElement

    /// Makes a condition of its element.
    public init(_ element: XMLElement) {
        self.element = element
    }

    /// A condition of `DAV:` whose element is empty.
    public static func dav(_ local: String) -> Condition {
        Condition(XMLElement(.dav(local)))
    }

    /// A condition whose element is empty.
    public static func named(_ name: ElementName) -> Condition {
        Condition(XMLElement(name))
    }

    /// `DAV:need-privileges`: what privilege lacks on what resource (RFC 3744 §7.1.1).
    public static func needPrivileges(_ privilege: ElementName, on href: String) -> Condition {
        Condition(
            XMLElement(
                .dav("need-privileges"),
                children: [
                    .element(
                        XMLElement(
                            .dav("resource"),
                            children: [
                                .element(XMLElement(.href, text: href)),
                                .element(
                                    XMLElement(.dav("privilege"), children: [.element(XMLElement(privilege))])
                                ),
                            ]))
                ]))
    }
}

extension ElementName {
    /// `DAV:href` (RFC 4918 §14.7).
    public static let href = ElementName.dav("href")
    /// `DAV:prop` (RFC 4918 §14.18).
    public static let prop = ElementName.dav("prop")
}
