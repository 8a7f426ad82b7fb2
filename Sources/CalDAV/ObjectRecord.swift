import ContentLine
import ICalendar
import Index

/// What a query asks of an object first: its kind, UID, times and texts, without the object itself.
///
/// It is made of an object once, kept by all processes together as bytes, and read where it lies. Whoever changes what
/// it says or how it is written counts `format.version` up.
struct ObjectRecord {
    /// The format of the records of calendar objects.
    static let format = RecordFormat(kind: 1, version: 2)

    /// Whether the object can be read.
    let isReadable: Bool
    /// Whether it has components of several names, time zones aside.
    let isMixed: Bool
    /// Whether `members` tells of all of them.
    let isComplete: Bool
    /// The name of its components in capitals; empty when it has none.
    let component: ArraySlice<UInt8>
    /// The UID of its components, nil when they have none.
    let uid: ArraySlice<UInt8>?
    /// When it is.
    let span: ObjectSpan
    /// Its recurrences, where they are simple.
    let series: ObjectSeries?
    private let memberFields: ArraySlice<UInt8>

    /// Its components, time zones aside, one after the other.
    var members: RecordMembers { RecordMembers(fields: FieldReader(memberFields)) }

    private enum Flag {
        static let readable: UInt8 = 1
        static let mixed: UInt8 = 2
        static let complete: UInt8 = 4
        static let hasUID: UInt8 = 8
        static let isExact: UInt8 = 16
        static let hasSeries: UInt8 = 32
    }

    /// Reads a record.
    init(_ bytes: ArraySlice<UInt8>) {
        var fields = FieldReader(bytes)
        let flags = fields.byte()
        self.isReadable = flags & Flag.readable != 0
        self.isMixed = flags & Flag.mixed != 0
        self.component = fields.field()
        self.uid = flags & Flag.hasUID != 0 ? fields.field() : nil
        let (start, end, slack) = (fields.number(), fields.number(), fields.number())
        self.span = ObjectSpan(start: start, end: end, slack: slack, isExact: flags & Flag.isExact != 0)
        self.series = flags & Flag.hasSeries != 0 ? ObjectSeries(&fields) : nil
        self.isComplete = flags & Flag.complete != 0 && !fields.isDamaged
        self.memberFields = fields.rest
    }

    /// The record of a calendar, nil for what cannot be read.
    static func bytes(of calendar: Component?) -> [UInt8] {
        let members = calendar?.components.filter { !$0.isNamed("VTIMEZONE") } ?? []
        let name = members.first?.name.uppercased() ?? ""
        let uid = members.first?.uid
        let span = ObjectSpan(members)
        let series = ObjectSeries(members)
        let told = members.prefix(RecordMembers.most)
        var flags: UInt8 = 0
        if calendar != nil { flags |= Flag.readable }
        if members.contains(where: { $0.name.uppercased() != name }) { flags |= Flag.mixed }
        if told.count == members.count { flags |= Flag.complete }
        if uid != nil { flags |= Flag.hasUID }
        if span.isExact { flags |= Flag.isExact }
        if series != nil { flags |= Flag.hasSeries }
        var fields = FieldWriter()
        fields.add(byte: flags)
        fields.add(bytes: name.utf8)
        if let uid { fields.add(bytes: uid.utf8) }
        fields.add(number: span.start)
        fields.add(number: span.end)
        fields.add(number: span.slack)
        series?.write(to: &fields)
        for member in told { RecordMembers.write(member, to: &fields) }
        return fields.bytes
    }

    /// What a view finds a record by.
    static func facts(_ bytes: ArraySlice<UInt8>) -> RecordFacts {
        let record = ObjectRecord(bytes)
        let bounds = record.span.bounds
        return RecordFacts(uid: record.uid, start: bounds.start, end: bounds.end)
    }
}
