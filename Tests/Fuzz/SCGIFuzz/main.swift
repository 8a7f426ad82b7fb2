import FuzzDriver
import Gateway

// A head reads the same in one piece and byte by byte.
fuzz { bytes in
    let whole = outcome(of: bytes, inPiecesOf: max(bytes.count, 1))
    let bytewise = outcome(of: bytes, inPiecesOf: 1)
    require(whole == bytewise, "in one piece \(whole), byte by byte \(bytewise)")
}

/// What the parser makes of `bytes`, as text.
func outcome(of bytes: [UInt8], inPiecesOf count: Int) -> String {
    var parser = SCGIParser()
    var start = 0
    while start < bytes.count {
        let end = min(start + count, bytes.count)
        do {
            let (used, head) = try parser.feed(bytes[start..<end])
            require(used > 0, "nothing was taken")
            start += used
            if let head {
                let pairs = head.variables.map { "\(Array($0.name))=\(Array($0.value))" }
                return "\(start) \(head.contentLength) \(pairs)"
            }
        } catch {
            return "\(error)"
        }
    }
    return "incomplete"
}
