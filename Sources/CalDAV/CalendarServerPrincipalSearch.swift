import HTTP
import Store
import WebDAV
import XML

extension Report {
    /// `CS:calendarserver-principal-search`: principals by words of their names and addresses, as Apple's programs look for
    /// whom to invite; not of any RFC.
    ///
    /// Every `CS:search-token` must begin a word of the name, or an address. The attribute `context` tells what the client
    /// wants: `user`, `group`, `location` and `resource` by the calendar user type, `attendee` anybody. What the user may
    /// not see is not found.
    static var calendarServerPrincipalSearch: Report {
        Report(.calendarServer("calendarserver-principal-search"), applies: \.isCollection) {
            (request, context) throws(DAVError) in
            let search = try TokenSearch(request.body)
            let selection = try PropertySelection(
                request.body.propertiesAsked, fields: request.fields, inReport: false, context: context)
            var found: [Resource] = []
            for principal in try context.allPrincipals() where found.count <= search.limit {
                if principal.privileges.contains(.read), search.matches(principal.resource, context) {
                    found.append(principal.resource)
                }
            }
            let isTruncated = found.count > search.limit
            if isTruncated { found.removeLast() }
            return context.multistatus { [found] (multistatus) throws(StreamError) in
                for resource in found { try multistatus.write(resource, selection) }
                if isTruncated {
                    try multistatus.write(
                        href: request.resource.href, .insufficientStorage,
                        violated: .dav("number-of-matches-within-limits"))
                }
            }
        }
    }
}

/// What a `CS:calendarserver-principal-search` looks for.
private struct TokenSearch {
    let tokens: [[UInt8]]
    /// The calendar user types that are wanted, nil for all.
    let types: Set<String>?
    let limit: Int

    /// Tokens in one search: a bound on what each principal costs.
    private static let maxTokens = 20

    init(_ body: XMLElement) throws(DAVError) {
        tokens = body.all(.calendarServer("search-token"))
            .map { Array($0.text.trimmingWhitespace.lowercased().utf8) }.filter { !$0.isEmpty }
        guard !tokens.isEmpty, tokens.count <= Self.maxTokens else {
            throw DAVError(.badRequest, message: "There are 1 to \(Self.maxTokens) search tokens.")
        }
        switch body.attribute("context") {
        case "user": types = ["INDIVIDUAL"]
        case "group": types = ["GROUP"]
        case "location": types = ["ROOM"]
        case "resource": types = ["RESOURCE"]
        default: types = nil
        }
        let digits = body.first(.calendarServer("limit"))?.first(.calendarServer("nresults"))?.text
        limit = min(
            Context.maxPrincipals, max(1, digits.flatMap { Int($0.trimmingWhitespace) } ?? .max))
    }

    func matches(_ principal: Resource, _ context: Context) -> Bool {
        if let types {
            let type = context.value(of: .calDAV("calendar-user-type"), on: principal)?.text ?? ""
            guard types.contains(type) else { return false }
        }
        var texts = context.value(of: .dav("displayname"), on: principal).map { [$0.text] } ?? []
        let addresses = context.value(of: .calDAV("calendar-user-address-set"), on: principal)
        texts += (addresses?.all(.href) ?? []).map { address in
            let text = address.text
            return text.lowercased().hasPrefix("mailto:") ? String(text.dropFirst(7)) : text
        }
        let words = texts.flatMap { Self.words(in: $0) }
        return tokens.allSatisfy { token in words.contains { $0.starts(with: token) } }
    }

    /// The text from each of its words on, in lower case.
    private static func words(in text: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.lowercased().utf8)
        func isInWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
        }
        return bytes.indices.filter { index in
            isInWord(bytes[index]) && (index == 0 || !isInWord(bytes[index - 1]))
        }.map { bytes[$0...] }
    }
}
