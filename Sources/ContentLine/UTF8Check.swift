extension [UInt8] {
    /// Whether the bytes are UTF-8; nothing is copied.
    public var isUTF8: Bool {
        do {
            _ = try UTF8Span(validating: span)
            return true
        } catch {
            return false
        }
    }
}
