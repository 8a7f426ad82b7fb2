import HTTP
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
    /// The calendar that an item holds, nil when it cannot be read: the log tells once, and the others go on.
    func storedObject(_ item: Item, in container: ContainerView, _ context: Context) -> Component? {
        if let known = objects[item.version] { return known.calendar }
        guard summaries[item.version]?.isReadable ?? true else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try Resource(container: container, item: item).bytes()
        } catch {
            // What the store fails to hand out now it may hand out later.
            context.log("\(container.path)/\(item.name): \(error.details ?? error.status.description)")
            return nil
        }
        do {
            let calendar = try CalendarParser.parse(bytes)
            objects.insert(
                StoredObject(bytes: bytes, calendar: calendar), for: item.version, cost: bytes.count)
            return calendar
        } catch {
            context.log("\(container.path)/\(item.name): \(error)")
            _ = remember(nil, for: item.version)
            return nil
        }
    }

    /// What is known of an item.
    func summary(of item: Item, in container: ContainerView, _ context: Context) -> ObjectSummary {
        if let known = summaries[item.version] { return known }
        guard let calendar = storedObject(item, in: container, context) else { return ObjectSummary(nil) }
        return remember(calendar, for: item.version)
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
