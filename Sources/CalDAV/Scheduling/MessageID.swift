import Scheduling
import Store

/// What a message is called while it is delivered: the same however often that is tried, another one for each change.
struct MessageID {
    /// ASCII letters, digits and hyphens.
    let text: String
    /// The place among the messages about the same object of one second, empty when it is not known.
    let order: String

    /// Of a message of a change: the records of a journal are in the order in which changes were made.
    init(_ entry: JournalEntry, _ index: Int) {
        text = "\(entry.name)-\(index)"
        let digits = String(index)
        order = entry.name + "-" + String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    }

    /// Of a message that came from elsewhere: there it is only known by what it says.
    init(content message: ScheduledMessage) {
        text = Digests.name(of: [message.message.bytes])
        order = ""
    }

    /// Of a message to `recipient` that another one led to.
    init(answerTo cause: MessageID, _ recipient: CalendarUserAddress) {
        text = "answer-" + Digests.name(of: [Array(cause.text.utf8), Array(recipient.description.utf8)])
        order = cause.order
    }
}
