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
    /// Seconds for the connection, and for all of a mail.
    public var timeoutSeconds = 60

    /// Makes a transport.
    public init(
        host: String, port: UInt16 = 25, encryption: Encryption = .none, user: String? = nil,
        password: String? = nil, hostName: String? = nil
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.hostName = hostName
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
        if let user {
            unsafe shim_curl_set_text(handle, CURLOPT_USERNAME, user)
            unsafe shim_curl_set_text(handle, CURLOPT_PASSWORD, password ?? "")
        }
        unsafe shim_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
        unsafe shim_curl_set_list(handle, CURLOPT_MAIL_RCPT, list)
        unsafe shim_curl_set_number(handle, CURLOPT_UPLOAD, 1)
        unsafe shim_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        unsafe shim_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, timeoutSeconds)
        unsafe shim_curl_set_number(handle, CURLOPT_TIMEOUT, timeoutSeconds * 5)
        unsafe shim_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.count))
        let upload = Upload(mail)
        return withExtendedLifetime(upload) {
            unsafe shim_curl_set_transfer(handle, CURLOPT_READFUNCTION, readUpload)
            unsafe shim_curl_set_pointer(
                handle, CURLOPT_READDATA, Unmanaged.passUnretained(upload).toOpaque())
            let code = unsafe curl_easy_perform(handle)
            // Before the connection is closed, which waits for an answer.
            if code == CURLE_OK { accepted() }
            return unsafe outcome(code, reply: shim_curl_response_code(handle))
        }
    }

    private func outcome(_ code: CURLcode, reply: Int) -> TransportOutcome {
        if code == CURLE_OK { return .accepted }
        let words = unsafe String(cString: curl_easy_strerror(code))
        let reason = reply > 0 ? "\(words) (\(reply))" : words
        // RFC 4954 §6: these are about our login, which somebody can put right, and not about the mail.
        let isLogin = code == CURLE_LOGIN_DENIED || [530, 534, 535, 538].contains(reply)
        return reply / 100 == 5 && !isLogin ? .permanent(reason: reason) : .temporary(reason: reason)
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
