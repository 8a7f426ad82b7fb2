import HTTP
import Store
import XML

/// Writes the responses of the items of one container, whose names only have an ending or two: all that does not differ
/// from item to item is worked out once.
struct ItemForms {
    private let container: ContainerView
    private let selection: PropertySelection
    private let part: XMLWriter
    private let context: Context
    /// What stands before the name of an item.
    private let head: [UInt8]
    private var forms: [(ending: [UInt8], form: ItemForm?)] = []
    private var last = 0

    /// More endings than that are not those of calendars and address books; their items are written one by one.
    private static let most = 8

    /// Prepares for the items of `container`, whose responses go where `writer` is now.
    init(
        of container: ContainerView, _ selection: PropertySelection, in writer: XMLWriter, context: Context
    ) {
        self.container = container
        self.selection = selection
        self.part = writer.inside()
        self.context = context
        self.head = Array("<D:response><D:href>\(container.href)".utf8)
    }

    /// Writes the response of an item; false, and nothing is written, when it has to be written by itself.
    mutating func write(_ items: Items, _ index: Int, to writer: inout XMLWriter) -> Bool {
        let start = writer.mark
        var version: ItemVersion?
        var found: ItemForm?
        writer.raw { bytes in
            bytes.append(contentsOf: head)
            let name = bytes.count
            let itemVersion = items.appendName(at: index, to: &bytes)
            guard itemVersion.digest != nil, let form = form(ofNameAt: name, in: bytes, items, index) else {
                return
            }
            percentEncodeTail(of: &bytes, from: name)
            form.start.append(of: itemVersion, to: &bytes)
            version = itemVersion
            found = form
        }
        guard let form = found, let version else {
            writer.rollBack(to: start)
            return false
        }
        guard !form.rest.isEmpty else { return true }
        let resource = Resource(container: container, item: items[index])
        for (entry, piece) in form.rest {
            guard let property = entry.property else { break }
            let question = PropertyQuestion(resource: resource, request: entry.request, context: context)
            var isThere = false
            do { isThere = try property.read(question, &writer) } catch {}
            guard isThere else {
                // It is asked for again, and what went wrong is told.
                writer.rollBack(to: start)
                return false
            }
            writer.raw { piece.append(of: version, to: &$0) }
        }
        return true
    }

    /// The form for the name that `bytes` end in, nil for items that have to be written by themselves.
    private mutating func form(
        ofNameAt start: Int, in bytes: [UInt8], _ items: Items, _ index: Int
    ) -> ItemForm? {
        var dot = bytes.count
        while dot > start, bytes[dot - 1] != UInt8(ascii: ".") { dot -= 1 }
        if dot == start { dot = bytes.count }
        if last < forms.count, Self.ends(bytes, from: dot, in: forms[last].ending) { return forms[last].form }
        let ending = bytes[dot...]
        if let known = forms.firstIndex(where: { $0.ending.elementsEqual(ending) }) {
            last = known
            return forms[known].form
        }
        guard forms.count < Self.most else { return nil }
        let resource = Resource(container: container, item: items[index])
        forms.append((Array(ending), ItemForm(of: resource, selection, part, context)))
        last = forms.count - 1
        return forms[last].form
    }

    private static func ends(_ bytes: [UInt8], from start: Int, in ending: [UInt8]) -> Bool {
        guard bytes.count - start == ending.count else { return false }
        for index in 0..<ending.count where bytes[start + index] != ending[index] { return false }
        return true
    }
}

/// The response of any item of some container whose name has some ending, from behind its name on.
struct ItemForm {
    /// Bytes that are the same for all items, and what their versions tell between them.
    struct Piece {
        private(set) var texts: [[UInt8]] = [[]]
        private(set) var versions: [LiveProperty.VersionWriter] = []

        func append(of version: ItemVersion, to bytes: inout [UInt8]) {
            bytes.append(contentsOf: texts[0])
            for index in versions.indices {
                versions[index](version, &bytes)
                bytes.append(contentsOf: texts[index + 1])
            }
        }

        mutating func add(_ text: [UInt8]) { texts[texts.count - 1] += text }

        mutating func add(_ version: @escaping LiveProperty.VersionWriter) {
            versions.append(version)
            texts.append([])
        }
    }

    /// What comes first.
    let start: Piece
    /// Properties that have to be asked for of each item, and what comes after each.
    let rest: [(entry: PropertySelection.Entry, piece: Piece)]

    /// Works out the form by one of the items; nil where it is too much of a special case.
    init?(of resource: Resource, _ selection: PropertySelection, _ part: XMLWriter, _ context: Context) {
        guard selection.mode != .names else { return nil }
        var pieces: [(entry: PropertySelection.Entry?, piece: Piece)] = [(nil, Piece())]
        pieces[0].piece.add(Array("</D:href><D:propstat><D:prop>".utf8))
        var failures: [PropertySelection.Entry] = []
        var isEmpty = true
        for entry in selection.entries {
            guard let property = entry.property else {
                failures.append(entry)
                continue
            }
            let last = pieces.count - 1
            if let ofVersion = property.ofVersion {
                pieces[last].piece.add(entry.start)
                pieces[last].piece.add(ofVersion)
                pieces[last].piece.add(entry.end)
            } else if property.isSharedByItems {
                var writer = part
                var isThere = false
                let question = PropertyQuestion(resource: resource, request: entry.request, context: context)
                do { isThere = try property.read(question, &writer) } catch { return nil }
                guard isThere else {
                    failures.append(entry)
                    continue
                }
                pieces[last].piece.add(entry.start + writer.take() + entry.end)
            } else {
                pieces[last].piece.add(entry.start)
                pieces.append((entry, Piece()))
                pieces[last + 1].piece.add(entry.end)
            }
            isEmpty = false
        }
        guard !isEmpty else { return nil }
        if !failures.isEmpty || selection.mode == .all {
            // What is not a live property may be a dead one of this item or that.
            do {
                if try resource.container.snapshot().hasProperties { return nil }
            } catch {
                return nil
            }
        }
        if selection.hidesMissing { failures = [] }
        var end = part
        end.raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>")
        writePropStats(grouping: failures, by: { _ in (.notFound, nil) }, in: &end) { entry, writer in
            writer.raw(entry.start)
            writer.raw(entry.end)
        }
        end.raw("</D:response>")
        pieces[pieces.count - 1].piece.add(end.take())
        self.start = pieces[0].piece
        self.rest = pieces.dropFirst().compactMap { part in part.entry.map { ($0, part.piece) } }
    }
}
