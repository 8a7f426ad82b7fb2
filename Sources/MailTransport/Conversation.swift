internal import CCurl
internal import Glibc

/// A mail while libcurl hands it over, and what the mail server says meanwhile.
final class Conversation {
    private let mail: [UInt8]
    private var sent = 0
    private let accepted: () -> Void
    private var witness: Witness?
    /// Whether all of the mail is given but its end.
    private(set) var isEnded = false
    /// Whether the mail server has it.
    private(set) var isAccepted = false
    /// Whether this process goes on for one that was killed.
    private(set) var isAlone = false
    /// The last line with which the mail server refused something, without its end.
    private(set) var refusal = ""

    init(_ mail: [UInt8], accepted: @escaping () -> Void) {
        self.mail = mail
        self.accepted = accepted
    }

    /// Gives the next bytes of the mail; none at its end.
    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let number = min(buffer.count, mail.count - sent)
        unsafe mail.withUnsafeBytes { bytes in
            if number > 0, let start = bytes.baseAddress, let target = buffer.baseAddress {
                unsafe _ = memcpy(target, start + sent, number)
            }
        }
        sent += number
        if number == 0, !isEnded {
            isEnded = true
            switch Witness.stand() {
            case .first(let witness): self.witness = witness
            case .alone: isAlone = true
            }
        }
        return number
    }

    /// Hears a line of a reply.
    func hear(_ line: UnsafeRawBufferPointer) {
        let text = unsafe String(decoding: line, as: UTF8.self)
        if let first = text.utf8.first, first == UInt8(ascii: "4") || first == UInt8(ascii: "5") {
            refusal = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        // RFC 5321 §4.2.1: a hyphen after the code says that there are more lines. As soon as can be: before libcurl returns,
        // and before the connection is closed.
        guard isEnded, !isAccepted, text.utf8.starts(with: "250".utf8),
            text.utf8.dropFirst(3).first != UInt8(ascii: "-")
        else { return }
        isAccepted = true
        accepted()
    }

    /// Ends it, when what became of the mail is known; the witness goes, also when it is this process.
    func end() {
        if isAlone { _exit(isAccepted ? 0 : 1) }
        witness?.dismiss()
        witness = nil
    }
}

/// Gives libcurl the next bytes of the `Conversation` at `context`.
let readMail: shim_curl_transfer = { buffer, size, count, context in
    guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
    let conversation = unsafe Unmanaged<Conversation>.fromOpaque(context).takeUnretainedValue()
    return unsafe conversation.read(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

/// Tells the `Conversation` at `context` a line of a reply.
let hearReply: shim_curl_transfer = { buffer, size, count, context in
    guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
    let conversation = unsafe Unmanaged<Conversation>.fromOpaque(context).takeUnretainedValue()
    unsafe conversation.hear(UnsafeRawBufferPointer(start: buffer, count: size * count))
    return size * count
}
