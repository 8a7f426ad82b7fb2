internal import CalDAV
internal import Gateway
internal import HTTP
internal import ICalendar
internal import Scheduling
public import Store
internal import WebDAV

/// Takes scheduling messages that came from outside of the server, such as by mail, into calendars.
///
/// Whether they are from whom they say is for the caller to know.
public final class CalendarIntake {
    /// What became of a message.
    public enum Answer: Hashable, Sendable {
        /// All is done; what, in words.
        case done(String)
        /// Nobody here has the address.
        case unknownRecipient
        /// The user does not take such messages.
        case refused(reason: String)
        /// It is no message that a calendar can use.
        case unusable(reason: String)
        /// It may work later.
        case busy(reason: String)
    }

    private let dispatcher: Dispatcher
    private let log: AccessLog

    /// Opens the calendars of a configuration.
    ///
    /// - Throws: `StartError` when the data root cannot be used.
    public init(_ configuration: Configuration, log: AccessLog) throws(StartError) {
        self.log = log
        var configuration = configuration
        configuration.takesMail = true
        dispatcher = try Dispatcher(configuration, log: log)
    }

    /// Delivers what processes that are no more had yet to deliver; looks for it once a minute at most.
    public func resumeDeliveries() {
        dispatcher.resumeDeliveries()
    }

    /// Whether somebody has an address, with or without the detail after a `+` in it.
    public func lookUp(_ address: String) -> Answer {
        switch resolved(address) {
        case .success(nil): .unknownRecipient
        case .success: .done("Recipient noted")
        case .failure(let error): .busy(reason: "The calendars cannot be read: \(error.status)")
        }
    }

    /// Takes a message to the calendars of one user.
    ///
    /// Doing it again with the same message changes nothing.
    ///
    /// - Parameters:
    ///   - bytes: the iCalendar object.
    ///   - originator: the mail address of who has written it.
    ///   - address: the mail address that it was sent to.
    /// - Returns: what became of it.
    public func deliver(_ bytes: [UInt8], from originator: String, to address: String) -> Answer {
        let message: ITIPMessage
        do {
            message = try ITIPMessage(bytes)
        } catch {
            return .unusable(reason: "\(error)")
        }
        let recipient: CalendarUserAddress
        switch resolved(address) {
        case .success(let found?): recipient = found
        case .success(nil): return .unknownRecipient
        case .failure(let error): return .busy(reason: "The calendars cannot be read: \(error.status)")
        }
        let result = dispatcher.deliver(
            message, from: CalendarUserAddress("mailto:\(originator)"), to: recipient)
        if result.isTemporary { return .busy(reason: "The calendar cannot be written now") }
        switch result.status {
        case .delivered, .sent, .pending:
            return .done(result.reason.map { "Nothing to do: \($0)" } ?? "\(message.method.rawValue) applied")
        case .invalidCalendarUser: return .unknownRecipient
        case .noAuthority: return .refused(reason: "The user does not take such messages")
        default: return .unusable(reason: "status \(result.status)")
        }
    }

    /// Notes with the object of a user that a message about it never reached its recipient (RFC 6638 §3.2.9).
    ///
    /// - Parameters:
    ///   - bytes: the iCalendar object that was sent.
    ///   - recipient: the mail address that it was sent to.
    ///   - principal: the user.
    ///   - isRefused: whether it was refused for good, and not only never taken.
    /// - Returns: false when it has to be tried again.
    public func noteFailure(
        of bytes: [UInt8], to recipient: String, sentBy principal: StorePath, isRefused: Bool
    ) -> Bool {
        let message: ITIPMessage
        do { message = try ITIPMessage(bytes) } catch { return true }
        do throws(DAVError) {
            // RFC 6638 §3.2.9: 5.2 asks for another address, 5.1 for another attempt.
            try dispatcher.note(
                isRefused ? .noRoute : .serviceUnavailable, of: message,
                to: CalendarUserAddress("mailto:\(recipient)"), sentBy: principal)
            return true
        } catch {
            log.note("status of a message to \(recipient): \(error.details ?? error.status.description)")
            return error.status != .serviceUnavailable && error.status != .insufficientStorage
        }
    }

    /// The address as one of the users has it.
    private func resolved(_ address: String) -> Result<CalendarUserAddress?, DAVError> {
        var candidates = [address]
        // user+detail@example.org (RFC 5233) is the mailbox of the user.
        if let at = address.utf8.lastIndex(of: UInt8(ascii: "@")),
            let plus = address[..<at].utf8.firstIndex(of: UInt8(ascii: "+")), plus > address.startIndex
        {
            candidates.append(String(address[..<plus] + address[at...]))
        }
        do throws(DAVError) {
            for candidate in candidates {
                let user = CalendarUserAddress("mailto:\(candidate)")
                if try dispatcher.hasUser(user) { return .success(user) }
            }
            return .success(nil)
        } catch {
            if let details = error.details { log.note(details) }
            return .failure(error)
        }
    }
}
