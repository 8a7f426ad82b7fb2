import ArgumentParser
import FoundationEssentials
import HTTP
import Server
import Store
import WebDAV

/// `artemisios import`: takes a whole file into a collection.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write all events of an .ics file, or all cards of a .vcf file, into a collection as one commit.",
        discussion: """
            An object whose UID is there already is replaced. Nothing is written when one of them is wrong: each that is \
            gets a line. The server may run meanwhile. Nobody is invited by it.
            """)

    @Option(name: [.short, .long], help: ArgumentHelp("Directory of the collections.", valueName: "dir"))
    var directory: String

    @Option(name: .customLong("as"), help: "Who makes the commit. (default: who owns the collection)")
    var user: String?

    @Argument(help: "The collection, such as /ana/calendars/work.")
    var collection: String

    @Argument(help: "The file.", completion: .file(extensions: ["ics", "vcf"]))
    var file: String

    func run() throws {
        let names = collection.split(separator: "/").map { ItemName(String($0)) }
        let path = StorePath(names.compactMap(\.self))
        guard let owner = path.names.first, !names.contains(nil) else {
            throw ValidationError("the collection needs a path like /ana/calendars/work")
        }
        var configuration = Configuration()
        configuration.directory = directory
        configuration.currentUserPrincipal = "/\(owner)/"
        let log = AccessLog(.text)
        let name = user ?? owner.description
        do {
            let document = try Data(contentsOf: URL(fileURLWithPath: file))
            let dispatcher = try Dispatcher(configuration, log: log)
            let outcomes = try dispatcher.importDocument(
                Array(document), into: path,
                by: Author(
                    name: name, email: name.contains("@") ? name : "\(name)@localhost", remoteUser: name,
                    requester: "artemisios import"))
            try tell(outcomes)
        } catch let error as DAVError {
            log.note("\(collection): \(error.message ?? error.details ?? error.status.description)")
            throw ExitCode(1)
        } catch let error as StartError {
            log.note("\(error)")
            throw ExitCode(1)
        }
    }

    private func tell(_ outcomes: [ImportOutcome]) throws {
        let wrong = outcomes.filter { $0.message != nil }
        guard wrong.isEmpty else {
            for outcome in wrong { print(outcome.href, outcome.message ?? "", separator: "  ") }
            print("nothing was imported: \(wrong.count) of \(outcomes.count) objects are wrong")
            throw ExitCode(1)
        }
        let new = outcomes.count { $0.status == .created }
        print("\(new) new objects, \(outcomes.count - new) were there and are as the file has them")
    }
}
