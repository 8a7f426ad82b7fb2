import ContentLine
import ICalendar
import Store
import WebDAV

extension CalendarServices {
    /// The calendar that an item holds, nil when it cannot be read: the log tells, and the others go on.
    func storedObject(_ item: Item, in container: ContainerView, _ context: Context) -> Component? {
        if let known = objects[item.version] { return known }
        do {
            let bytes = try Resource(container: container, item: item).bytes()
            let calendar = try CalendarParser.parse(bytes)
            objects.insert(calendar, for: item.version, cost: bytes.count)
            return calendar
        } catch {
            context.log("\(container.href)\(item.name): \(error)")
            return nil
        }
    }

    /// What is known of the object of that version.
    func summary(
        of version: ItemVersion, _ bytes: () throws(DAVError) -> [UInt8]
    ) throws(DAVError) -> ObjectSummary {
        if let known = summaries[version] { return known }
        let bytes = try bytes()
        let calendar: Component?
        do {
            calendar = try CalendarParser.parse(bytes)
        } catch {
            // What is not a calendar has no UID; reports tell the log.
            calendar = nil
        }
        let summary = ObjectSummary(calendar)
        summaries.insert(summary, for: version, cost: 1)
        return summary
    }
}
