import ArgumentParser
import Server
import WorkerPool

/// `artemisios serve`: a pool of workers behind a web server.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a directory of collections to a web server, by a pool of workers.",
        discussion: """
            The web server (nginx or Apache) does TLS and authentication, and passes requests on by FastCGI or SCGI. It \
            is believed whatever it says about who asks, so let nobody else write to the socket.

            SIGTERM and SIGINT finish the requests in hand and end. SIGHUP replaces the workers one by one.
            """)

    @OptionGroup(title: "What to serve") var storage: StorageOptions
    @OptionGroup(title: "To whom") var principals: PrincipalOptions
    @OptionGroup(title: "Connection to the web server") var connection: ConnectionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Maintenance") var maintenance: MaintenanceOptions
    @OptionGroup(title: "Invitations by mail") var mailOut: MailSendOptions
    @OptionGroup(title: "Invitations from mail") var mailIn: MailListenOptions
    @OptionGroup var mailTrust: MailTrustOptions

    func run() throws {
        var configuration = Configuration()
        storage.apply(to: &configuration)
        principals.apply(to: &configuration)
        connection.apply(to: &configuration)
        limits.apply(to: &configuration)
        configuration.sendsMail = try mailOut.way != .off

        let log = AccessLog(configuration.logFormat)
        do {
            let socket = try listenSocket(configuration)
            let mailSocket = try mailIn.socket()
            configuration.takesMail = mailSocket != nil
            let program = try connection.worker ?? WorkerCommand.besideThisProgram("artemisios-worker")
            let options = PoolOptions(
                command: WorkerCommand(executable: program, arguments: configuration.arguments),
                workers: configuration.workers ?? PoolOptions.standardWorkers,
                graceSeconds: connection.grace,
                companions: try companions(of: configuration, mailSocket))
            try Supervisor(
                options, socket: socket, companionSockets: mailSocket.map { [Self.lmtp: $0] } ?? [:]
            ) { log.note($0) }.run()
        } catch let error as PoolError {
            log.note("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// What the log calls the program that takes mails.
    private static let lmtp = "mail receiver"

    /// The programs beside the workers.
    private func companions(
        of configuration: Configuration, _ mailSocket: ListenSocket?
    ) throws -> [String: WorkerCommand] {
        // What they need to know of the principals.
        var own = Configuration()
        storage.apply(to: &own)
        principals.apply(to: &own)
        own.eager = false
        own.sendsMail = configuration.sendsMail
        var companions = try maintenance.companions(of: configuration.directory)
        companions.merge(try mailOut.companions(own.arguments)) { first, _ in first }
        if mailSocket != nil {
            companions[Self.lmtp] = WorkerCommand(
                executable: try WorkerCommand.besideThisProgram("artemisios"),
                arguments: ["lmtp"] + own.arguments + mailTrust.arguments)
        }
        return companions
    }

    private func listenSocket(_ configuration: Configuration) throws -> ListenSocket {
        if let inherited = try ListenSocket.inherited() { return inherited }
        guard let listen = configuration.listen else {
            throw ValidationError("Missing expected argument '--listen <address>'")
        }
        return try ListenSocket.open(
            ListenAddress(listen), mode: configuration.socketMode, group: configuration.socketGroup)
    }
}

extension PoolError {
    /// What the shell and systemd are told (sysexits.h).
    var exitCode: Int32 {
        switch self {
        case .badAddress, .pathTooLong, .unknownGroup, .unknownHost: 64
        case .refused(let code): code
        case .inUse, .notASocket, .system: 71
        }
    }
}
