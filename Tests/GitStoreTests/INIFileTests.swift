import Foundation
import TestSupport
import Testing

@testable import GitStore

@Suite("Settings files, as Python's configparser reads them") struct INIFileTests {
    /// Values with something in them that could get lost.
    static let nasty = [
        "plain", "", " ", "  both ends  ", "#hash", "; semicolon", "a # b ; c", "100%", "%%", "%(x)s",
        "%(artemisios-empty)s",
        "a = b : c", "[section]", "one\ntwo", "one\n\ntwo\n", "\n", "\n\n", "\nsecond",
        "one\n# two\n; three\n[four]\nfive = 5",
        "  folded\n  text\n\tmore", "Ünïcödé \u{a0}\n\u{2003}spaces\u{3000}", "tab\tin\tit",
        "quote \" and ' and \\",
        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nX-LONG:folded \n here\n  there\nEND:VTIMEZONE\nEND:VCALENDAR\n",
        "\u{1c}\u{85}\u{2028}x\u{b}\u{c}y\u{1f}", "ends with a blank line\n \nx ",
    ]

    /// What Python makes of a file: section, then key, then value.
    private func pythonReads(_ bytes: [UInt8]) throws -> [String: [String: String]] {
        let script = """
            import configparser, io, json, sys
            parser = configparser.ConfigParser()
            parser.read_file(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"))
            print(json.dumps({name: dict(section) for name, section in parser.items()}))
            """
        let text = try run("python3", ["-c", script], in: "/", input: String(decoding: bytes, as: UTF8.self))
        return try JSONDecoder().decode([String: [String: String]].self, from: Data(text.utf8))
    }

    /// A file that Python writes.
    private func pythonWrites(_ values: [String: String]) throws -> [UInt8] {
        let script = """
            import configparser, io, json, sys
            parser = configparser.ConfigParser()
            for key, value in json.loads(sys.argv[1]).items():
                parser.set("DEFAULT", key, value.replace("%", "%%"))
            parser.write(sys.stdout)
            """
        let json = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        return Array(try run("python3", ["-c", script, json], in: "/").utf8)
    }

    @Test func `values are read by Python as they were set`() throws {
        var file = INIFile([])
        for (index, value) in Self.nasty.enumerated() {
            file.set("key\(index)", in: index.isMultiple(of: 2) ? "DEFAULT" : "calendar", to: value)
        }
        let python = try pythonReads(file.bytes)
        for (index, value) in Self.nasty.enumerated() {
            let section = index.isMultiple(of: 2) ? "DEFAULT" : "calendar"
            #expect(
                file.values[section]?["key\(index)"]?.utf8.elementsEqual(value.utf8) == true, "ours, \(index)"
            )
            #expect(
                python[section]?["key\(index)"]?.utf8.elementsEqual(value.utf8) == true, "Python's, \(index)")
        }
    }

    @Test func `values change in place, again and again`() throws {
        var file = INIFile(Array("# top\n[DEFAULT]\na = 1\n# between\nb = 2\n\n[calendar]\norder = 1\n".utf8))
        for value in Self.nasty { file.set("a", in: "DEFAULT", to: value) }
        file.set("a", in: "DEFAULT", to: "1")
        file.set(INIValue.emptyOption, in: "DEFAULT", to: nil)
        #expect(
            String(decoding: file.bytes, as: UTF8.self)
                == "# top\n[DEFAULT]\na = 1\n# between\nb = 2\n\n[calendar]\norder = 1\n")
    }

    @Test func `what Python writes keeps its folding`() throws {
        let zone = "BEGIN:VCALENDAR\nX-LONG:folded\n  here\n there\nEND:VCALENDAR"
        let file = INIFile(try pythonWrites(["timezone": zone, "displayname": "100% mine"]))
        #expect(file.values["DEFAULT"] == ["timezone": zone, "displayname": "100% mine"])
    }

    @Test func `folding that Python lost is repaired`() {
        let file = INIFile(
            Array(
                "[DEFAULT]\ntimezone = BEGIN:VCALENDAR\n\tX-LONG:fol\n\tded\n\tX;Y=1:2\n\tEND:VCALENDAR\n"
                    .utf8))
        #expect(
            file.values["DEFAULT"]?["timezone"] == "BEGIN:VCALENDAR\nX-LONG:folded\nX;Y=1:2\nEND:VCALENDAR")
    }

    @Test func `quirks are read`() {
        let text = """
            inbox-url = /before/any/section
            TYPE: calendar
            type = addressbook
            broken line
            lone = 50% off
            name = %(type)s of %(nobody)s
            long = one
                two
              ; comment

                three
            # comment
            [calendar]
            Order=5
            windows = line\r
            """
        let file = INIFile(Array(text.utf8))
        #expect(
            file.values["DEFAULT"] == [
                "inbox-url": "/before/any/section", "type": "addressbook", "lone": "50% off",
                "name": "addressbook of %(nobody)s", "long": "one\ntwo\n\nthree",
            ])
        #expect(file.values["calendar"] == ["order": "5", "windows": "line"])
        #expect(String(decoding: file.bytes, as: UTF8.self) == text + "\n")
    }

    @Test func `a file without a section gets one when it is written`() throws {
        var file = INIFile(Array("displayname = Old\n".utf8))
        file.set("color", in: "DEFAULT", to: "#fff")
        #expect(String(decoding: file.bytes, as: UTF8.self) == "[DEFAULT]\ndisplayname = Old\ncolor = #fff\n")
        #expect(try pythonReads(file.bytes)["DEFAULT"] == ["displayname": "Old", "color": "#fff"])
    }

    @Test func `an indented file stays whole`() throws {
        var file = INIFile(
            Array("[DEFAULT]\n  type = calendar\n  color = red\n\t# x\n [calendar]\n\torder = 1\n".utf8))
        file.set("type", in: "DEFAULT", to: "one\n  two")
        file.set("new", in: "DEFAULT", to: "x")
        file.set("order", in: "calendar", to: "2\n\t3")
        file.set("more", in: "calendar", to: "4")
        let expected = [
            "DEFAULT": ["type": "one\n  two", "color": "red", "new": "x", "artemisios-empty": ""],
            "calendar": ["order": "2\n\t3", "more": "4"],
        ]
        #expect(file.values == expected)
        #expect(try pythonReads(file.bytes)["DEFAULT"] == expected["DEFAULT"])
        #expect(try pythonReads(file.bytes)["calendar"]?["order"] == "2\n\t3")
    }

    @Test func `whatever is in a file, what is set is read and the rest stays`() {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "[DEFAULT]", "[a]", "[", "]", "k = v", "x: y", "=", " ", "  ", "\t", "\n", "\n", "\n", "#", ";",
            "%", "%(k)s", "\r", "junk",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            var file = INIFile(Array(text.utf8))
            let before = file.values
            let (section, key) = (
                Bool.random(using: &random) ? "a" : "DEFAULT", Bool.random(using: &random) ? "k" : "new"
            )
            let value = Bool.random(using: &random) ? nil : Self.nasty.randomElement(using: &random)
            file.set(key, in: section, to: value)
            let after = file.values
            #expect(
                after[section]?[key]?.utf8.map { $0 } == value?.utf8.map { $0 },
                "\(text.debugDescription), \(key), \(section)")
            for (other, options) in before {
                for (name, old) in options
                where (other, name) != (section, key) && !old.contains("%(") && !text.contains("%") {
                    #expect(after[other]?[name] == old, "\(text.debugDescription), \(key), \(section)")
                }
            }
        }
    }

    @Test func `the last option takes its section with it, a comment keeps it`() {
        var file = INIFile(Array("[scheduling]\naddresses = a\n\n[principal]\n# keep\nx = 1\n".utf8))
        file.set("addresses", in: "scheduling", to: nil)
        file.set("x", in: "principal", to: nil)
        #expect(String(decoding: file.bytes, as: UTF8.self) == "[principal]\n# keep\n")
    }

    @Test func `junk of any kind neither stops nor harms`() {
        for text in [
            "", "\n\n", "[", "[]", "=", "[a\nb", "= x\n: y", "\u{0}\n\t\t\n  x", "%", "k = %(", "k = %(k)s",
        ] {
            var file = INIFile(Array(text.utf8))
            _ = file.values
            file.set("type", in: "DEFAULT", to: "calendar")
            #expect(file.values["DEFAULT"]?["type"] == "calendar", "\(text)")
        }
        let raw: [UInt8] = [0xff, 0xfe, 10, 0x5b, 0x61, 0x5d, 10]
        #expect(INIFile(raw).bytes == raw)
    }
}

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) << 32 ^ (state &* 0x9e37_79b9_7f4a_7c15) >> 32
    }
}
