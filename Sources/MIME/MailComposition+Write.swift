internal import CGMime

extension MailComposition {
    /// The bytes of the mail; lines end in CRLF.
    ///
    /// `multipart/mixed` of a `multipart/alternative` with the text, the HTML and the calendar, and of the calendar once
    /// more as a file: some programs act on the one, some on the other. The calendar is in Base64 in both, so that no
    /// host on the way touches its lines (RFC 6047 §2.5).
    public func bytes() throws(MailError) -> [UInt8] {
        GMimeLibrary.start()
        guard let message = unsafe g_mime_message_new(1), let options = unsafe g_mime_format_options_new(),
            let stream = unsafe g_mime_stream_mem_new()
        else { throw .malformed }
        defer {
            unsafe shim_unref(message)
            unsafe g_mime_format_options_free(options)
            unsafe shim_unref(stream)
        }
        unsafe add(from, as: GMIME_ADDRESS_TYPE_FROM, to: message)
        if let replyTo { unsafe add(replyTo, as: GMIME_ADDRESS_TYPE_REPLY_TO, to: message) }
        unsafe add(to, as: GMIME_ADDRESS_TYPE_TO, to: message)
        unsafe g_mime_message_set_subject(message, Self.oneLine(subject), "utf-8")
        if let date = unsafe g_date_time_new_from_unix_utc(Int(time)) {
            unsafe g_mime_message_set_date(message, date)
            unsafe g_date_time_unref(date)
        }
        unsafe g_mime_message_set_message_id(message, messageID)
        // RFC 3834 §5: nobody shall answer this by a program that does not know what it is.
        unsafe g_mime_object_set_header(
            shim_object(message), "Auto-Submitted", "auto-generated", "utf-8")

        guard let mixed = unsafe g_mime_multipart_new_with_subtype("mixed"),
            let alternative = unsafe g_mime_multipart_new_with_subtype("alternative")
        else { throw .malformed }
        unsafe add(textPart("plain", text), to: alternative)
        unsafe add(textPart("html", html), to: alternative)
        unsafe add(calendarPart(), to: alternative)
        unsafe add(shim_object(alternative), to: mixed)
        unsafe add(filePart(), to: mixed)
        unsafe g_mime_message_set_mime_part(message, shim_object(mixed))
        unsafe shim_unref(mixed)

        unsafe g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS)
        guard unsafe g_mime_object_write_to_stream(shim_object(message), options, stream) >= 0,
            let array = unsafe shim_bytes(stream)
        else { throw .malformed }
        return unsafe Array(UnsafeRawBufferPointer(start: array.pointee.data, count: Int(array.pointee.len)))
    }

    private func add(
        _ participant: Participant, as type: GMimeAddressType, to message: UnsafeMutablePointer<GMimeMessage>
    ) {
        unsafe g_mime_message_add_mailbox(
            message, type, participant.name.map(Self.oneLine), Self.oneLine(participant.address))
    }

    private func textPart(_ subtype: String, _ text: String) -> UnsafeMutablePointer<GMimeObject>? {
        guard let part = unsafe g_mime_text_part_new_with_subtype(subtype) else { return nil }
        unsafe g_mime_text_part_set_charset(part, "utf-8")
        unsafe g_mime_text_part_set_text(part, text)
        let object = unsafe shim_object(part)
        unsafe g_mime_part_set_content_encoding(
            shim_part(object), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return unsafe object
    }

    private func calendarPart() -> UnsafeMutablePointer<GMimeObject>? {
        guard let object = unsafe base64Part("text", "calendar") else { return nil }
        unsafe g_mime_object_set_content_type_parameter(object, "charset", "utf-8")
        // RFC 6047 §2.4: the parameter has to say what METHOD says.
        unsafe g_mime_object_set_content_type_parameter(object, "method", method)
        unsafe g_mime_object_set_content_type_parameter(object, "component", component)
        return unsafe object
    }

    private func filePart() -> UnsafeMutablePointer<GMimeObject>? {
        guard let object = unsafe base64Part("application", "ics") else { return nil }
        unsafe g_mime_object_set_disposition(object, "attachment")
        unsafe g_mime_part_set_filename(shim_part(object), method == "REPLY" ? "reply.ics" : "invite.ics")
        return unsafe object
    }

    private func base64Part(_ type: String, _ subtype: String) -> UnsafeMutablePointer<GMimeObject>? {
        guard let part = unsafe g_mime_part_new_with_type(type, subtype) else { return nil }
        let stream = unsafe calendar.withUnsafeBytes { buffer in
            unsafe shim_memory_stream(
                buffer.baseAddress.map { unsafe $0.assumingMemoryBound(to: CChar.self) }, buffer.count)
        }
        let wrapper = unsafe g_mime_data_wrapper_new_with_stream(
            stream, GMIME_CONTENT_ENCODING_DEFAULT)
        unsafe g_mime_part_set_content(part, wrapper)
        unsafe g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64)
        if let wrapper = unsafe wrapper { unsafe shim_unref(wrapper) }
        if let stream = unsafe stream { unsafe shim_unref(stream) }
        return unsafe shim_object(part)
    }

    /// Adds a part, which the multipart then keeps.
    private func add(
        _ part: UnsafeMutablePointer<GMimeObject>?, to multipart: UnsafeMutablePointer<GMimeMultipart>
    ) {
        guard let part = unsafe part else { return }
        unsafe g_mime_multipart_add(multipart, part)
        unsafe shim_unref(part)
    }

    /// `text` without what would begin another field.
    static func oneLine(_ text: String) -> String {
        String(
            decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}
