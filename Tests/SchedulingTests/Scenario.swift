import Foundation
import Testing

/// A story of people who schedule with each other: who puts what, who then has what, who gets which message.
///
/// ```
/// # RFC 6638 §3.2.1.1: who is invited gets a REQUEST, and has the event.
/// users: ana bob
///
/// ana puts lunch
///   SUMMARY:Lunch
///   DTSTART:20300105T110000Z
///   ORGANIZER:@ana
///   ATTENDEE:@bob
/// bob gets REQUEST lunch
/// bob has lunch
///   SUMMARY:Lunch
///   ATTENDEE;PARTSTAT=NEEDS-ACTION:@bob
/// ```
///
/// The first line names the RFC's section and the point. Settings stand next, steps after the first empty line; a step is a
/// sentence, and the indented lines under it are properties. `@ana` is Ana's address. `UID` and `DTSTAMP` are written by
/// themselves. `---` begins the next component.
///
/// | sentence | what it does |
/// |---|---|
/// | `ana puts NAME [as VTODO] [in CALENDAR] [with FIELD: VALUE]` | stores the object |
/// | `ana changes NAME [at TIME] […]` | fetches it, sets properties (`-NAME` removes, `+LINE` adds), and stores it; `at` makes or changes an override |
/// | `ana answers NAME STATUS [at TIME] […]` | the same with her own `PARTSTAT` |
/// | `cora puts NAME for ana …`, `changes`, `answers`, `deletes`, `asks` | does it in Ana's calendar |
/// | `ana deletes NAME […]`, `ana deletes calendar CALENDAR` | deletes |
/// | `ana moves NAME to CALENDAR`, `ana copies NAME to CALENDAR` | moves and copies between calendars |
/// | `ana makes calendar CALENDAR` | makes one |
/// | `ana asks when @bob … is busy FROM TO` | asks the outbox |
/// | `it answers CODE [CONDITION]` | checks the last answer; without it all must succeed |
/// | `it says TEXT`, `it does not say TEXT` | checks the last answer's body |
/// | `bob has NAME [at TIME] [in CALENDAR]` | has a component with these properties; `!LINE` must not be there |
/// | `bob has no NAME [at TIME]` | has it not |
/// | `bob sees NAME FROM TO` | a calendar-query with `expand` shows these starts and summaries, one a line, no others |
/// | `bob gets METHOD NAME [at TIME]` | finds the message in his inbox, with these properties |
/// | `bob gets nothing` | finds no new message |
/// | `mail to x@y brings METHOD NAME` | a message leaves the server |
/// | `no mail leaves` | none does |
/// | `mail from x@y brings METHOD NAME to bob` | a message comes from elsewhere |
/// | `it counts`, `it is REASON`, `it fails with STATUS` | what became of it |
/// | `ana remembers the tag of NAME`, `the tag of NAME is the same`/`another` | `Schedule-Tag`; then `{tag}` is what she remembers |
/// | `ana remembers the bytes of NAME`, `the bytes of NAME are the same` | the same with the ETag |
/// | `admin sets KEY of bob to VALUE` | writes a setting of a principal |
/// | `ana sets PROPERTY [PATH]` | a PROPPATCH with the lines as the value |
/// | `ana looks METHOD [PATH] [with …]` | any request, with the lines as its body |
/// | `it has FIELD`, `it lacks FIELD` | checks the last answer's fields |
/// | `the server restarts` | another process takes over |
///
/// A message that no step expects is a failure.
struct Scenario: Sendable, CustomTestStringConvertible {
    struct Step: Sendable {
        let line: Int
        let sentence: String
        /// The indented lines under it.
        let lines: [String]
    }

    let file: String
    let title: String
    let settings: [String: String]
    let steps: [Step]

    var testDescription: String { URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent }

    /// All scenarios in the folder `Scenarios/<topic>`; an empty folder is a failure.
    static func all(_ topic: String, from caller: String = #filePath) -> [Scenario] {
        let folder = URL(fileURLWithPath: caller).deletingLastPathComponent().appendingPathComponent(
            "Scenarios"
        )
        .appendingPathComponent(topic)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let scenarios = files.filter { $0.hasSuffix(".itip") }.sorted().map {
            Scenario(file: folder.appendingPathComponent($0).path)
        }
        if scenarios.isEmpty { Issue.record("no scenarios in \(folder.path)") }
        return scenarios
    }

    init(file: String) {
        self.file = file
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        var title = ""
        var settings: [String: String] = [:]
        var steps: [Step] = []
        var isHead = true
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("#") {
                if title.isEmpty { title = String(line.dropFirst()).trimmingCharacters(in: .whitespaces) }
            } else if line.trimmingCharacters(in: .whitespaces).isEmpty {
                if index > 0 { isHead = false }
            } else if isHead {
                let parts = line.split(separator: ":", maxSplits: 1).map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                if parts.count == 2 { settings[parts[0]] = parts[1] }
            } else if line.hasPrefix(" ") {
                guard let last = steps.popLast() else { continue }
                let property = line.trimmingCharacters(in: .whitespaces)
                steps.append(Step(line: last.line, sentence: last.sentence, lines: last.lines + [property]))
            } else {
                steps.append(
                    Step(line: index + 1, sentence: line.trimmingCharacters(in: .whitespaces), lines: []))
            }
        }
        if !title.hasPrefix("RFC") { Issue.record("\(file): the first line cites no RFC") }
        if steps.isEmpty { Issue.record("\(file): no steps") }
        self.title = title
        self.settings = settings
        self.steps = steps
    }
}
