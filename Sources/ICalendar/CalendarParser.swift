import ContentLine

/// Reads calendars (RFC 5545 §3.4 and §3.6).
///
/// Only the form is looked at: what the names mean and which must be there is for `CalendarObject`.
public struct CalendarParser {
    /// Reads bytes that hold one component and nothing else; normally a `VCALENDAR`.
    ///
    /// - Throws: `CalendarParseError` with the line and the reason.
    /// - Complexity: Linear in the bytes.
    public static func parse(
        _ bytes: [UInt8], limits: CalendarLimits = .default
    ) throws(CalendarParseError) -> Component {
        var parser = CalendarParser(bytes, limits)
        guard let root = try parser.next() else {
            throw CalendarParseError(line: parser.reader.lineNumber, reason: .empty)
        }
        guard try parser.line() == nil else {
            throw CalendarParseError(line: parser.reader.lineNumber, reason: .severalComponents)
        }
        return root
    }

    /// Reads a stream of any number of calendars one after the other (RFC 5545 §3.4).
    ///
    /// - Throws: `CalendarParseError` with the line and the reason.
    public static func parseAll(
        _ bytes: [UInt8], limits: CalendarLimits = .default
    ) throws(CalendarParseError) -> [Component] {
        var parser = CalendarParser(bytes, limits)
        var roots: [Component] = []
        while let root = try parser.next() { roots.append(root) }
        return roots
    }

    /// Reads a stream of calendars as `parseAll` does, but hands over what stands directly in them, one component after
    /// the other, instead of keeping it: for documents of many.
    ///
    /// - Parameters:
    ///   - bytes: the stream.
    ///   - limits: the bounds.
    ///   - take: told the number of the calendar, from 0, and a component in it.
    /// - Returns: the calendars, without the components in them.
    /// - Throws: `CalendarParseError` with the line and the reason.
    public static func parseEach(
        _ bytes: [UInt8], limits: CalendarLimits = .default, _ take: @escaping (Int, Component) -> Void
    ) throws(CalendarParseError) -> [Component] {
        var parser = CalendarParser(bytes, limits)
        var roots: [Component] = []
        while let root = try parser.next({ take(roots.count, $0) }) { roots.append(root) }
        return roots
    }

    private var reader: ContentLineReader
    private let limits: CalendarLimits
    private var componentsLeft: Int

    private init(_ bytes: [UInt8], _ limits: CalendarLimits) {
        self.reader = ContentLineReader(bytes, syntax: .iCalendar, limits: limits.lines)
        self.limits = limits
        self.componentsLeft = limits.maxComponents
    }

    private mutating func line() throws(CalendarParseError) -> ContentLine? {
        do {
            return try reader.next()
        } catch {
            throw CalendarParseError(error)
        }
    }

    /// Reads the next component at the top; nil when there are no more lines.
    ///
    /// What stands directly in it is given to `take` instead, if there is one.
    private mutating func next(
        _ take: ((Component) -> Void)? = nil
    ) throws(CalendarParseError) -> Component? {
        var open: [Component] = []
        while let line = try line() {
            if line.isNamed("BEGIN") {
                open.append(try begin(line, depth: open.count))
            } else if line.isNamed("END") {
                guard var closed = open.popLast(), closed.name.isSameName(as: line.value.trimmingBlanks)
                else {
                    throw error(.mismatchedEnd)
                }
                closed.end = line
                guard let parent = open.indices.last else { return closed }
                if parent == 0, let take {
                    take(closed)
                    continue
                }
                closed.place = open[parent].properties.count
                open[parent].components.append(closed)
            } else {
                guard let last = open.indices.last else { throw error(.outsideComponent) }
                open[last].properties.append(line)
            }
        }
        guard open.isEmpty else { throw error(.unclosedComponent) }
        return nil
    }

    private mutating func begin(_ line: ContentLine, depth: Int) throws(CalendarParseError) -> Component {
        guard depth < limits.maxDepth else { throw error(.tooDeep) }
        componentsLeft -= 1
        guard componentsLeft >= 0 else { throw error(.tooManyComponents) }
        let name = line.value.trimmingBlanks
        guard !name.isEmpty else { throw error(.line(.malformedName)) }
        var component = Component(name: name)
        component.begin = line
        return component
    }

    private func error(_ reason: CalendarParseError.Reason) -> CalendarParseError {
        CalendarParseError(line: reader.lineNumber, reason: reason)
    }
}
