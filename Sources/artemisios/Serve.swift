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
            let program = try connection.worker ?? WorkerCommand.besideThisProgram("artemisios-worker")
            let options = PoolOptions(
                command: WorkerCommand(executable: program, arguments: configuration.arguments),
                workers: configuration.workers ?? PoolOptions.standardWorkers,
                graceSeconds: connection.grace,
                companions: try companions(of: configuration))
            try Supervisor(options, socket: socket) { log.note($0) }.run()
        } catch let error as PoolError {
            log.note("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// The programs beside the workers.
    private func companions(of configuration: Configuration) throws -> [String: WorkerCommand] {
        try maintenance.companions(of: configuration.directory).merging(
            try mailOut.companions(of: configuration.directory)
        ) { first, _ in first }
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
