import HTTP

/// The requests in an input: a line with method and target, fields, an empty line, the body.
///
/// What stands before `>>Request`, and from `>>Response` to the next one, is left out.
func requests(in bytes: [UInt8]) -> [Request] {
    var requests: [[ArraySlice<UInt8>]] = [[]]
    var isSkipping = false
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if line.elementsEqual(">>Request".utf8) {
            requests.append([])
            isSkipping = false
        } else if line.elementsEqual(">>Response".utf8) {
            isSkipping = true
        } else if !isSkipping {
            requests[requests.count - 1].append(line)
        }
    }
    return requests.compactMap(Request.init)
}

extension Request {
    fileprivate convenience init?(_ lines: [ArraySlice<UInt8>]) {
        guard let first = lines.first else { return nil }
        let start = first.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard start.count == 2 else { return nil }
        let head = lines.dropFirst().prefix { !$0.isEmpty }
        var fields: Fields = ["Content-Type": "text/xml"]
        for line in head {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields.append(text(parts[0]), text(parts[1]).trimmingWhitespace)
        }
        let body = lines.dropFirst(head.count + 2).joined(separator: [UInt8(ascii: "\n")])
        self.init(
            method: Method(text(start[0])), target: text(start[1]), fields: fields,
            body: RequestBody(Array(body)))
    }
}

private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
}
