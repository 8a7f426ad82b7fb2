import HTTP
import Store

/// What a browser shows of a container: its name, and links to what is in it.
struct CollectionPage {
    /// The page.
    let html: String

    init(_ container: ContainerView) throws(DAVError) {
        let title = Self.escaped(Self.name(of: container))
        let rows = try container.children().map { child in
            "<li><a href=\"\(Self.escaped(child.href))\">\(Self.escaped(Self.name(of: child)))</a></li>"
        }
        html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(title)</title></head>
            <body><h1>\(title)</h1><ul>\(rows.joined(separator: "\n"))</ul></body></html>

            """
    }

    private static func name(of container: ContainerView) -> String {
        container.metadata[.displayName] ?? container.path.name?.description ?? "Artemisios"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
