import Foundation
import ICalendar

/// The zones of the machine the tests run on.
enum SystemZones {
    static func file(_ name: String) -> [UInt8]? {
        guard !name.hasPrefix("/"), !name.contains("..") else { return nil }
        return FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name).map { Array($0) }
    }

    static func resolver(default name: String? = nil) -> ZoneResolver {
        let resolver = ZoneResolver(systemZone: file)
        if let name, let zone = resolver.zone(named: name) { resolver.defaultZone = zone }
        return resolver
    }
}
