import Foundation

/// What a source file may not do, and why it may not.
struct Violation: Equatable, CustomStringConvertible {
    let file: String
    let line: Int
    let rule: String

    var description: String { "\(file):\(line): \(rule)" }
}

/// The rules on source files that the compiler does not check.
struct HouseRules {
    /// The targets of the package with the targets and products that each names.
    let uses: [String: Set<String>]

    /// Modules that come with the toolchain, and who may import them.
    static let wrappers: Set<String> = [
        "Gateway", "GitStore", "Index", "MIME", "MailQueue", "MailTransport", "Spawn", "WorkerPool", "XML",
    ]
    static let executables: Set<String> = ["artemisios", "artemisios-worker"]
    /// Single files that wrap the C library for a module that is no wrapper.
    static let wrapperFiles: Set<String> = [
        "Maintenance/Lifeline.swift", "Server/SystemTimeZones.swift", "artemisios/StandardInput.swift",
    ]
    static let maxLines = 500
    /// Without one of these a line cannot break a rule; looking for them is quick.
    private static let words = [
        "import", "safe", "async", "await", "actor", "Task", "Queue", "Mutex", "Lock", "try",
    ]

    /// Reads the targets out of a manifest that is written as ours is.
    init(manifest: String) {
        var uses: [String: Set<String>] = [:]
        let call = /(?:module|program)\(\s*"([^"]+)"(?:,\s*uses:\s*\[((?:[^\[\]])*)\])?\s*\)/
        for match in manifest.matches(of: call) {
            let list = match.2 ?? ""
            let names = list.matches(of: /(package: )?"([^"]+)"/).filter { $0.1 == nil }.map { String($0.2) }
            uses[String(match.1)] = Set(names)
        }
        self.uses = uses
    }

    /// What is wrong with a file of `target`.
    ///
    /// - Parameters:
    ///   - text: what stands in the file.
    ///   - target: the target, which is the folder below `Sources`.
    ///   - file: its path below `Sources`.
    /// - Returns: what is wrong, in the order of the lines.
    func violations(in text: String, of target: String, file: String) -> [Violation] {
        var found: [Violation] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func add(_ index: Int, _ rule: String) {
            found.append(Violation(file: file, line: index + 1, rule: rule))
        }
        if lines.count - 1 > Self.maxLines { add(lines.count - 1, "over \(Self.maxLines) lines") }
        if !isWellBegun(lines) {
            add(0, "starts neither with an import nor with a declaration or its comment")
        }
        let mayBeUnsafe = Self.wrappers.contains(target) || Self.wrapperFiles.contains(file)
        for (index, line) in lines.enumerated() where Self.words.contains(where: { line.contains($0) }) {
            let code = Self.withoutComment(line)
            if let module = Self.imported(code), let rule = importRule(module, target, file) {
                add(index, rule)
            }
            if !mayBeUnsafe, code.firstMatch(of: /\bunsafe\b|@unsafe\b|@safe\b|nonisolated\(unsafe\)/) != nil
            {
                add(index, "unsafe outside of a wrapper")
            }
            if !Self.executables.contains(target),
                code.firstMatch(of: /\b(async|await|actor|Task|DispatchQueue|Mutex|NSLock)\b(?!:)/) != nil
            {
                add(index, "concurrency: a worker is one thread")
            }
            if code.firstMatch(of: /\btry!/) != nil { add(index, "try!") }
        }
        return found
    }

    /// Why `target` may not import `module`, nil when it may.
    private func importRule(_ module: String, _ target: String, _ file: String) -> String? {
        guard let uses = uses[target] else { return "\(target) is no target of the manifest" }
        switch module {
        case "Foundation", "FoundationEssentials", "Dispatch":
            return target == "artemisios" ? nil : "\(module) in what a worker links"
        case "Glibc":
            let isAllowed =
                Self.wrappers.contains(target) || Self.executables.contains(target)
                || Self.wrapperFiles.contains(file)
            return isAllowed ? nil : "Glibc outside of a wrapper"
        case "Synchronization", "Testing", "XCTest": return "\(module) in a source"
        default: return uses.contains(module) ? nil : "\(target) does not name \(module) in the manifest"
        }
    }

    /// The module that a line imports.
    static func imported(_ line: Substring) -> String? {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |internal |package |private |fileprivate )?import (?:struct |enum |class |protocol |func |var |let |typealias )?(\w+)/
        return line.firstMatch(of: pattern).map { String($0.1) }
    }

    /// A file starts with what it imports, declares or says about it; not with a banner.
    private func isWellBegun(_ lines: [Substring]) -> Bool {
        guard let first = lines.first(where: { !$0.isEmpty }), lines.first?.isEmpty == false else {
            return false
        }
        return Self.imported(first) != nil || first.hasPrefix("///")
            || first.hasPrefix("// SPDX-License-Identifier: ")
            || first.firstMatch(
                of: /^(public |internal |@|extension |struct |enum |func |final |protocol |let |private )/)
                != nil
    }

    /// The line without the comment behind it; a `//` in a string is no comment.
    private static func withoutComment(_ line: Substring) -> Substring {
        var isInString = false
        var isEscaped = false
        var index = line.startIndex
        while index < line.endIndex {
            let character = line[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = isInString
            } else if character == "\"" {
                isInString.toggle()
            } else if !isInString, line[index...].hasPrefix("//") {
                return line[..<index]
            }
            index = line.index(after: index)
        }
        return line
    }
}
