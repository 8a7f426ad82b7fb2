import FuzzDriver
import LMTP

// A conversation is the same however its bytes are cut, and each mail is answered once for each of its recipients.
let options = LMTPOptions(
    maxMessageBytes: 500, maxRecipients: 5, maxLineBytes: 200, maxErrors: 10)

/// What was said and delivered.
struct Outcome: Equatable {
    var written: [UInt8] = []
    var delivered: [LMTPTransaction] = []
    var isClosed = false
}

func converse(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    var session = LMTPSession(options)
    var outcome = Outcome()
    func perform(_ actions: [LMTPSession.Action]) {
        for action in actions {
            require(!outcome.isClosed, "something after the end")
            switch action {
            case .write(let bytes): outcome.written += bytes
            case .resolve(let recipient):
                let isKnown = recipient.utf8.count % 3 != 0
                perform(session.resolved(LMTPReply(isKnown ? 250 : 550, "2.0.0", recipient)))
            case .deliver(let transaction):
                require(!transaction.recipients.isEmpty && transaction.recipients.count <= 5, "recipients")
                require(transaction.message.count <= 500, "too large")
                outcome.delivered.append(transaction)
                perform(
                    session.delivered(transaction.recipients.map { _ in LMTPReply(250, "2.0.0", "Done") }))
            case .close: outcome.isClosed = true
            }
        }
    }
    for piece in pieces { perform(session.receive(piece)) }
    return outcome
}

fuzz { bytes in
    let whole = converse([bytes[...]])
    let single = converse(bytes.indices.map { bytes[$0...$0] })
    require(whole == single, "whole and byte by byte differ")
    require(whole.written.allSatisfy { $0 == 13 || $0 == 10 || ($0 >= 32 && $0 < 127) }, "strange bytes")
}
