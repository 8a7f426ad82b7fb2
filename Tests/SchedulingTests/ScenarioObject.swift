import ContentLine
import Foundation
import ICalendar
import Testing

/// Objects as scenarios write them.
enum ScenarioObject {
    /// A calendar of the lines of a step.
    static func calendar(_ lines: [String], uid: String, kind: String) throws -> String {
        var blocks = lines.split(separator: "---", omittingEmptySubsequences: false).map { block in
            var all = block.map { expanded($0) }
            if !all.contains(where: { $0.hasPrefix("DTSTAMP") }) {
                all.insert("DTSTAMP:20260101T000000Z", at: 0)
            }
            if !all.contains(where: { $0.hasPrefix("UID") }) { all.insert("UID:\(uid)", at: 0) }
            return (["BEGIN:\(kind)"] + all + ["END:\(kind)"]).joined(separator: "\r\n")
        }
        blocks.insert("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN", at: 0)
        blocks.append("END:VCALENDAR\r\n")
        return blocks.joined(separator: "\r\n")
    }

    /// `@bob` is Bob's address.
    static func expanded(_ line: String) -> String {
        line.replacing(/([:",])@([a-z]+)/) { "\($0.1)mailto:\($0.2)@example.com" }
    }

    /// A property as a scenario writes it.
    static func line(_ text: String) throws -> ContentLine {
        let calendar = try CalendarParser.parse(Array("BEGIN:X\r\n\(expanded(text))\r\nEND:X\r\n".utf8))
        return try #require(calendar.properties.first)
    }

    /// Whether a component has a property with this value and at least these parameters.
    static func has(_ wanted: String, _ component: Component) throws -> Bool {
        if wanted.hasPrefix("BEGIN:") {
            return component.components.contains { $0.isNamed(String(wanted.dropFirst(6))) }
        }
        let line = try line(wanted)
        return component.properties.contains { property in
            guard property.name.isSameName(as: line.name) else { return false }
            guard line.value == "*" || property.value.lowercased() == line.value.lowercased() else {
                return false
            }
            return line.parameters.allSatisfy { parameter in
                guard let own = property.parameter(parameter.name.uppercased()) else { return false }
                return parameter.values == ["*"]
                    || own.values.map { $0.lowercased() } == parameter.values.map { $0.lowercased() }
            }
        }
    }

    /// What is wrong with a component that should have these properties.
    static func problems(_ lines: [String], _ component: Component) throws -> [String] {
        try lines.compactMap { line in
            if line.hasPrefix("!") {
                return try has(String(line.dropFirst()), component) ? "has \(line.dropFirst())" : nil
            }
            return try has(line, component) ? nil : "lacks \(line)"
        }
    }

    /// The component of an object: the one at a time, else the master, else the first.
    static func component(_ calendar: Component, at time: String?) -> Component? {
        let members = calendar.components.filter { !$0.isNamed("VTIMEZONE") }
        guard let time else { return members.first { !$0.isOverride } ?? members.first }
        return members.first { $0.property("RECURRENCE-ID")?.value == time }
    }

    /// Changes a component as the lines of a step say.
    static func change(_ component: inout Component, _ lines: [String]) throws {
        for text in lines {
            if text.hasPrefix("-") {
                let name = String(text.dropFirst())
                if name.contains(":") {
                    let line = try line(name)
                    component.properties.removeAll { $0.name == line.name && $0.value == line.value }
                } else if name == "BEGIN:VALARM" || name == "VALARM" {
                    component.components.removeAll { $0.isNamed("VALARM") }
                } else {
                    component.removeProperties(name)
                }
            } else if text == "+VALARM" {
                component.components.append(
                    Component(
                        name: "VALARM",
                        properties: [
                            ContentLine(name: "ACTION", value: "DISPLAY"),
                            ContentLine(name: "TRIGGER", value: "-PT5M"),
                            ContentLine(name: "DESCRIPTION", value: "Soon"),
                        ]))
            } else if text.hasPrefix("+") {
                component.properties.append(try line(String(text.dropFirst())))
            } else {
                let line = try line(text)
                if line.isNamed("ATTENDEE") || line.isNamed("ORGANIZER"),
                    let index = component.properties.firstIndex(where: {
                        $0.isNamed(line.name) && $0.value.lowercased() == line.value.lowercased()
                    })
                {
                    component.properties[index] = line
                } else if line.isNamed("ATTENDEE") {
                    component.properties.append(line)
                } else {
                    component.setProperty(line)
                }
            }
        }
    }

    /// An override of the instance at a time, as a client makes one.
    static func override(of master: Component, at time: String) throws -> Component {
        var copy = master
        let start = try #require(master.property("DTSTART").flatMap { DateTimeValue($0) })
        let new = try #require(DateTimeValue(time.utf8, tzid: start.tzid))
        let shift = new.local.secondsSinceEpoch - start.local.secondsSinceEpoch
        for name in ["RRULE", "RDATE", "EXDATE"] { copy.removeProperties(name) }
        for name in ["DTSTART", "DTEND"] {
            guard let value = copy.property(name).flatMap({ DateTimeValue($0) }) else { continue }
            copy.setProperty(value.with(local: value.local.adding(seconds: shift)).property(name))
        }
        copy.properties.append(new.property("RECURRENCE-ID"))
        return copy
    }
}
