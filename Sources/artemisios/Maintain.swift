import ArgumentParser
import GitStore
import Maintenance
import Server
import Store
import WorkerPool

/// `artemisios maintain`: what keeps collections small.
struct Maintain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pack the history of the collections, so that it takes little space.",
        discussion: """
            A write leaves files behind that are quick to write and large. This packs them with the program git, while \
            the server goes on; nothing of the history is dropped. 'artemisios serve' does it all the time.
            """)

    @Option(name: [.short, .long], help: ArgumentHelp("Directory of the collections.", valueName: "dir"))
    var directory: String

    @Flag(help: "Make one pack of each collection, also where little has been written.")
    var full = false

    @Flag(help: "Go on, and pack what has grown while others write.")
    var watch = false

    @OptionGroup var trash: RetentionOptions

    @Option(help: ArgumentHelp("The program git.", valueName: "path"))
    var git = "git"

    func run() throws {
        let log = AccessLog(.text)
        do {
            let store = try GitCollectionStore(root: directory)
            let upkeep = try Upkeep(
                store, options: UpkeepOptions(git: git, trashRetentionDays: trash.trashRetention)
            ) { log.note($0) }
            if watch {
                try keepOn(upkeep, store)
            } else {
                try once(upkeep, store)
            }
        } catch let error as StoreError {
            log.note("\(directory): \(error)")
            throw ExitCode(1)
        }
    }

    private func once(_ upkeep: Upkeep, _ store: GitCollectionStore) throws {
        guard let right = try store.maintenanceRight() else {
            print("\(directory): another process packs these collections already")
            throw ExitCode(75)
        }
        try withExtendedLifetime(right) {
            for done in try upkeep.round(joiningAll: full) {
                let (before, after) = (done.before, done.after)
                print(
                    "\(done.path): \((before.looseBytes + before.packBytes) / 1024) KiB are now \((after.looseBytes + after.packBytes) / 1024) KiB"
                )
            }
            try upkeep.purgeTrash()
        }
        if upkeep.hasFailures { throw ExitCode(1) }
    }

    private func keepOn(_ upkeep: Upkeep, _ store: GitCollectionStore) throws {
        let lifeline = Lifeline.inherited()
        lifeline.sayReady()
        while true {
            if let right = try store.maintenanceRight() {
                return try withExtendedLifetime(right) { try upkeep.keepOn(until: lifeline) }
            }
            // Another one does it; when it ends it is our turn.
            guard lifeline.holds(forMilliseconds: 5000) else { return }
        }
    }
}

/// How long what was removed is kept.
struct RetentionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Days after which deleted collections are gone for good. (default: never)", valueName: "days"))
    var trashRetention: Int?

    func validate() throws {
        guard trashRetention ?? 0 >= 0 else { throw ValidationError("--trash-retention cannot be negative") }
    }
}

/// What the server does about the growth of its collections.
struct MaintenanceOptions: ParsableArguments {
    @Flag(
        name: .customLong("no-maintenance"),
        help: "Leave it to 'artemisios maintain' to pack what is written.")
    var isOff = false

    @OptionGroup var trash: RetentionOptions

    /// The program that does it beside the workers.
    func companions(of directory: String) throws -> [String: WorkerCommand] {
        if isOff { return [:] }
        var arguments = ["maintain", "--watch", "--directory=\(directory)"]
        if let days = trash.trashRetention { arguments.append("--trash-retention=\(days)") }
        let program = try WorkerCommand.besideThisProgram("artemisios")
        return ["maintenance": WorkerCommand(executable: program, arguments: arguments)]
    }
}
