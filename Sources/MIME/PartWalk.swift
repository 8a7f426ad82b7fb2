internal import CGMime
internal import Glibc

/// Goes through the parts of a mail for those that are calendars.
struct PartWalk {
    let limits: MailLimits
    private(set) var calendars: [CalendarPart] = []
    private var count = 0

    init(limits: MailLimits) {
        self.limits = limits
    }

    /// Looks at a part and those in it.
    mutating func visit(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int) throws(MailError) {
        count += 1
        guard depth <= limits.depth, count <= limits.parts else { throw .tooComplex }
        if unsafe shim_is_multipart(object) != 0 {
            let multipart = unsafe shim_multipart(object)
            let number = unsafe g_mime_multipart_get_count(multipart)
            for index in 0..<max(0, number) {
                if let part = unsafe g_mime_multipart_get_part(multipart, index) {
                    try unsafe visit(part, depth: depth + 1)
                }
            }
        } else if unsafe shim_is_part(object) != 0 {
            if let part = unsafe calendar(object) { calendars.append(part) }
        }
        // RFC 6047 §2.4: a message within the mail is somebody else's, handed on; its calendar is not for here.
    }

    private func calendar(_ object: UnsafeMutablePointer<GMimeObject>) -> CalendarPart? {
        guard let type = unsafe g_mime_object_get_content_type(object) else { return nil }
        let isTextCalendar = unsafe g_mime_content_type_is_type(type, "text", "calendar") != 0
        let isApplication = unsafe g_mime_content_type_is_type(type, "application", "ics") != 0
        let isFile =
            unsafe g_mime_part_get_filename(shim_part(object)).map {
                unsafe String(cString: $0).lowercased().hasSuffix(".ics")
            } ?? false
        guard isTextCalendar || isApplication || isFile else { return nil }
        let method = unsafe g_mime_content_type_get_parameter(type, "method").map {
            unsafe String(cString: $0)
        }
        return CalendarPart(
            isTextCalendar: isTextCalendar, method: method, bytes: unsafe content(of: object))
    }

    /// The decoded content; what GMime knows as text is turned into UTF-8.
    private func content(of object: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
        let bytes = unsafe decoded(object)
        guard unsafe shim_is_text_part(object) != 0, String(validating: bytes, as: UTF8.self) == nil,
            let text = unsafe g_mime_text_part_get_text(shim_text_part(object))
        else { return bytes }
        defer { unsafe g_free(text) }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    private func decoded(_ object: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
        guard let wrapper = unsafe g_mime_part_get_content(shim_part(object)),
            let stream = unsafe g_mime_stream_mem_new()
        else { return [] }
        defer { unsafe shim_unref(stream) }
        guard unsafe g_mime_data_wrapper_write_to_stream(wrapper, stream) >= 0,
            let array = unsafe shim_bytes(stream)
        else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: array.pointee.data, count: Int(array.pointee.len)))
    }
}

/// The library, which has to be started once.
enum GMimeLibrary {
    private static let isStarted: Bool = {
        g_mime_init()
        return true
    }()

    /// Starts it, if that has not been done.
    static func start() {
        precondition(isStarted, "GMime starts or stops the program")
    }
}
