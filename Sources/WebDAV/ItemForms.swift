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
    /// The one in use.
    private var ending: [UInt8]?
    private var form: ItemForm?

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

    /// Writes the responses of items until there are more than `size` bytes, or one has to be asked about.
    ///
    /// - Returns: the index of the first item that is not written.
    mutating func writeRun(
        _ items: Items, _ indices: Range<Int>, to writer: inout XMLWriter, upTo size: Int
    ) -> Int {
        var index = indices.lowerBound
        writer.raw { bytes in
            items.forEach(at: indices) { name, version in
                guard bytes.count <= size, version.digest != nil, let form = form(of: name, items, index),
                    form.rest.isEmpty
                else { return false }
                bytes.append(contentsOf: head)
                appendPercentEncoded(name, to: &bytes)
                form.start.append(of: version, to: &bytes)
                index += 1
                return true
            }
        }
        return index
    }

    /// Writes the response of an item; false, and nothing is written, when it has to be written by itself.
    mutating func write(_ items: Items, _ index: Int, to writer: inout XMLWriter) -> Bool {
        let start = writer.mark
        var begun: (ItemForm, ItemVersion)?
        writer.raw { bytes in
            items.forEach(at: index..<index + 1) { name, version in
                guard version.digest != nil, let form = form(of: name, items, index) else { return false }
                begun = (form, version)
                bytes.append(contentsOf: head)
                appendPercentEncoded(name, to: &bytes)
                form.start.append(of: version, to: &bytes)
                return true
            }
        }
        guard let (form, version) = begun else { return false }
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

    /// The form for the name of an item, nil for items that have to be written by themselves.
    private mutating func form(of name: Span<UInt8>, _ items: Items, _ index: Int) -> ItemForm? {
        if let ending, Self.ends(name, in: ending.span) { return form }
        var dot = name.count
        while dot > 0, name[dot - 1] != UInt8(ascii: ".") { dot -= 1 }
        if dot == 0 { dot = name.count }
        var found: [UInt8] = []
        for index in dot..<name.count { found.append(name[index]) }
        if let known = forms.first(where: { $0.ending == found }) {
            (ending, form) = known
            return form
        }
        guard forms.count < Self.most else { return nil }
        let resource = Resource(container: container, item: items[index])
        let made = (ending: found, form: ItemForm(of: resource, selection, part, context))
        forms.append(made)
        (ending, form) = made
        return form
    }

    /// Whether a name has this ending, which has no dot in it, behind its last dot.
    private static func ends(_ name: Span<UInt8>, in ending: Span<UInt8>) -> Bool {
        let start = name.count - ending.count
        guard !ending.isEmpty, start > 0, name[start - 1] == UInt8(ascii: ".") else { return false }
        for index in ending.indices where name[start + index] != ending[index] { return false }
        return true
    }
}

/// The response of any item of some container whose name has some ending, from behind its name on.
final class ItemForm {
    /// Bytes that are the same for all items but for their versions, which have 40 digits.
    struct Piece {
        private var text: [UInt8] = []
        /// Where the versions are in it.
        private var versions: [Int] = []

        func append(of version: ItemVersion, to bytes: inout [UInt8]) {
            let start = bytes.count
            bytes.append(contentsOf: text)
            for offset in versions { version.write(over: &bytes, at: start + offset) }
        }

        mutating func add(_ text: [UInt8]) { self.text += text }

        mutating func addQuotedVersion() {
            text.append(UInt8(ascii: "\""))
            versions.append(text.count)
            text += [UInt8](repeating: UInt8(ascii: "0"), count: 40)
            text.append(UInt8(ascii: "\""))
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
            if property.isQuotedVersion {
                pieces[last].piece.add(entry.start)
                pieces[last].piece.addQuotedVersion()
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
