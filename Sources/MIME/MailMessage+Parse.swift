internal import CGMime
internal import Glibc

extension MailMessage {
    /// Reads a mail.
    ///
    /// What is not as the standards say is read as well as can be; only the limits refuse.
    ///
    /// - Throws: `tooLarge`, `tooComplex`, and `malformed` for what has no header.
    public init(parsing bytes: [UInt8], limits: MailLimits = MailLimits()) throws(MailError) {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        let bounds = MailBounds(bytes)
        // GMime's parser calls itself for each multipart within another, and keeps every field: count before.
        guard bounds.boundaries <= limits.parts * 8, bounds.fields <= limits.fields else {
            throw .tooComplex
        }
        guard bounds.fields > 0 else { throw .malformed }
        GMimeLibrary.start()
        let stream = unsafe bytes.withUnsafeBytes { buffer in
            unsafe shim_memory_stream(
                buffer.baseAddress.map { unsafe $0.assumingMemoryBound(to: CChar.self) }, buffer.count)
        }
        guard let stream = unsafe stream else { throw .malformed }
        defer { unsafe shim_unref(stream) }
        guard let parser = unsafe g_mime_parser_new_with_stream(stream) else { throw .malformed }
        defer { unsafe shim_unref(parser) }
        guard let message = unsafe g_mime_parser_construct_message(parser, nil) else { throw .malformed }
        defer { unsafe shim_unref(message) }

        self.init()
        from = unsafe Self.addresses(g_mime_message_get_from(message))
        sender = unsafe Self.addresses(g_mime_message_get_sender(message))
        replyTo = unsafe Self.addresses(g_mime_message_get_reply_to(message))
        recipients =
            unsafe Self.addresses(g_mime_message_get_to(message))
            + Self.addresses(g_mime_message_get_cc(message))
        messageID = unsafe Self.text(g_mime_message_get_message_id(message))
        subject = unsafe Self.text(g_mime_message_get_subject(message))
        unsafe readHeader(g_mime_object_get_header_list(shim_object(message)))
        var walk = PartWalk(limits: limits)
        if let part = unsafe g_mime_message_get_mime_part(message) {
            try unsafe walk.visit(part, depth: 0)
        }
        calendars = walk.calendars
    }

    private mutating func readHeader(_ list: UnsafeMutablePointer<GMimeHeaderList>?) {
        let count = unsafe g_mime_header_list_get_count(list)
        guard count > 0 else { return }
        for index in 0..<count {
            guard let header = unsafe g_mime_header_list_get_header_at(list, index),
                let name = unsafe Self.text(g_mime_header_get_name(header))
            else { continue }
            switch name.lowercased() {
            case "received": hops += 1
            case "auto-submitted":
                if autoSubmitted == nil {
                    autoSubmitted = unsafe Self.text(g_mime_header_get_value(header))
                }
            case "authentication-results":
                if let value = unsafe Self.text(g_mime_header_get_value(header)) {
                    authenticationResults.append(value)
                }
            default: break
            }
        }
    }

    private static func text(_ chars: UnsafePointer<CChar>?) -> String? {
        unsafe chars.map { unsafe String(cString: $0) }
    }

    private static func addresses(_ list: UnsafeMutablePointer<InternetAddressList>?) -> Addresses {
        guard let list = unsafe list else { return [] }
        var addresses: Addresses = []
        unsafe add(list, to: &addresses, depth: 0)
        return addresses
    }

    private static func add(
        _ list: UnsafeMutablePointer<InternetAddressList>, to addresses: inout Addresses, depth: Int
    ) {
        let count = unsafe internet_address_list_length(list)
        guard count > 0, depth < 4 else { return }
        for index in 0..<count where addresses.count < 1000 {
            guard let address = unsafe internet_address_list_get_address(list, index) else { continue }
            if unsafe shim_is_mailbox(address) != 0 {
                if let text = unsafe text(shim_address(address)) { addresses.append(text) }
            } else if let members = unsafe shim_members(address) {
                unsafe add(members, to: &addresses, depth: depth + 1)
            }
        }
    }
}

/// What is counted in a mail before it is parsed.
struct MailBounds {
    /// Lines before the first empty one that do not go on with the one before.
    private(set) var fields = 0
    /// Lines that could be the boundary of a part.
    private(set) var boundaries = 0

    init(_ bytes: [UInt8]) {
        var isHeader = true
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            let isEmpty = end == start || (end == start + 1 && bytes[start] == 0x0d)
            if isHeader {
                if isEmpty {
                    isHeader = false
                } else if bytes[start] != 0x20, bytes[start] != 0x09 {
                    // A line without a colon ends the header, or is an mbox "From " line before it.
                    if bytes[start..<end].contains(UInt8(ascii: ":")) { fields += 1 }
                }
            } else if end - start > 2, bytes[start] == 0x2d, bytes[start + 1] == 0x2d {
                boundaries += 1
            }
            start = end + 1
        }
    }
}
