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
            for prop in part.all(.prop) {
                let around = [element, part, prop]
                for property in prop.elements {
                    let value = sets ? Self.standingAlone(property, around: around) : nil
                    instructions.append(Instruction(name: property.name, value: value))
                }
            }
        }
    }

    /// The property with the language and the namespaces that it has from the elements around it (RFC 4918 §4.3).
    private static func standingAlone(_ property: XMLElement, around: [XMLElement]) -> XMLElement {
        var property = property
        property.declarations = around.flatMap(\.declarations) + property.declarations
        let language = ElementName(.xml, "lang")
        if !property.attributes.contains(where: { $0.name == language }),
            let inherited = around.last(where: { $0.attributes.contains { $0.name == language } })?
                .attributes.first(where: { $0.name == language })
        {
            property.attributes.append(inherited)
        }
        return property
    }

    /// Takes the instruction for `name` out, the last of several.
    mutating func take(_ name: ElementName) -> Instruction? {
        let found = instructions.last { $0.name == name }
        instructions.removeAll { $0.name == name }
        return found
    }

    /// Works out what the instructions amount to for the container `target`.
    ///
    /// - Returns: the settings to change, and what becomes of each property. When one fails none may be changed, and the
    ///   others become 424 (RFC 4918 §9.2.1).
    func evaluate(for target: PropertyTarget, _ context: Context) -> (MetadataChanges, [Outcome]) {
        var changes: MetadataChanges = [:]
        let before = target.metadata[.deadProperties]
        var dead = DeadProperties(before.map { Array($0.utf8) }, log: context.log)
        let languagesBefore = target.metadata[.propertyLanguages]
        var languages = PropertyLanguages(languagesBefore)
        let outcomes = evaluate { (instruction) throws(DAVError) in
            // What is not in the store has the members of a group at most.
            guard !target.isVirtual || instruction.name == .dav("group-member-set") else { throw .protected }
            guard let property = context.features.property(instruction.name) else {
                try dead.apply(instruction)
                return
            }
            guard let change = property.change else { throw .protected }
            changes.merge(try change(instruction.value, target)) { $1 }
            languages.apply(instruction)
        }
        guard !outcomes.contains(where: { $0.error != nil }) else { return ([:], outcomes) }
        let text = dead.bytes.map { String(decoding: $0, as: UTF8.self) }
        if text != before { changes[.deadProperties] = .some(text) }
        if languages.text != languagesBefore { changes[.propertyLanguages] = .some(languages.text) }
        return (changes, outcomes)
    }

    /// Works out what the instructions make of the properties of an item.
    ///
    /// An item keeps what can be set at all; a live property that only containers have is a dead one there.
    ///
    /// - Returns: what becomes of each property. When one fails `dead` is as it was.
    func evaluate(forItemWith dead: inout DeadProperties, _ features: FeatureSet) -> [Outcome] {
        var changed = dead
        let outcomes = evaluate { (instruction) throws(DAVError) in
            if let property = features.property(instruction.name), property.change == nil {
                throw .protected
            }
            try changed.apply(instruction)
        }
        if !outcomes.contains(where: { $0.error != nil }) { dead = changed }
        return outcomes
    }

    private func evaluate(_ apply: (Instruction) throws(DAVError) -> Void) -> [Outcome] {
        let outcomes = instructions.map { instruction in
            do throws(DAVError) {
                try apply(instruction)
                return Outcome(name: instruction.name, error: nil)
            } catch {
                return Outcome(name: instruction.name, error: error)
            }
        }
        guard outcomes.contains(where: { $0.error != nil }) else { return outcomes }
        return outcomes.map {
            $0.error == nil ? Outcome(name: $0.name, error: DAVError(.failedDependency)) : $0
        }
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
