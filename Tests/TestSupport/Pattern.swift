import Foundation
import XML

/// Texts with `{name}` and `{*}` in them.
enum Pattern {
    /// Whether `text` is what `pattern` says; new names are captured when it is.
    static func matches(_ pattern: String, _ text: String, _ captures: inout [String: String]) -> Bool {
        var expression = "^"
        var names: [String] = []
        var rest = pattern[...]
        while let open = rest.range(of: #"\{[A-Za-z0-9:*-]+\}"#, options: .regularExpression) {
            expression += NSRegularExpression.escapedPattern(for: String(rest[..<open.lowerBound]))
            let name = String(rest[open].dropFirst().dropLast())
            if name == "*" {
                expression += "[\\s\\S]*"
            } else if let known = captures[name] {
                expression += NSRegularExpression.escapedPattern(for: known)
            } else if let index = names.firstIndex(of: name) {
                expression += "\\\(index + 1)"
            } else {
                names.append(name)
                expression += "([\\s\\S]+?)"
            }
            rest = rest[open.upperBound...]
        }
        expression += NSRegularExpression.escapedPattern(for: String(rest)) + "$"
        guard let regex = try? NSRegularExpression(pattern: expression),
            let match = regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
        else { return false }
        for (index, name) in names.enumerated() {
            if let range = Range(match.range(at: index + 1), in: text) {
                captures[name] = String(text[range])
            }
        }
        return true
    }
}

/// XML with patterns in its texts.
enum XMLPattern {
    /// What `actual` lacks of, or has beyond, the promised document.
    static func differences(promised: String, actual: [UInt8], captures: inout [String: String]) -> [String] {
        let pattern: XMLElement
        do {
            pattern = try XMLReader.parse(Array(promised.utf8))
        } catch {
            return ["the promised body is not XML: \(error)"]
        }
        do {
            let root = try XMLReader.parse(actual)
            return matches(pattern, root, &captures) ? [] : ["body: " + explain(pattern, root, captures)]
        } catch {
            return ["the body is not XML: \(error)"]
        }
    }

    private static func text(_ element: XMLElement) -> String {
        element.text.replacingOccurrences(of: "\r", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func matches(
        _ pattern: XMLElement, _ element: XMLElement, _ captures: inout [String: String]
    ) -> Bool {
        guard pattern.name == element.name else { return false }
        if text(pattern) == "{*}" { return true }
        guard pattern.attributes.count == element.attributes.count,
            pattern.attributes.allSatisfy({ wanted in
                element.attributes.contains { $0.name == wanted.name && $0.value == wanted.value }
            })
        else { return false }
        guard Pattern.matches(text(pattern), text(element), &captures) else { return false }
        var rest = element.elements
        guard pattern.elements.count == rest.count else { return false }
        for child in pattern.elements {
            var found: Int?
            for (index, candidate) in rest.enumerated() {
                var tried = captures
                if matches(child, candidate, &tried) {
                    captures = tried
                    found = index
                    break
                }
            }
            guard let found else { return false }
            rest.remove(at: found)
        }
        return true
    }

    /// The innermost promised element that nothing matches.
    private static func explain(
        _ pattern: XMLElement, _ element: XMLElement, _ captures: [String: String]
    ) -> String {
        var rest = element.elements
        for child in pattern.elements {
            var tried = captures
            if let index = rest.firstIndex(where: { matches(child, $0, &tried) }) {
                rest.remove(at: index)
                continue
            }
            let alike = rest.filter { $0.name == child.name }
            if alike.count == 1 { return "in \(element.name.local): " + explain(child, alike[0], captures) }
            return "in \(element.name.local): nothing matches \(render(child))"
        }
        if let extra = rest.first {
            return "\(element.name.local) has \(render(extra)), which is not promised"
        }
        return "promised \(render(pattern)), got \(render(element))"
    }

    private static func render(_ element: XMLElement) -> String {
        var writer = XMLWriter(prefixes: [(namespace: .dav, prefix: "D")])
        writer.element(element)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        return text.components(separatedBy: "?>\n").last ?? text
    }
}
