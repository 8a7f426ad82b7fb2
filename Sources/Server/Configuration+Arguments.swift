internal import Gateway
internal import WebDAV
internal import XML

extension Configuration {
    /// Reads the arguments of a worker: `--name=value`, or `--name` alone for what is on or off.
    ///
    /// The worker does not link what the command line of `artemisios` is read with, which is for people; this is its
    /// counterpart, and the inverse of `arguments`.
    ///
    /// - Throws: `ConfigurationError` for an option that is unknown, without its value, or has a wrong one, and without
    ///   `--directory`.
    public init(arguments: some Sequence<String>) throws(ConfigurationError) {
        self.init()
        let settings = Self.settings
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let value = parts.count == 2 ? String(parts[1]) : nil
            guard let setting = settings.first(where: { $0.name == name }) else { throw .unknown(name) }
            guard setting.read(&self, value) else {
                throw .invalid(option: name, value: value ?? "", needs: setting.needs)
            }
        }
        if directory.isEmpty { throw .missing("--directory") }
    }

    /// The arguments that make a worker have this configuration; what is as by default is left out.
    public var arguments: [String] {
        let standard = Configuration()
        return Self.settings.compactMap { setting in
            let argument = setting.write(self)
            return argument == setting.write(standard) ? nil : argument
        }
    }

    /// One option of the command line.
    private struct Setting {
        let name: String
        /// What the value has to be, in words.
        let needs: String
        /// Takes a value, nil when there is none; false when it is wrong.
        let read: (inout Configuration, String?) -> Bool
        /// The option as an argument, nil when it has no value.
        let write: (Configuration) -> String?
    }

    private static var settings: [Setting] {
        [
            text("--directory", \.directory),
            optionalText("--listen", \.listen),
            choice("--protocol", \.wire),
            Setting(name: "--workers", needs: "a number over 0") { configuration, value in
                configuration.workers = value.flatMap { Int($0) }
                return configuration.workers.map { $0 > 0 } ?? false
            } write: { configuration in
                configuration.workers.map { "--workers=\($0)" }
            },
            count("--max-requests-per-worker", \.maxRequestsPerWorker, least: 0),
            Setting(name: "--socket-mode", needs: "an octal number like 660") { configuration, value in
                guard let mode = value.flatMap({ UInt32($0, radix: 8) }), mode <= 0o777 else { return false }
                configuration.socketMode = mode
                return true
            } write: { configuration in
                "--socket-mode=\(String(configuration.socketMode, radix: 8))"
            },
            optionalText("--socket-group", \.socketGroup),
            flag("--defaults", \.defaults),
            flag("--autocreate", \.autocreate),
            text("--current-user-principal", \.currentUserPrincipal),
            flag("--multi-user", \.multiUser),
            text("--principal-path-prefix", \.principalPrefix),
            text("--principal-path-suffix", \.principalSuffix),
            flag("--hide-principals", \.hidePrincipals),
            optionalText("--mail-domain", \.mailDomain),
            optionalText("--timezone-service", \.timezoneService),
            count("--inbox-days", \.inboxDays, least: 0),
            optionalText("--route-prefix", \.routePrefix),
            flag("--no-fsync", \.noFsync),
            flag("--worktree", \.worktree),
            flag("--eager", \.eager),
            flag("--sends-mail", \.sendsMail),
            flag("--takes-mail", \.takesMail),
            count("--max-body-bytes", \.limits.bodyBytes, least: 1),
            count("--max-xml-bytes", \.limits.xml.bytes, least: 1),
            count("--max-xml-depth", \.limits.xml.depth, least: 1),
            count("--max-xml-elements", \.limits.xml.elements, least: 1),
            count("--max-xml-attributes", \.limits.xml.attributes, least: 1),
            count("--max-instances", \.limits.instances, least: 1),
            count("--max-resource-bytes", \.limits.resourceBytes, least: 1),
            count("--max-attendees", \.limits.attendees, least: 1),
            count("--max-matches", \.limits.matches, least: 1),
            Setting(name: "--quota-bytes", needs: "a number") { configuration, value in
                configuration.limits.principalBytes = value.flatMap { Int($0) }
                return configuration.limits.principalBytes.map { $0 >= 0 } ?? false
            } write: { configuration in
                configuration.limits.principalBytes.map { "--quota-bytes=\($0)" }
            },
            count("--request-timeout", \.requestTimeoutSeconds, least: 0),
            count("--peer-timeout", \.peerTimeoutSeconds, least: 1),
            choice("--log-format", \.logFormat),
        ]
    }

    private static func flag(_ name: String, _ path: WritableKeyPath<Configuration, Bool>) -> Setting {
        Setting(name: name, needs: "no value") { configuration, value in
            configuration[keyPath: path] = true
            return value == nil
        } write: { configuration in
            configuration[keyPath: path] ? name : nil
        }
    }

    private static func text(_ name: String, _ path: WritableKeyPath<Configuration, String>) -> Setting {
        Setting(name: name, needs: "a value") { configuration, value in
            configuration[keyPath: path] = value ?? ""
            return value != nil
        } write: { configuration in
            "\(name)=\(configuration[keyPath: path])"
        }
    }

    private static func optionalText(
        _ name: String, _ path: WritableKeyPath<Configuration, String?>
    ) -> Setting {
        Setting(name: name, needs: "a value") { configuration, value in
            configuration[keyPath: path] = value
            return value != nil
        } write: { configuration in
            configuration[keyPath: path].map { "\(name)=\($0)" }
        }
    }

    private static func count(
        _ name: String, _ path: WritableKeyPath<Configuration, Int>, least: Int
    ) -> Setting {
        Setting(name: name, needs: "a number, \(least) at least") { configuration, value in
            guard let number = value.flatMap({ Int($0) }), number >= least else { return false }
            configuration[keyPath: path] = number
            return true
        } write: { configuration in
            "\(name)=\(configuration[keyPath: path])"
        }
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ path: WritableKeyPath<Configuration, Choice>
    ) -> Setting {
        let names = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        return Setting(name: name, needs: names) { configuration, value in
            guard let choice = value.flatMap({ Choice(rawValue: $0) }) else { return false }
            configuration[keyPath: path] = choice
            return true
        } write: { configuration in
            "\(name)=\(configuration[keyPath: path].rawValue)"
        }
    }
}
