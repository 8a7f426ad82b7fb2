import ContentLine
import HTTP
import ICalendar
import WebDAV

/// Takes a calendar document apart into calendar object resources (RFC 4791 §4.1): one for each UID, with the time zones
/// that it uses.
///
/// Of the properties of the calendar those stay that say how it is to be read; `METHOD` and names are of the document.
/// Components are kept as bytes: as values they take many times that.
struct CalendarImport {
    /// One object: the components with its UID.
    private struct Group {
        let uid: String?
        let document: Int
        var bytes: [UInt8] = []
        var zones: Set<[UInt8]> = []
    }

    private struct ZoneKey: Hashable {
        let document: Int
        let id: [UInt8]
    }

    private var groups: [Group] = []
    /// Where the group with a UID is.
    private var places: [[UInt8]: Int] = [:]
    /// Of zones with one name the first counts.
    private var zones: [ZoneKey: (number: Int, bytes: [UInt8])] = [:]

    /// Bytes of all objects together, over which a document is refused: its time zones may be in many of them.
    private static let mostBytes = 128 << 20

    /// The objects of one or more calendars, in the order in which they begin.
    static func objects(in bytes: [UInt8]) throws(DAVError) -> [ImportedObject] {
        var found = CalendarImport()
        let documents: [Component]
        do {
            documents = try CalendarParser.parseEach(bytes) { found.add($1, of: $0) }
        } catch {
            throw DAVError(.forbidden, violated: .calDAV("valid-calendar-data"), message: error.description)
        }
        var left = mostBytes
        return try found.groups.map { (group) throws(DAVError) in
            let bytes = found.bytes(of: group, in: documents[group.document])
            left -= bytes.count
            guard left >= 0 else {
                throw DAVError(
                    .contentTooLarge, message: "The objects have over \(mostBytes) bytes together.")
            }
            return ImportedObject(uid: group.uid, bytes: bytes)
        }
    }

    private mutating func add(_ component: Component, of document: Int) {
        if component.isNamed("VTIMEZONE") {
            let key = ZoneKey(document: document, id: Array((component.text("TZID") ?? "").utf8))
            if zones[key] == nil { zones[key] = (zones.count, CalendarWriter.bytes(of: component)) }
            return
        }
        let uid = component.uid
        var place = groups.count
        if let key = uid.map({ Array($0.utf8) }) {
            place = places[key] ?? place
            places[key] = place
        }
        if place == groups.count { groups.append(Group(uid: uid, document: document)) }
        CalendarWriter.append(component, to: &groups[place].bytes)
        Self.addZones(of: component, to: &groups[place].zones)
    }

    private static func addZones(of component: Component, to used: inout Set<[UInt8]>) {
        for property in component.properties {
            if let value = property.parameter("TZID")?.values.first { used.insert(Array(value.utf8)) }
        }
        for inner in component.components { addZones(of: inner, to: &used) }
    }

    private func bytes(of group: Group, in document: Component) -> [UInt8] {
        // What is no calendar is kept as it is called, for the check to find.
        var bytes = Array("BEGIN:\(document.name)\r\n".utf8)
        for property in document.properties where Self.stays(property) { property.append(to: &bytes) }
        let used = group.zones.compactMap { zones[ZoneKey(document: group.document, id: $0)] }
        for zone in used.sorted(by: { $0.number < $1.number }) { bytes += zone.bytes }
        bytes += group.bytes
        bytes += Array("END:\(document.name)\r\n".utf8)
        return bytes
    }

    private static func stays(_ property: ContentLine) -> Bool {
        property.isNamed("VERSION") || property.isNamed("PRODID") || property.isNamed("CALSCALE")
    }
}
