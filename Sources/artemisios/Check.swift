import ArgumentParser
import GitStore
import Maintenance
import Server
import Store

/// `artemisios check`: looks for what is wrong.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look through collections for what is wrong; one line for each finding.",
        discussion: """
            Git's own check of every object, files left by dead processes, work trees that are not as their history \
            says, objects that cannot be read, and UIDs that two objects of a collection have. The server may run \
            meanwhile. Ends with 1 when something was found that is not put right.
            """)

    @Flag(
        help: """
            Put right what can be put right without losing anything: remove what dead processes left, and commit what \
            was changed by hand in a work tree.
            """)
    var repair = false

    @Option(help: ArgumentHelp("The program git.", valueName: "path"))
    var git = "git"

    @Argument(help: ArgumentHelp("Directory of the collections.", valueName: "dir"))
    var directory: String

    func run() throws {
        do {
            let store = try GitCollectionStore(root: directory)
            var (found, repaired) = (0, 0)
            let count = StoreCheck(store, isRepairing: repair, git: git).run { finding in
                print(finding)
                found += 1
                if finding.isRepaired { repaired += 1 }
            }
            print("\(count) collections, \(found) findings, \(repaired) of them repaired")
            if found > repaired { throw ExitCode(1) }
        } catch let error as StoreError {
            AccessLog(.text).note("\(directory): \(error)")
            throw ExitCode(1)
        }
    }
}
