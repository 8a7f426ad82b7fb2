import FuzzDriver
import IMIP
import MIME

// What is read of a mail is bounded, and decided the same way each time.
let limits = MailLimits(bytes: 1 << 18, depth: 8, parts: 50, fields: 200)

fuzz { bytes in
    let mail: MailMessage
    do { mail = try MailMessage(parsing: bytes, limits: limits) } catch { return }
    require(mail.calendars.count <= limits.parts, "more parts than allowed")
    let size = mail.calendars.reduce(0) { $0 + $1.bytes.count }
    // Another character set can make three bytes, or four, of one.
    require(size <= 4 * bytes.count, "\(size) bytes of calendars in a mail of \(bytes.count)")
    let first = IncomingMail(bytes, policy: IncomingPolicy(trustedHosts: ["mx.example.com"]))
    require(
        first == IncomingMail(bytes, policy: IncomingPolicy(trustedHosts: ["mx.example.com"])),
        "decided in two ways")
}
