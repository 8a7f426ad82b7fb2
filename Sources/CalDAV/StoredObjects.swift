import ContentLine
import ICalendar
import Store
import WebDAV

/// An object as it is stored, and as it was read.
struct StoredObject {
    /// The bytes, which `calendar` keeps anyway.
    let bytes: [UInt8]
    /// What they say.
    let calendar: Component
}

extension CalendarServices {
    /// The calendar that an item holds, nil when it cannot be read: the log tells, and the others go on.
    func storedObject(_ item: Item, in container: ContainerView, _ context: Context) -> Component? {
        if let known = objects[item.version] { return known.calendar }
        do {
            let bytes = try Resource(container: container, item: item).bytes()
            let calendar = try CalendarParser.parse(bytes)
            objects.insert(
                StoredObject(bytes: bytes, calendar: calendar), for: item.version, cost: bytes.count)
            return calendar
        } catch {
            context.log("\(container.href)\(item.name): \(error)")
            return nil
        }
    }

    /// What is known of an item.
    func summary(of item: Item, in container: ContainerView, _ context: Context) -> ObjectSummary {
        if let known = summaries[item.version] { return known }
        return remember(storedObject(item, in: container, context), for: item.version)
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
        return remember(calendar, for: version)
    }

    private func remember(_ calendar: Component?, for version: ItemVersion) -> ObjectSummary {
        let summary = ObjectSummary(calendar)
        summaries.insert(summary, for: version, cost: 1)
        return summary
    }
}

extension CalendarServices {
    /// How much work the recurrences of one object may make in a request.
    func recurrenceLimits(_ context: Context) -> RecurrenceLimits {
        RecurrenceLimits(maxInstances: context.limits.instances)
    }
}
