import ContentLine
import ICalendar
import Index

/// What a query asks of an object first: its kind, UID, times and texts, without the object itself.
///
/// It is made of an object once, kept by all processes together as bytes, and read where it lies: what is read of it here
/// is where its parts are. Whoever changes what it says or how it is written counts `format.version` up.
struct ObjectRecord {
    /// The format of the records of calendar objects.
    static let format = RecordFormat(kind: 1, version: 4)

    /// Whether the object can be read.
    let isReadable: Bool
    /// Whether it has components of several names, time zones aside.
    let isMixed: Bool
    /// Whether `members` tells of all of them.
    let isComplete: Bool
    /// Where the name of its components is, in capitals; empty when it has none.
    let component: Range<Int>
    /// Its components, time zones aside, one after the other.
    let members: RecordMembers
    private let flags: UInt8
    private let times: Range<Int>

    private enum Flag {
        static let readable: UInt8 = 1
        static let mixed: UInt8 = 2
        static let complete: UInt8 = 4
        static let hasUID: UInt8 = 8
        static let isExact: UInt8 = 16
        /// Two bits for `BusyKind`.
        static let busyShift: UInt8 = 5
    }

    /// Reads a record.
    init(_ record: Span<UInt8>) {
        var fields = FieldReader(record)
        self.flags = fields.byte(record)
        self.component = fields.field(record)
        self.members = RecordMembers(fields.field(record))
        self.times = fields.rest
        self.isReadable = flags & Flag.readable != 0
        self.isMixed = flags & Flag.mixed != 0
        self.isComplete = flags & Flag.complete != 0 && !fields.isDamaged
    }

    /// What a record tells of times: when the object is, and its recurrences where they are simple.
    func times(in record: Span<UInt8>) -> (span: ObjectSpan, series: ObjectSeries?) {
        var fields = FieldReader(times)
        let (start, end) = (fields.number(record), fields.number(record))
        let slack = fields.number(record)
        guard !fields.isDamaged else { return (.unbounded, nil) }
        let span = ObjectSpan(start: start, end: end, slack: slack, isExact: flags & Flag.isExact != 0)
        return (span, ObjectSeries(fields.field(record), in: record))
    }

    /// Where the UID of its components is, nil when they have none.
    func uid(in record: Span<UInt8>) -> Range<Int>? {
        guard flags & Flag.hasUID != 0 else { return nil }
        var fields = FieldReader(times)
        for _ in 0..<3 { _ = fields.number(record) }
        _ = fields.field(record)
        return fields.field(record)
    }

    /// How the object takes up time.
    var busyKind: BusyKind { BusyKind(rawValue: flags >> Flag.busyShift & 3) ?? .unknown }

    /// The record of a calendar, nil for what cannot be read.
    static func bytes(of calendar: Component?) -> [UInt8] {
        let members = calendar?.components.filter { !$0.isNamed("VTIMEZONE") } ?? []
        let name = members.first?.name.uppercased() ?? ""
        let uid = members.first?.uid
        let span = ObjectSpan(members)
        let told = members.prefix(RecordMembers.most)
        var flags = BusyKind(of: members).rawValue << Flag.busyShift
        if calendar != nil { flags |= Flag.readable }
        if members.contains(where: { $0.name.uppercased() != name }) { flags |= Flag.mixed }
        if told.count == members.count { flags |= Flag.complete }
        if uid != nil { flags |= Flag.hasUID }
        if span.isExact { flags |= Flag.isExact }
        var fields = FieldWriter()
        fields.add(byte: flags)
        fields.add(bytes: name.utf8)
        fields.add(bytes: RecordMembers.bytes(of: told))
        fields.add(number: span.start)
        fields.add(number: span.end)
        fields.add(number: span.slack)
        fields.add(bytes: ObjectSeries.bytes(of: members))
        if let uid { fields.add(bytes: uid.utf8) }
        return fields.bytes
    }

    /// What a view finds a record by.
    static func facts(_ bytes: ArraySlice<UInt8>) -> RecordFacts {
        let span = bytes.span
        let record = ObjectRecord(span)
        let bounds = record.times(in: span).span.bounds
        let uid = record.uid(in: span).map {
            bytes[bytes.startIndex + $0.lowerBound..<bytes.startIndex + $0.upperBound]
        }
        return RecordFacts(uid: uid, start: bounds.start, end: bounds.end)
    }
}

/// How an object takes up time, as far as its record tells (RFC 4791 §7.10).
enum BusyKind: UInt8 {
    /// The object itself must be asked.
    case unknown
    /// Not at all.
    case free
    case busy
    case tentative

    /// How the components of one object take up time.
    init(of members: [Component]) {
        self = .unknown
        guard members.count == 1, let event = members.first, event.isNamed("VEVENT") else { return }
        switch event.busyType {
        case nil: self = .free
        case .busy: self = .busy
        case .busyTentative: self = .tentative
        case .busyUnavailable: break
        }
    }
}
