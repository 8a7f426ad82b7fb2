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
            while index < indices.upperBound, bytes.count <= size {
                let start = bytes.count
                guard let (form, version) = begin(items, index, to: &bytes), form.rest.isEmpty else {
                    bytes.removeLast(bytes.count - start)
                    return
                }
                form.start.append(of: version, to: &bytes)
                index += 1
            }
        }
        return index
    }

    /// Appends the response of an item to the end of its name; nil when it has no form.
    private mutating func begin(
        _ items: Items, _ index: Int, to bytes: inout [UInt8]
    ) -> (ItemForm, ItemVersion)? {
        bytes.append(contentsOf: head)
        let name = bytes.count
        let version = items.appendName(at: index, to: &bytes)
        guard version.digest != nil, let form = form(ofNameAt: name, in: bytes, items, index) else {
            return nil
        }
        percentEncodeTail(of: &bytes, from: name)
        return (form, version)
    }

    /// Writes the response of an item; false, and nothing is written, when it has to be written by itself.
    mutating func write(_ items: Items, _ index: Int, to writer: inout XMLWriter) -> Bool {
        let start = writer.mark
        var begun: (ItemForm, ItemVersion)?
        writer.raw { bytes in
            begun = begin(items, index, to: &bytes)
            if let (form, version) = begun { form.start.append(of: version, to: &bytes) }
        }
        guard let (form, version) = begun else {
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
        if let ending, Self.ends(bytes, from: dot, in: ending) { return form }
        let found = bytes[dot...]
        if let known = forms.first(where: { $0.ending.elementsEqual(found) }) {
            (ending, form) = known
            return form
        }
        guard forms.count < Self.most else { return nil }
        let resource = Resource(container: container, item: items[index])
        let made = (ending: Array(found), form: ItemForm(of: resource, selection, part, context))
        forms.append(made)
        (ending, form) = made
        return form
    }

    private static func ends(_ bytes: [UInt8], from start: Int, in ending: [UInt8]) -> Bool {
        guard bytes.count - start == ending.count else { return false }
        for index in 0..<ending.count where bytes[start + index] != ending[index] { return false }
        return true
    }
}

/// The response of any item of some container whose name has some ending, from behind its name on.
final class ItemForm {
    /// Bytes that are the same for all items, and what their versions tell between them.
    struct Piece {
        private struct Variable {
            let write: LiveProperty.VersionWriter
            var after: [UInt8] = []
        }

        private var first: [UInt8] = []
        private var variables: [Variable] = []

        func append(of version: ItemVersion, to bytes: inout [UInt8]) {
            bytes.append(contentsOf: first)
            for variable in variables {
                variable.write(version, &bytes)
                bytes.append(contentsOf: variable.after)
            }
        }

        mutating func add(_ text: [UInt8]) {
            if variables.isEmpty { first += text } else { variables[variables.count - 1].after += text }
        }

        mutating func add(_ version: @escaping LiveProperty.VersionWriter) {
            variables.append(Variable(write: version))
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
