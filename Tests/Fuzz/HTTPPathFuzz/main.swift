import FuzzDriver
import HTTP

// A path that is read prints as what reads the same again; field values never stop the program.
fuzz { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    if let path = try? Path(parsing: text) {
        let printed = path.description
        guard let again = try? Path(parsing: printed) else {
            return require(false, "a path does not read again: \(printed)")
        }
        require(again == path, "a path reads differently: \(printed)")
        require(
            path.adding(prefix: path).removing(prefix: path) == path, "a prefix is not removed: \(printed)")
    }
    if case .tags(let tags) = ETagList(text) {
        for tag in tags { _ = tag.matches(sent: ETag(text)) }
    }
    _ = Depth(text)
    _ = Prefer(["Prefer": text, "Brief": text])
}
