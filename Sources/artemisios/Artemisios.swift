import ArgumentParser

/// The program that a person types.
@main
struct Artemisios: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artemisios",
        abstract: "A CalDAV and CardDAV server that keeps calendars and contacts in Git repositories.",
        version: "0.1.0",
        subcommands: [
            Serve.self, Maintain.self, TrashCommand.self, Check.self, Import.self, LMTPProgram.self,
            SendMail.self,
            ImportIMIP.self,
        ])
}
