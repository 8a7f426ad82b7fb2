internal import CCurl
internal import Glibc

/// A mail server that is spoken to by SMTP (RFC 5321), through libcurl.
public struct SMTPTransport: MailTransport, Hashable, Sendable {
    /// How the connection is protected.
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Not at all: for a mail server on the same host.
        case none
        /// TLS after `STARTTLS` (RFC 3207), or nothing is sent.
        case starttls
        /// TLS from the beginning (RFC 8314).
        case ssl
    }

    /// The name or address of the mail server.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// How the connection is protected.
    public var encryption: Encryption
    /// The name to log in with, nil: no login.
    public var user: String?
    /// The password.
    public var password: String?
    /// The name that we say is ours, nil: what libcurl finds.
    public var hostName: String?
    /// A file of certificates (PEM) of who is trusted to vouch for the mail server, nil: those of the system.
    public var certificates: String?
    /// Seconds for the connection.
    public var connectSeconds = 60
    /// Seconds for one answer.
    ///
    /// RFC 5321 §4.5.3.2.6: ten minutes after the end of a mail. Who waits less sends again what was taken.
    public var answerSeconds = 600

    /// Makes a transport.
    public init(
        host: String, port: UInt16 = 25, encryption: Encryption = .none, user: String? = nil,
        password: String? = nil, hostName: String? = nil, certificates: String? = nil
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.hostName = hostName
        self.certificates = certificates
    }

    /// Hands one mail over, in a connection of its own.
    public func send(
        _ mail: [UInt8], from sender: String, to recipient: String, accepted: () -> Void
    ) -> TransportOutcome {
        if let refusal = TransportOutcome.refusal(of: recipient) { return refusal }
        guard CurlLibrary.isStarted, let handle = unsafe curl_easy_init() else {
            return .temporary(reason: "libcurl does not start")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        let list = unsafe curl_slist_append(nil, "<\(recipient)>")
        defer { unsafe curl_slist_free_all(list) }
        guard unsafe list != nil else { return .temporary(reason: "no memory") }
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        let scheme = encryption == .ssl ? "smtps" : "smtp"
        unsafe shim_curl_set_text(
            handle, CURLOPT_URL, "\(scheme)://\(name):\(port)/\(hostName ?? "")")
        if encryption != .none {
            unsafe shim_curl_set_number(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        if let certificates { unsafe shim_curl_set_text(handle, CURLOPT_CAINFO, certificates) }
        if let user {
            unsafe shim_curl_set_text(handle, CURLOPT_USERNAME, user)
            unsafe shim_curl_set_text(handle, CURLOPT_PASSWORD, password ?? "")
        }
        unsafe shim_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
        unsafe shim_curl_set_list(handle, CURLOPT_MAIL_RCPT, list)
        unsafe shim_curl_set_number(handle, CURLOPT_UPLOAD, 1)
        unsafe shim_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        unsafe shim_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, connectSeconds)
        unsafe shim_curl_set_number(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, answerSeconds)
        unsafe shim_curl_set_number(handle, CURLOPT_TIMEOUT, answerSeconds * 2)
        unsafe shim_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.count))
        let upload = Upload(mail)
        let words = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0)
        defer { unsafe words.deallocate() }
        unsafe shim_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress)
        return withExtendedLifetime(upload) {
            unsafe shim_curl_set_transfer(handle, CURLOPT_READFUNCTION, readUpload)
            unsafe shim_curl_set_pointer(
                handle, CURLOPT_READDATA, Unmanaged.passUnretained(upload).toOpaque())
            let code = unsafe curl_easy_perform(handle)
            // Before the connection is closed, which waits for an answer.
            if code == CURLE_OK { accepted() }
            let detail = unsafe words.baseAddress.map { unsafe String(cString: $0) } ?? ""
            return unsafe outcome(code, detail, reply: shim_curl_response_code(handle))
        }
    }

    /// What became of a mail, in words that say what a person can put right.
    private func outcome(_ code: CURLcode, _ detail: String, reply: Int) -> TransportOutcome {
        if code == CURLE_OK { return .accepted }
        var words = unsafe detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        if reply > 0, !words.contains("\(reply)") { words += " (\(reply))" }
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION:
            return .temporary(reason: "the certificate of \(host) is not trusted: \(words)")
        case CURLE_SSL_CACERT_BADFILE:
            return .temporary(reason: "the certificates to trust cannot be read: \(words)")
        case CURLE_USE_SSL_FAILED:
            return .temporary(reason: "\(host) does not offer STARTTLS: \(words)")
        case CURLE_LOGIN_DENIED:
            return .temporary(reason: "\(host) does not let \(user ?? "us") in: \(words)")
        default: break
        }
        // RFC 4954 §6: these are about our login, which somebody can put right, and not about the mail.
        let isLogin = [530, 534, 535, 538].contains(reply)
        return reply / 100 == 5 && !isLogin ? .permanent(reason: words) : .temporary(reason: words)
    }
}

/// A mail while libcurl takes it.
private final class Upload {
    let bytes: [UInt8]
    var sent = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// Gives libcurl the next bytes of the `Upload` at `context`.
private let readUpload: shim_curl_transfer = { buffer, size, count, context in
    guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
    let upload = unsafe Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue()
    let number = min(size * count, upload.bytes.count - upload.sent)
    unsafe upload.bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { unsafe _ = memcpy(buffer, start + upload.sent, number) }
    }
    upload.sent += number
    return number
}

/// The library, which has to be started once.
private enum CurlLibrary {
    static let isStarted = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
