/// A mail with an iCalendar object, to be written (RFC 6047 §4).
public struct MailComposition: Hashable, Sendable {
    /// A name and an address.
    public struct Participant: Hashable, Sendable {
        /// The name, nil: none.
        public var name: String?
        /// The address.
        public var address: String

        /// Makes a participant.
        public init(name: String? = nil, address: String) {
            self.name = name
            self.address = address
        }
    }

    /// `From`: an address that this server may send as.
    public var from: Participant
    /// `Reply-To`: who is meant.
    public var replyTo: Participant?
    /// `To`.
    public var to: Participant
    /// `Subject`.
    public var subject: String
    /// `Message-ID`, without angle brackets.
    public var messageID: String
    /// `Date`, in seconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// What is read as plain text; lines end in a line feed.
    public var text: String
    /// What is read as HTML.
    public var html: String
    /// The iCalendar method, for the parameter of the part.
    public var method: String
    /// The component, for the parameter of the part: `VEVENT` or another.
    public var component: String
    /// The iCalendar object.
    public var calendar: [UInt8]

    /// Makes a composition.
    public init(
        from: Participant, replyTo: Participant?, to: Participant, subject: String, messageID: String,
        time: Int64, text: String, html: String, method: String, component: String, calendar: [UInt8]
    ) {
        self.from = from
        self.replyTo = replyTo
        self.to = to
        self.subject = subject
        self.messageID = messageID
        self.time = time
        self.text = text
        self.html = html
        self.method = method
        self.component = component
        self.calendar = calendar
    }
}
