import ArgumentParser
import FoundationEssentials
import GitStore
import Server
import Store

/// `artemisios trash`: collections that were deleted.
struct TrashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trash", abstract: "List, put back or remove for good what clients have deleted.",
        discussion: "A deleted collection goes, with its history, to the folder .artemisios/trash.",
        subcommands: [List.self, Restore.self, Purge.self], defaultSubcommand: List.self)

    /// The directory with the trash in it.
    struct Place: ParsableArguments {
        @Option(name: [.short, .long], help: ArgumentHelp("Directory of the collections.", valueName: "dir"))
        var directory: String

        /// Runs `body` on the store; what it throws is said, and ends the program with 1.
        func withStore(_ body: (GitCollectionStore) throws -> Void) throws {
            do {
                try body(GitCollectionStore(root: directory))
            } catch let error as StoreError {
                AccessLog(.text).note("\(directory): \(error)")
                throw ExitCode(1)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was deleted: its name in the trash, when, and where it was.")

        @OptionGroup var place: Place

        func run() throws {
            try place.withStore { store in
                for entry in try store.trash() {
                    let time = Date(timeIntervalSince1970: TimeInterval(entry.removed))
                    print(entry.id, time.ISO8601Format(), entry.path.map { "\($0)" } ?? "?", separator: "  ")
                }
            }
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a deleted collection back, with its history; no client has to sync anew.")

        @OptionGroup var place: Place

        @Argument(help: "Its name in the trash.")
        var id: String

        @Option(help: ArgumentHelp("Where to put it. (default: where it was)", valueName: "path"))
        var to: String?

        func run() throws {
            var path: StorePath?
            if let to {
                let names = to.split(separator: "/").map { ItemName(String($0)) }
                guard !names.isEmpty, !names.contains(nil) else {
                    throw ValidationError("--to needs a path like /anna/calendars/work")
                }
                path = StorePath(names.compactMap(\.self))
            }
            try place.withStore { store in
                print("\(id) is \(try store.restore(id, to: path)) again")
            }
        }
    }

    struct Purge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove deleted collections for good; they cannot come back.")

        @OptionGroup var place: Place

        @Option(help: ArgumentHelp("Only what was deleted more than so many days ago.", valueName: "days"))
        var olderThan: Int

        func run() throws {
            try place.withStore { store in
                let time = GitStoreOptions.now() - Int64(olderThan) * 86_400
                for entry in try store.purgeTrash(removedBefore: olderThan == 0 ? .max : time) {
                    print("\(entry.id)  \(entry.path.map { "\($0)" } ?? "?") is gone")
                }
            }
        }

        func validate() throws {
            guard (0...36_500).contains(olderThan) else {
                throw ValidationError("--older-than needs 0 or more days")
            }
        }
    }
}
