/// Why bytes cannot be an address object resource; each case is a precondition of RFC 6352 §6.3.2.1.
public enum AddressObjectError: Error, Hashable, Sendable {
    /// Not one valid vCard: `CARDDAV:valid-address-data`. The line counts from 1 and is nil if not known.
    case invalidData(reason: String, line: Int?)
    /// Another version of vCard than 3.0 and 4.0: `CARDDAV:supported-address-data`.
    case unsupportedData(reason: String)
}

extension AddressObjectError: CustomStringConvertible {
    /// The reason, and the line if it is known.
    public var description: String {
        switch self {
        case .invalidData(let reason, let line?): "line \(line): \(reason)"
        case .invalidData(let reason, nil), .unsupportedData(let reason): reason
        }
    }
}
