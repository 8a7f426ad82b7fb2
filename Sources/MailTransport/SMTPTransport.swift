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
        // Without its size, which libcurl would take for the end before the end: it asks once more, and then the witness stands.
        let words = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0)
        defer { unsafe words.deallocate() }
        unsafe shim_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress)
        return withoutActuallyEscaping(accepted) { accepted in
            let conversation = Conversation(mail, accepted: accepted)
            // Before the connection is closed, which waits for an answer.
            defer { conversation.end() }
            return withExtendedLifetime(conversation) {
                let context = unsafe Unmanaged.passUnretained(conversation).toOpaque()
                unsafe shim_curl_set_transfer(handle, CURLOPT_READFUNCTION, readMail)
                unsafe shim_curl_set_pointer(handle, CURLOPT_READDATA, context)
                unsafe shim_curl_set_transfer(handle, CURLOPT_HEADERFUNCTION, hearReply)
                unsafe shim_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
                let code = unsafe curl_easy_perform(handle)
                let detail = unsafe words.baseAddress.map { unsafe String(cString: $0) } ?? ""
                let reply = unsafe shim_curl_response_code(handle)
                return conversation.isAccepted ? .accepted : outcome(code, detail, reply, conversation)
            }
        }
    }

    /// What became of a mail, in words that say what a person can put right.
    private func outcome(
        _ code: CURLcode, _ detail: String, _ reply: Int, _ conversation: Conversation
    ) -> TransportOutcome {
        if code == CURLE_OK { return .temporary(reason: "\(host) did not say that it has the mail") }
        var words = unsafe detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        if reply > 0 {
            let said = conversation.refusal
            words +=
                said.hasPrefix("\(reply)") ? " (\(said))" : words.contains("\(reply)") ? "" : " (\(reply))"
        }
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
        // libcurl tells the step in words alone.
        let step: Refusal.Step =
            if detail.hasPrefix("MAIL failed") {
                .sender
            } else if conversation.isEnded || detail.hasPrefix("RCPT failed")
                || detail.hasPrefix("DATA failed")
            {
                .mail
            } else {
                .session
            }
        let refusal = Refusal(code: reply, reply: conversation.refusal, step: step)
        if refusal.isPermanent { return .permanent(reason: words) }
        return .temporary(reason: reply / 100 == 5 ? "\(host) takes no mail from us at all: \(words)" : words)
    }
}

/// The library, which has to be started once.
private enum CurlLibrary {
    static let isStarted = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
