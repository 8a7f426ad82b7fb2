import Foundation
import Testing

@Suite("Layers and house rules") struct LayeringTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What each target may use of the targets: the arrows of the picture in the README, and nothing else.
    static let arrows: [String: Set<String>] = [
        "artemisios": [
            "Server", "WorkerPool", "Gateway", "GitStore", "HTTP", "IMIP", "LMTP", "MailQueue",
            "MailTransport", "Maintenance", "Store", "WebDAV", "XML", "ArgumentParser",
        ],
        "artemisios-worker": ["Server"],
        "Server": [
            "CalDAV", "CardDAV", "WebDAV", "GitStore", "Gateway", "HTTP", "Index", "Store", "XML",
            "ICalendar", "VCard", "ContentLine", "MailQueue", "Scheduling",
        ],
        "CalDAV": ["WebDAV", "HTTP", "Index", "Store", "XML", "Scheduling", "ICalendar", "ContentLine"],
        "CardDAV": ["WebDAV", "HTTP", "Index", "Store", "XML", "VCard", "ContentLine"],
        "WebDAV": ["HTTP", "Store", "XML"],
        "Maintenance": ["GitStore", "ICalendar", "Store", "VCard"],
        "WorkerPool": ["CLinux", "Spawn"], "Spawn": ["CLinux"],
        "Gateway": ["CFCGI", "CLinux", "HTTP"],
        "GitStore": ["CCrypto", "CLibgit2", "CZlib", "Spawn", "Store"],
        "Index": ["CLinux", "CLMDB", "Store"],
        "XML": ["CExpat"], "MIME": ["CGMime"], "MailQueue": ["Store"],
        "MailTransport": ["CCurl", "CLinux", "Spawn"],
        "IMIP": ["MailQueue", "MailTransport", "MIME", "ICalendar", "ContentLine", "Store"],
        "LMTP": ["NIOCore", "NIOPosix"],
        "Scheduling": ["ICalendar", "ContentLine"], "ICalendar": ["ContentLine"], "VCard": ["ContentLine"],
        "ContentLine": [], "HTTP": [], "Store": [],
    ]

    static func rules() throws -> HouseRules {
        HouseRules(
            manifest: try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8))
    }

    /// The Swift files below `Sources`, by their path there.
    static func sources() throws -> [String] {
        let folder = root.appendingPathComponent("Sources").path
        return try #require(FileManager.default.subpaths(atPath: folder)).filter { $0.hasSuffix(".swift") }
    }

    @Test func `the manifest has no arrow that points up or aside`() throws {
        let uses = try Self.rules().uses
        #expect(Set(uses.keys) == Set(Self.arrows.keys))
        for (target, modules) in uses {
            let more = modules.subtracting(Self.arrows[target] ?? [])
            #expect(more.isEmpty, "\(target) uses \(more.sorted())")
        }
    }

    @Test func `every source file keeps the rules`() throws {
        let rules = try Self.rules()
        let files = try Self.sources()
        #expect(files.count > 50)
        for file in files {
            let text = try String(
                contentsOf: Self.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
            let target = try #require(file.split(separator: "/").first.map(String.init))
            for violation in rules.violations(in: text, of: target, file: file) {
                Issue.record("\(violation)")
            }
        }
    }

    @Test func `every target has its folder, and every folder its target`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Sources").path)
        let swift = Set(try Self.sources().compactMap { $0.split(separator: "/").first.map(String.init) })
        #expect(swift == Set(Self.arrows.keys))
        let others = Set(folders).subtracting(swift)
        #expect(others.allSatisfy { $0.hasPrefix("C") || $0.hasSuffix(".docc") }, "\(others)")
    }
}

@Suite("The checker of the house rules") struct HouseRulesTests {
    static let manifest = """
        module("WebDAV", uses: ["HTTP", "Store"]),
        module("HTTP"),
        module("Gateway", uses: ["CFCGI",
            "HTTP"]),
        program(
            "artemisios",
            uses: [
                "WebDAV", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        tests("HTTPTests", uses: ["HTTP"]),
        """

    @Test func `targets are read out of a manifest`() {
        let uses = HouseRules(manifest: Self.manifest).uses
        #expect(uses["WebDAV"] == ["HTTP", "Store"])
        #expect(uses["HTTP"] == [])
        #expect(uses["Gateway"] == ["CFCGI", "HTTP"])
        #expect(uses["artemisios"]?.isSuperset(of: ["WebDAV", "ArgumentParser"]) == true)
        #expect(uses["HTTPTests"] == nil)
    }

    @Test(arguments: [
        ("WebDAV", "import GitStore\n", "does not name GitStore"),
        ("WebDAV", "public import GitStore\n", "does not name GitStore"),
        ("WebDAV", "@testable import HTTP\n\n  @_exported import CalDAV\n", "does not name CalDAV"),
        ("HTTP", "import struct Store.Item\n", "does not name Store"),
        ("WebDAV", "import Foundation\n", "Foundation"),
        ("Gateway", "internal import Foundation\n", "Foundation"), ("HTTP", "import Glibc\n", "Glibc"),
        ("HTTP", "let x = 1\nlet y = unsafe f()\n", "unsafe"),
        ("HTTP", "nonisolated(unsafe) var x = 1\n", "unsafe"), ("HTTP", "@safe struct X {}\n", "unsafe"),
        ("Gateway", "func f() async {}\n", "concurrency"), ("HTTP", "actor A {}\n", "concurrency"),
        ("HTTP", "let x = try! f()\n", "try!"),
        ("HTTP", "// HTTP.swift\nstruct X {}\n", "starts neither"),
        ("HTTP", "\n\nstruct X {}\n", "starts neither"),
        ("HTTP", "/* HTTP */\nstruct X {}\n", "starts neither"),
        ("HTTP", "struct X {}\n" + String(repeating: "\n", count: 500), "over 500"),
        ("Nowhere", "import HTTP\n", "no target"),
    ])
    func `what is forbidden is found`(target: String, text: String, rule: String) {
        let found = HouseRules(manifest: Self.manifest).violations(
            in: text, of: target, file: "\(target)/X.swift")
        #expect(found.contains { $0.rule.contains(rule) }, "\(found)")
    }

    @Test(arguments: [
        ("WebDAV", "import HTTP\npublic import Store\n"),
        ("Gateway", "internal import Glibc\nlet x = unsafe f()\n"),
        ("artemisios", "import Foundation\nimport ArgumentParser\n"),
        ("HTTP", "/// An unsafe thing, in an async world: try! import Foundation.\nstruct X {} // unsafe\n"),
        ("HTTP", "struct X {}\n" + String(repeating: "\n", count: 499)),
        ("HTTP", "struct X { var x: Bool { get throws { try !f() } } }\n"),
        ("HTTP", "// SPDX-License-Identifier: Apache-2.0\nstruct X {}\n"),
    ])
    func `what is allowed is left alone`(target: String, text: String) {
        #expect(
            HouseRules(manifest: Self.manifest).violations(in: text, of: target, file: "\(target)/X.swift")
                == [])
    }
}
