import FuzzDriver
import HTTP

// What is read is within its bounds, has no list without a condition, and prints as what reads the same again.
fuzz { bytes in
    guard let header = try? IfHeader(String(decoding: bytes, as: UTF8.self)) else { return }
    require(header.lists.count <= IfHeader.maxLists, "there are too many lists")
    require(
        header.lists.flatMap(\.conditions).count <= IfHeader.maxConditions, "there are too many conditions")
    require(!header.lists.contains { $0.conditions.isEmpty }, "a list is empty")
    let printed = header.lists.map { list in
        let conditions = list.conditions.map { condition in
            let state =
                switch condition.state {
                case .token(let token): "<\(token)>"
                case .etag(let etag): "[\(etag)]"
                }
            return (condition.isNegated ? "Not " : "") + state
        }
        return (list.resource.map { "<\($0)> " } ?? "") + "(" + conditions.joined(separator: " ") + ")"
    }.joined(separator: " ")
    // What decoding and blanks add may be over the limit of length.
    if let again = try? IfHeader(printed) {
        require(again == header, "a field reads differently: \(printed)")
    } else {
        require(printed.utf8.count > IfHeader.maxBytes, "a field does not read again: \(printed)")
    }
    _ = header.holds { resource, _ in resource == nil }
}
