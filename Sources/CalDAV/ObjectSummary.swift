import ContentLine
import ICalendar

/// What a query asks of an object first, kept for many more objects than can be kept whole.
struct ObjectSummary {
    /// The name of its components in capitals; nil when it cannot be read or has none.
    let component: String?
    /// The UID of its components.
    let uid: String?

    /// Sums up a calendar, nil for what cannot be read.
    init(_ calendar: Component?) {
        let first = calendar?.components.first { !$0.isNamed("VTIMEZONE") }
        self.component = first?.name.uppercased()
        self.uid = first?.uid
    }
}
