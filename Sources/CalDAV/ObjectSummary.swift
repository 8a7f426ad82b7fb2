import ContentLine
import ICalendar

/// What a query asks of an object first, kept for many more objects than can be kept whole.
struct ObjectSummary {
    /// The name of its components in capitals; nil when it cannot be read or has none.
    let component: String?
    /// The UID of its components.
    let uid: String?
    /// When it is.
    let span: ObjectSpan
    /// Whether it can be read.
    let isReadable: Bool
    /// Whether it has components of another name too, time zones aside.
    let isMixed: Bool

    /// Sums up a calendar, nil for what cannot be read.
    init(_ calendar: Component?) {
        let members = calendar?.components.filter { !$0.isNamed("VTIMEZONE") } ?? []
        let first = members.first
        let name = first?.name.uppercased()
        self.component = name
        self.uid = first?.uid
        self.span = ObjectSpan(members)
        self.isReadable = calendar != nil
        self.isMixed = members.contains { $0.name.uppercased() != name }
    }
}
