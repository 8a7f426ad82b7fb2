/// The bounds of a conversation, and who we say we are.
public struct LMTPOptions: Hashable, Sendable {
    /// The name in the greeting.
    public var hostName: String
    /// Bytes of a mail (RFC 1870).
    public var maxMessageBytes: Int
    /// Recipients of a mail.
    public var maxRecipients: Int
    /// Bytes of a command line; RFC 5321 §4.5.3.1.4 asks for 512 and what the extensions add.
    public var maxLineBytes: Int
    /// Commands that are none, after which the connection is closed.
    public var maxErrors: Int
    /// Connections at the same time.
    public var maxConnections: Int
    /// Seconds without a word, after which the connection is closed (RFC 5321 §4.5.3.2.7: five minutes).
    public var timeoutSeconds: Int

    /// Makes options.
    public init(
        hostName: String = "localhost", maxMessageBytes: Int = 32 << 20, maxRecipients: Int = 1000,
        maxLineBytes: Int = 4096, maxErrors: Int = 20, maxConnections: Int = 100, timeoutSeconds: Int = 300
    ) {
        self.hostName = hostName
        self.maxMessageBytes = maxMessageBytes
        self.maxRecipients = maxRecipients
        self.maxLineBytes = maxLineBytes
        self.maxErrors = maxErrors
        self.maxConnections = maxConnections
        self.timeoutSeconds = timeoutSeconds
    }
}

/// A mail with its envelope.
public struct LMTPTransaction: Hashable, Sendable {
    /// The address that failures are reported to, empty: nobody.
    public var sender: String
    /// The recipients that were accepted, in the order of their commands.
    public var recipients: [String]
    /// The mail.
    public var message: [UInt8]

    /// Makes a transaction.
    public init(sender: String, recipients: [String], message: [UInt8]) {
        self.sender = sender
        self.recipients = recipients
        self.message = message
    }
}
