/// A negative reply of a mail server, and whom it is about (RFC 5321 §4.2, RFC 3463).
///
/// RFC 5321 §4.2.1 says of 5yz that the same request will not work again. That holds for the mail; where the reply is about
/// us, our login, our name or the sender's address, which are the same for every mail, a person can put it right, and
/// then the mail should go.
struct Refusal {
    /// The step of the conversation that was refused.
    enum Step: Hashable {
        /// All before the mail: greeting, EHLO, STARTTLS, login.
        case session
        /// `MAIL`.
        case sender
        /// `RCPT`, `DATA` and the mail itself.
        case mail
    }

    let code: Int
    /// Its detail as written, such as `5.7.8`; empty when the reply has none.
    let detail: String
    let step: Step

    init(code: Int, reply: String, step: Step) {
        self.code = code
        self.step = step
        // RFC 2034 §4: the enhanced code is the first word after the code.
        let words = reply.utf8.dropFirst(4).split(separator: UInt8(ascii: " "), maxSplits: 1)
        let word = words.first.map { String(Substring($0)) } ?? ""
        detail = word.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) } ? word : ""
    }

    /// Whether it will be the same however often the mail is sent.
    var isPermanent: Bool {
        guard code / 100 == 5, !isAboutLogin else { return false }
        switch step {
        case .session: return false
        case .sender: return !isAboutSender
        case .mail: return true
        }
    }

    /// RFC 4954 §4, §6: login needed, too weak, failed, or to be protected.
    private var isAboutLogin: Bool {
        [530, 534, 535, 538].contains(code) || ["5.7.8", "5.7.9", "5.7.11"].contains(detail)
    }

    /// RFC 3463 §3.2, §3.6, §3.8, RFC 7505 §4.2: the address that all mails come from, what we said, or policy about either.
    private var isAboutSender: Bool {
        ["5.1.7", "5.1.8"].contains(detail) || detail.hasPrefix("5.5.") || detail.hasPrefix("5.7.")
    }
}
