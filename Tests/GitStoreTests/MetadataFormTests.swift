import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("The forms in which collections keep their settings") struct MetadataFormTests {
    private static let name = MetadataKey("displayname")
    private static let order = MetadataKey("calendar-order")
    private static let availability = MetadataKey("availability")
    private static let description = MetadataKey("description")

    /// The ways a repository may come to have settings, with the same settings in each.
    enum Form: String, CaseIterable {
        case gitConfig, file, directory

        func make(_ workshop: Workshop, isBare: Bool) throws {
            let text =
                "[DEFAULT]\ntype = calendar\ndisplayname = 100%% mine\ndescription = Text\n\n[calendar]\norder = 7\n"
            var files = ["a": "1"]
            switch self {
            case .gitConfig: break
            case .file: files[".xandikos"] = text
            case .directory: files[".xandikos/config"] = text
            }
            if isBare {
                try workshop.makeBare("work", files: files)
            } else {
                try workshop.makeWorkTree("work", files: files)
            }
            guard self == .gitConfig else { return }
            for (key, value) in ["type": "calendar", "displayname": "100% mine", "calendar-order": "7"] {
                try workshop.git("work", "config", "xandikos.\(key)", value)
            }
            try workshop.folder.write("Text\n", to: isBare ? "work/description" : "work/.git/description")
        }
    }

    @Test(arguments: Form.allCases, [true, false])
    func `each form is read, changed and kept`(form: Form, isBare: Bool) throws {
        let workshop = try Workshop()
        try form.make(workshop, isBare: isBare)
        let store = try workshop.store()
        let expected: Metadata = [
            .type: "calendar", Self.name: "100% mine", Self.order: "7", Self.description: "Text",
        ]
        #expect(try store.metadata(of: path("work")) == expected)

        let changes: MetadataChanges = [
            Self.name: "New \"name\"; # \\ \n second line ", Self.order: nil,
            Self.description: "Two\nlines",
            MetadataKey("x_odd key"): "odd",
        ]
        try store.update(metadata: changes, of: path("work"), by: ana)
        for store in [store, try workshop.store()] {
            #expect(
                try store.metadata(of: path("work")) == [
                    .type: "calendar", Self.name: "New \"name\"; # \\ \n second line ",
                    Self.description: "Two\nlines",
                    MetadataKey("x_odd key"): "odd",
                ])
        }
        let tree = try workshop.git("work", "ls-tree", "-r", "--name-only", "HEAD")
        switch form {
        case .gitConfig:
            #expect(tree == "a\n")
            #expect(
                try workshop.git("work", "config", "xandikos.displayname")
                    == "New \"name\"; # \\ \n second line \n")
        case .file: #expect(tree == ".xandikos\na\n")
        case .directory: #expect(tree == ".xandikos/config\na\n")
        }
        #expect(try store.collection(at: path("work")).snapshot().names == ["a"])
        try workshop.expectSound("work")
    }

    @Test(arguments: Form.allCases, [true, false])
    func `availability has a file of its own, and nothing else is lost for it`(form: Form, isBare: Bool)
        throws
    {
        let workshop = try Workshop()
        try form.make(workshop, isBare: isBare)
        let store = try workshop.store()
        let before = try store.metadata(of: path("work"))
        let text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        try store.update(metadata: [Self.availability: text], of: path("work"), by: ana)
        #expect(try workshop.git("work", "show", "HEAD:.xandikos/availability.ics") == text)
        #expect(try store.metadata(of: path("work")) == before.merging([Self.availability: text]) { $1 })
        try store.update(metadata: [Self.name: "Later"], of: path("work"), by: ana)
        #expect(try store.metadata(of: path("work"))[Self.name] == "Later")
        #expect(try store.metadata(of: path("work"))[Self.order] == "7")
        try workshop.expectSound("work")
        try store.update(metadata: [Self.availability: nil], of: path("work"), by: ana)
        #expect(try store.metadata(of: path("work")) == before.merging([Self.name: "Later"]) { $1 })
        try workshop.expectSound("work")
    }

    @Test func `the configuration wins over the file, which stays`() throws {
        let workshop = try Workshop()
        try Form.file.make(workshop, isBare: true)
        try workshop.git("work", "config", "xandikos.type", "addressbook")
        let store = try workshop.store()
        #expect(try store.metadata(of: path("work")) == [.type: "addressbook"])
        try store.update(metadata: [Self.availability: "x"], of: path("work"), by: ana)
        #expect(try workshop.git("work", "show", "HEAD:.xandikos/config").contains("100%% mine"))
    }

    @Test func `no settings are no settings, and new ones go to a file`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        let store = try workshop.store()
        #expect(try store.metadata(of: path("work")) == [:])
        try store.update(metadata: [Self.name: nil], of: path("work"), by: ana)
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "1\n")
        try store.update(metadata: [Self.name: "Ünï", Self.order: "3"], of: path("work"), by: ana)
        #expect(
            try workshop.git("work", "show", "HEAD:.xandikos")
                == "[DEFAULT]\ndisplayname = Ünï\n\n[calendar]\norder = 3\n")
        #expect(
            try workshop.git("work", "log", "-1", "--format=%an: %s")
                == "Ana: Set calendar-order, displayname\n")
    }

    @Test(arguments: ["\u{0}\u{1}", "no section", "[DEFAULT]\ntype = nonsense\ntype", "[DEFAULT\n", ""])
    func `a damaged file fails nothing`(text: String) throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: [".xandikos": text, "a": "1"])
        let store = try workshop.store()
        _ = try store.metadata(of: path("work"))
        #expect(try store.children(of: .root) == [TestSupport.name("work")])
        try store.update(metadata: [Self.name: "Now"], of: path("work"), by: ana)
        #expect(try store.metadata(of: path("work"))[Self.name] == "Now")
    }

    @Test func `a principal's settings are a file in its directory, changed in place`() throws {
        let workshop = try Workshop()
        let text = "# mine\n[scheduling]\naddresses = mailto:a@x, mailto:b@x\nuser-type = INDIVIDUAL\n"
        try workshop.folder.write(text, to: "ana/.xandikos")
        let store = try workshop.store()
        let addresses = MetadataKey("calendar-user-addresses")
        #expect(
            try store.metadata(of: path("ana"))
                == [addresses: "mailto:a@x, mailto:b@x", MetadataKey("calendar-user-type"): "INDIVIDUAL"])
        try store.update(
            metadata: [
                Self.name: "Ana", MetadataKey("schedule-default-calendar-url"): "/ana/c",
                addresses: "mailto:c@x",
                MetadataKey("calendar-home-set"): "calendars",
            ], of: path("ana"), by: ana)
        #expect(
            try workshop.folder.read("ana/.xandikos")
                == "# mine\n[scheduling]\naddresses = mailto:c@x\nuser-type = INDIVIDUAL\ndefault-calendar-url = /ana/c\n"
                + "\n[principal]\ncalendar-home-set = calendars\ndisplayname = Ana\n")
        #expect(try store.kind(at: path("ana/.xandikos")) == nil)
        #expect(try store.children(of: path("ana")).isEmpty)
    }

    @Test(arguments: [true, false])
    func `a new collection has its settings in a file of its first commit`(isBare: Bool) throws {
        let workshop = try Workshop()
        workshop.options.worktree = !isBare
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        #expect(try workshop.git("work", "show", "HEAD:.xandikos") == "[DEFAULT]\ntype = calendar\n")
        #expect(try workshop.git("work", "symbolic-ref", "HEAD") == "refs/heads/main\n")
        #expect(try workshop.git("work", "rev-parse", "--is-bare-repository") == "\(isBare)\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.folder.path) == ["work"])
        try workshop.expectSound("work")
    }
}
