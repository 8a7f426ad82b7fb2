import LMTP
import Testing

@Suite("LMTP as bytes arrive") struct LMTPPiecesTests {
    /// What the server says to these pieces.
    private func said(to pieces: [String]) -> String {
        var session = LMTPSession(LMTPOptions(maxLineBytes: 41))
        var said: [UInt8] = []
        for piece in pieces {
            for case .write(let bytes) in session.receive(Array(piece.utf8)[...]) { said += bytes }
        }
        return String(decoding: said, as: UTF8.self)
    }

    @Test(arguments: [40, 41, 42])
    func `a line is as long whether or not its end comes in two pieces`(_ length: Int) {
        let line = "NOOP " + String(repeating: "1", count: length - 5)
        let whole = said(to: [line + "\r\n"])
        #expect(whole.contains(length > 41 ? "500 5.5.6" : "250 2.0.0"))
        #expect(said(to: [line + "\r", "\n"]) == whole)
        #expect(said(to: (line + "\r\n").unicodeScalars.map { String($0) }) == whole)
    }
}
