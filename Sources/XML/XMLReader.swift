import CExpat

/// Reads XML documents with expat.
public enum XMLReader {
    /// Reads one document.
    ///
    /// Whitespace and text are kept as they are. Names are expanded; of prefixes their declarations are kept.
    ///
    /// - Parameters:
    ///   - bytes: the document, in an encoding that it declares or in UTF-8.
    ///   - limits: bounds on it.
    /// - Returns: the root element.
    /// - Throws: `XMLError` when it is not well-formed, has a document type declaration or is over a limit.
    public static func parse(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement
    {
        guard bytes.count <= limits.bytes else { throw .limit(.bytes) }
        let builder = try TreeBuilder(limits: limits)
        return try builder.parse(bytes)
    }
}

/// The separator between namespace and local name in the names that expat hands out; no name can contain it.
private let separator: UInt8 = 0x1F

/// Builds the tree of one document from expat's events.
///
/// The handlers only collect: a failure is kept, the parser stopped, and the error thrown after expat returns.
@safe private final class TreeBuilder {
    private let parser: XML_Parser
    private let limits: XMLLimits
    private var open: [XMLElement] = []
    private var root: XMLElement?
    private var text: [UInt8] = []
    /// Namespace declarations of the element that starts next.
    private var declarations: [(prefix: String, uri: String)] = []
    private var elementCount = 0
    private var failure: XMLError?
    /// Expanded names by the bytes that expat gives for them: a document repeats few names many times.
    private var names: [[UInt8]: ElementName] = [:]

    private static let salt = UInt.random(in: 1 ... .max)

    init(limits: XMLLimits) throws(XMLError) {
        guard let parser = unsafe XML_ParserCreateNS(nil, XML_Char(separator)) else {
            throw .malformed(line: 0, reason: "out of memory")
        }
        unsafe self.parser = parser
        // Else expat asks the system for a random number with each document.
        unsafe _ = XML_SetHashSalt(parser, Self.salt)
        self.limits = limits
    }

    deinit { unsafe XML_ParserFree(parser) }

    func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        install()
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(
                parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(buffer.count), 1)
        }
        if let failure { throw failure }
        guard status == XML_STATUS_OK, let root else {
            let reason = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) }
            throw .malformed(
                line: unsafe Int(XML_GetCurrentLineNumber(parser)), reason: reason ?? "no root element")
        }
        return root
    }

    private func install() {
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { data, name, attributes in unsafe builder(data)?.start(name, attributes) },
            { data, _ in unsafe builder(data)?.end() })
        unsafe XML_SetStartNamespaceDeclHandler(parser) { data, prefix, uri in
            unsafe builder(data)?.declare(prefix, uri)
        }
        unsafe XML_SetCharacterDataHandler(parser) { data, bytes, count in
            unsafe builder(data)?.characters(bytes, count: Int(count))
        }
        // RFC 4918 §20.6: external entities are a risk; without a document type there are none.
        unsafe XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            unsafe builder(data)?.fail(.documentType)
        }
    }

    fileprivate func fail(_ error: XMLError) {
        if failure == nil { failure = error }
        unsafe _ = XML_StopParser(parser, XML_Bool(0))
    }

    fileprivate func declare(_ prefix: UnsafePointer<XML_Char>?, _ uri: UnsafePointer<XML_Char>?) {
        guard failure == nil else { return }
        guard declarations.count < limits.attributes else { return fail(.limit(.attributes)) }
        let prefix = unsafe prefix.map { unsafe String(cString: $0) } ?? ""
        let uri = unsafe uri.map { unsafe String(cString: $0) } ?? ""
        declarations.append((prefix: prefix, uri: uri))
    }

    fileprivate func start(
        _ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard failure == nil, let name = unsafe name else { return }
        flushText()
        elementCount += 1
        guard elementCount <= limits.elements else { return fail(.limit(.elements)) }
        guard open.count < limits.depth else { return fail(.limit(.depth)) }
        var element = unsafe XMLElement(expanded(name))
        if !declarations.isEmpty { swap(&element.declarations, &declarations) }
        var index = 0
        while let key = unsafe attributes?[index], let value = unsafe attributes?[index + 1] {
            guard index / 2 < limits.attributes else { return fail(.limit(.attributes)) }
            unsafe element.attributes.append((name: expanded(key), value: String(cString: value)))
            index += 2
        }
        open.append(element)
    }

    fileprivate func end() {
        guard failure == nil else { return }
        flushText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(.element(element))
        }
    }

    fileprivate func characters(_ bytes: UnsafePointer<XML_Char>?, count: Int) {
        guard failure == nil, let bytes = unsafe bytes else { return }
        unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
            unsafe text.append(contentsOf: UnsafeBufferPointer(start: $0, count: count))
        }
    }

    /// Expat hands text out in pieces; they become one node.
    private func flushText() {
        guard !text.isEmpty, !open.isEmpty else { return }
        open[open.count - 1].children.append(.text(String(decoding: text, as: UTF8.self)))
        text.removeAll(keepingCapacity: true)
    }

    private func expanded(_ name: UnsafePointer<XML_Char>) -> ElementName {
        var bytes: [UInt8] = []
        var index = 0
        while unsafe name[index] != 0 {
            unsafe bytes.append(UInt8(bitPattern: name[index]))
            index += 1
        }
        if let known = names[bytes] { return known }
        let made: ElementName
        if let split = bytes.firstIndex(of: separator) {
            made = ElementName(
                Namespace(String(decoding: bytes[..<split], as: UTF8.self)),
                String(decoding: bytes[(split + 1)...], as: UTF8.self))
        } else {
            made = ElementName(.none, String(decoding: bytes, as: UTF8.self))
        }
        names[bytes] = made
        return made
    }
}

/// The builder behind expat's user data; it lives as long as the call to `XML_Parse`.
private func builder(_ data: UnsafeMutableRawPointer?) -> TreeBuilder? {
    unsafe data.map { unsafe Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
}
