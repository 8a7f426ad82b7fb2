public import ArgumentParser
import FoundationEssentials
import IMIP
import MailTransport
import WorkerPool

/// The environment in the place of options: `ARTEMISIOS_SMTP_HOST`, or `XANDIKOS_SMTP_HOST` as before.
enum MailEnvironment {
    /// The value of a variable, by its name without the program; nil when it is not set, or empty.
    static func value(_ name: String) -> String? {
        let all = ProcessInfo.processInfo.environment
        return ["ARTEMISIOS_", "XANDIKOS_"].lazy.compactMap { all[$0 + name] }.first { !$0.isEmpty }
    }
}

/// How invitations go out by mail.
struct MailSendOptions: ParsableArguments {
    /// How.
    enum Way: String, CaseIterable, ExpressibleByArgument {
        case off, sendmail, smtp
    }

    @Option(help: ArgumentHelp("How invitations go out by mail: off, sendmail or smtp.", valueName: "how"))
    var imipSend: Way?

    @Option(
        help: ArgumentHelp(
            "The address that mails come from; its domain must be yours.", valueName: "address"))
    var smtpFrom: String?

    @Option(help: ArgumentHelp("The program sendmail. (default: /usr/sbin/sendmail)", valueName: "path"))
    var sendmailBinary: String?

    @Option(help: ArgumentHelp("The mail server.", valueName: "host"))
    var smtpHost: String?

    @Option(help: ArgumentHelp("Its port. (default: 25)", valueName: "n"))
    var smtpPort: UInt16?

    @Option(help: ArgumentHelp("How to protect the connection: none, starttls or ssl.", valueName: "how"))
    var smtpEncryption: SMTPTransport.Encryption?

    @Option(
        help: ArgumentHelp(
            "A file of certificates to trust for it. (default: those of the system)", valueName: "path"))
    var smtpCaFile: String?

    @Option(help: ArgumentHelp("The name to log in with.", valueName: "name"))
    var smtpUser: String?

    @Option(help: ArgumentHelp("The file with the password.", valueName: "path"))
    var smtpPasswordFile: String?

    private static func choice<Value>(
        _ given: Value?, _ variable: String, _ read: (String) -> Value?
    ) throws -> Value? {
        if let given { return given }
        guard let text = MailEnvironment.value(variable) else { return nil }
        guard let value = read(text) else {
            throw ValidationError("\(variable) in the environment cannot be \(text)")
        }
        return value
    }

    /// How mails go out.
    var way: Way { get throws { try Self.choice(imipSend, "IMIP_SEND") { Way(rawValue: $0) } ?? .off } }

    /// The address that mails come from.
    var from: String? { get throws { try Self.choice(smtpFrom, "SMTP_FROM") { $0 } } }

    /// The way out, nil when it is off.
    func transport() throws -> (any MailTransport)? {
        switch try way {
        case .off: return nil
        case .sendmail:
            var transport = SendmailTransport(adoptsOrphans: true)
            if let program = try Self.choice(sendmailBinary, "SENDMAIL_BINARY", { $0 }) {
                transport.program = program
            }
            return transport
        case .smtp:
            guard let host = try Self.choice(smtpHost, "SMTP_HOST", { $0 }) else {
                throw ValidationError("--imip-send smtp needs --smtp-host")
            }
            let file = try Self.choice(smtpPasswordFile, "SMTP_PASSWORD_FILE") { $0 }
            let user = try Self.choice(smtpUser, "SMTP_USER") { $0 }
            guard user == nil || file != nil else {
                throw ValidationError("--smtp-user needs --smtp-password-file")
            }
            return SMTPTransport(
                host: host, port: try Self.choice(smtpPort, "SMTP_PORT") { UInt16($0) } ?? 25,
                encryption: try Self.choice(smtpEncryption, "SMTP_ENCRYPTION") { .init(rawValue: $0) }
                    ?? .none,
                user: user, password: try file.map(Self.password), hostName: Self.hostName,
                certificates: try Self.choice(smtpCaFile, "SMTP_CA_FILE") { $0 })
        }
    }

    private static var hostName: String? {
        let name = ProcessInfo.processInfo.hostName
        return name.isEmpty ? nil : name
    }

    private static func password(_ file: String) throws -> String {
        guard let text = FileManager.default.contents(atPath: file) else {
            throw ValidationError("--smtp-password-file: \(file) cannot be read")
        }
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.first.map(String.init) ?? ""
    }

    /// The arguments that make another process do the same; the environment it has anyway.
    private var arguments: [String] {
        [
            imipSend.map { "--imip-send=\($0.rawValue)" }, smtpFrom.map { "--smtp-from=\($0)" },
            sendmailBinary.map { "--sendmail-binary=\($0)" }, smtpHost.map { "--smtp-host=\($0)" },
            smtpPort.map { "--smtp-port=\($0)" },
            smtpEncryption.map { "--smtp-encryption=\($0.rawValue)" },
            smtpCaFile.map { "--smtp-ca-file=\($0)" }, smtpUser.map { "--smtp-user=\($0)" },
            smtpPasswordFile.map { "--smtp-password-file=\($0)" },
        ].compactMap(\.self)
    }

    /// The program that sends beside the workers; `arguments` say where and for whom.
    func companions(_ common: [String]) throws -> [String: WorkerCommand] {
        guard try way != .off else { return [:] }
        // What is wrong with the options is said now, and not by a process that is started again and again.
        _ = try transport()
        guard try from != nil else { throw ValidationError("--imip-send needs --smtp-from") }
        let program = try WorkerCommand.besideThisProgram("artemisios")
        return [
            "mail sender": WorkerCommand(
                executable: program, arguments: ["send-mail"] + common + arguments)
        ]
    }
}

extension SMTPTransport.Encryption: ExpressibleByArgument {}

/// Whom to believe who writes by mail.
struct MailTrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the sender of a mail is compared with who the invitation says has written it: off, match or authenticated.",
            valueName: "how"))
    var imipCheckSender = IncomingPolicy().senderCheck

    @Option(
        help: ArgumentHelp(
            "A mail server whose Authentication-Results are believed; may be repeated.", valueName: "host"))
    var imipTrustHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "Mails without an invitation: accept (and drop them) or reject.", valueName: "how"))
    var imipOrdinaryMail = IncomingPolicy().ordinaryMail

    var policy: IncomingPolicy {
        IncomingPolicy(
            senderCheck: imipCheckSender, trustedHosts: imipTrustHost, ordinaryMail: imipOrdinaryMail)
    }

    /// The arguments that make another process do the same.
    var arguments: [String] {
        [
            "--imip-check-sender=\(imipCheckSender.rawValue)",
            "--imip-ordinary-mail=\(imipOrdinaryMail.rawValue)",
        ]
            + imipTrustHost.map { "--imip-trust-host=\($0)" }
    }
}

extension IncomingPolicy.SenderCheck: ExpressibleByArgument {}
extension IncomingPolicy.OrdinaryMail: ExpressibleByArgument {}

/// Where the mail server brings invitations.
struct MailListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take invitations from a mail server by LMTP: unix:/PATH or HOST:PORT.", valueName: "address"))
    var imipListen: String?

    @Option(help: ArgumentHelp("Permissions of its Unix socket, octal. (default: 660)", valueName: "mode"))
    var imipListenMode: String?

    @Option(help: ArgumentHelp("Group of its Unix socket, that of the mail server.", valueName: "group"))
    var imipListenGroup: String?

    /// Opens the socket, nil when nobody asks for it.
    func socket() throws -> ListenSocket? {
        guard let text = imipListen ?? MailEnvironment.value("IMIP_LISTEN") else { return nil }
        let modeText = imipListenMode ?? MailEnvironment.value("IMIP_LISTEN_MODE") ?? "660"
        guard let mode = UInt32(modeText, radix: 8), mode <= 0o777 else {
            throw ValidationError("--imip-listen-mode needs an octal number like 660")
        }
        // As before: a path alone, and a port alone, which means this host.
        let address = text.hasPrefix("/") ? "unix:\(text)" : text.hasPrefix(":") ? "127.0.0.1\(text)" : text
        return try ListenSocket.open(
            ListenAddress(address), mode: mode,
            group: imipListenGroup ?? MailEnvironment.value("IMIP_LISTEN_GROUP"))
    }
}
