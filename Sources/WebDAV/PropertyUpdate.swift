import HTTP
import Store
public import XML

/// What a client wants set and removed: the `DAV:set` and `DAV:remove` of PROPPATCH, MKCOL and MKCALENDAR in order
/// (RFC 4918 §9.2, RFC 5689 §3).
public struct PropertyUpdate {
    /// One property with its new value; nil removes it.
    public struct Instruction {
        /// The property.
        public let name: ElementName
        /// The property's element with the new value in it.
        public let value: XMLElement?
    }

    /// What became of one property.
    struct Outcome {
        let name: ElementName
        let error: DAVError?
    }

    /// The instructions in document order.
    public private(set) var instructions: [Instruction] = []

    /// An update that changes nothing.
    public init() {}

    /// Reads the instructions in `element`; elements that are neither `DAV:set` nor `DAV:remove` are passed over
    /// (RFC 4918 §17).
    public init(_ element: XMLElement) {
        for part in element.elements where part.name == .dav("set") || part.name == .dav("remove") {
            let sets = part.name == .dav("set")
            for property in part.all(.prop).flatMap(\.elements) {
                instructions.append(Instruction(name: property.name, value: sets ? property : nil))
            }
        }
    }

    /// Takes the instruction for `name` out, the last of several.
    mutating func take(_ name: ElementName) -> Instruction? {
        let found = instructions.last { $0.name == name }
        instructions.removeAll { $0.name == name }
        return found
    }

    /// Works out what the instructions amount to for `target`.
    ///
    /// - Returns: the settings to change, and what becomes of each property. When one fails none may be changed, and the
    ///   others become 424 (RFC 4918 §9.2.1).
    func evaluate(for target: PropertyTarget, _ features: FeatureSet) -> (MetadataChanges, [Outcome]) {
        var changes: MetadataChanges = [:]
        var outcomes: [Outcome] = []
        for instruction in instructions {
            do {
                guard let change = features.property(instruction.name)?.change else {
                    throw DAVError.protected
                }
                changes.merge(try change(instruction.value, target)) { $1 }
                outcomes.append(Outcome(name: instruction.name, error: nil))
            } catch {
                outcomes.append(Outcome(name: instruction.name, error: (error as? DAVError) ?? .protected))
            }
        }
        guard outcomes.contains(where: { $0.error != nil }) else { return (changes, outcomes) }
        return (
            [:],
            outcomes.map { $0.error == nil ? Outcome(name: $0.name, error: DAVError(.failedDependency)) : $0 }
        )
    }

    /// Writes the outcomes as `DAV:propstat` elements, grouped by status and condition.
    static func write(_ outcomes: [Outcome], in writer: inout XMLWriter) {
        writePropStats(
            grouping: outcomes, by: { ($0.error?.status ?? .ok, $0.error?.condition) }, in: &writer
        ) { outcome, writer in
            writer.empty(outcome.name)
        }
    }
}
