internal import Gateway

/// What a worker process does from its start to its end.
public enum WorkerProgram {
    /// The exit codes (those of sysexits.h, where it has one).
    private enum ExitCode {
        static let ok: Int32 = 0
        static let usage: Int32 = 64
        static let failure: Int32 = 70
        static let configuration: Int32 = 78
    }

    /// Answers requests that come over descriptor 0.
    ///
    /// - Parameter arguments: the arguments after the name of the program.
    /// - Returns: the exit code: 0 when told to end or when its requests are used up, 64 for wrong arguments, 78 when
    ///   what they name cannot be served, 70 when it cannot go on.
    public static func run(arguments: some Sequence<String>) -> Int32 {
        ProcessMemory.keepFreed()
        let configuration: Configuration
        do {
            configuration = try Configuration(arguments: arguments)
        } catch {
            StandardError.write(Array("artemisios-worker: \(error)\n".utf8))
            return ExitCode.usage
        }
        let log = AccessLog(configuration.logFormat)
        let dispatcher: Dispatcher
        do {
            dispatcher = try Dispatcher(configuration, log: log)
        } catch {
            log.note("the worker cannot start: \(error)")
            return ExitCode.configuration
        }
        if configuration.eager { dispatcher.fillIndex() }
        do {
            let listener = try Listener(
                options: configuration.gatewayOptions,
                log: ListenerLog(exchange: log.record, stalled: log.stalled))
            _ = try listener.run(dispatcher)
            return ExitCode.ok
        } catch {
            log.note("the worker cannot go on: \(error)")
            return ExitCode.failure
        }
    }
}
