internal import HTTP

/// What came over a new connection.
enum Arrival {
    /// The variables of a request and its body.
    case request(CGIVariables, length: Int?, next: () throws(BodyError) -> [UInt8])
    /// A request that cannot be understood, and is answered so; the text is for the log.
    case refused(String, Status)
    /// Nothing that could be answered: the web server left, or it speaks another protocol; the text is for the log, nil
    /// when it has said nothing at all.
    case nothing(String?)
}

/// One connection, spoken to in FastCGI or SCGI; it carries one request.
protocol Wire: ResponseTransport {
    /// Reads the head of the request.
    func receive() -> Arrival
    /// Ends the connection.
    ///
    /// - Parameter isComplete: false to make the web server see that the response broke off.
    /// - Returns: false when the web server went away before it had all that was sent.
    func finish(isComplete: Bool) -> Bool
}
