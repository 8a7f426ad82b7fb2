import ArgumentParser
import Server

/// What a program has to know that brings a mail into the calendars.
struct IntakeOptions: ParsableArguments {
    @OptionGroup(title: "What to serve") var storage: StorageOptions
    @OptionGroup(title: "To whom") var principals: PrincipalOptions

    @Flag(help: "Leave what has to go out by mail in the queue of 'artemisios send-mail'.")
    var sendsMail = false

    /// What they say.
    var configuration: Configuration {
        var configuration = Configuration()
        storage.apply(to: &configuration)
        principals.apply(to: &configuration)
        configuration.eager = false
        configuration.sendsMail = sendsMail
        return configuration
    }
}
