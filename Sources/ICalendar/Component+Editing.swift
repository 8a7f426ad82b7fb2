public import ContentLine

extension Component {
    /// The text of the first property of that name, with its escapes undone.
    public func text(_ upperCaseName: String) -> String? {
        property(upperCaseName)?.text
    }

    /// The UID, which is the same for an object's master and its overrides (RFC 5545 §3.8.4.7).
    ///
    /// Compare UIDs by their bytes, with `hasSameBytes`.
    public var uid: String? { text("UID") }

    /// Replaces the first property named as `property` is and removes the others, or appends it.
    public mutating func setProperty(_ property: ContentLine) {
        var isSet = false
        let sameName: (ContentLine) -> Bool = { $0.name.isSameName(as: property.name) }
        if let first = properties.firstIndex(where: sameName) {
            properties[first] = property
            isSet = true
            var index = first + 1
            while index < properties.count {
                if sameName(properties[index]) { removeProperty(at: index) } else { index += 1 }
            }
        }
        if !isSet { properties.append(property) }
    }

    /// Removes every property of that name.
    public mutating func removeProperties(_ upperCaseName: String) {
        for index in properties.indices.reversed() where properties[index].isNamed(upperCaseName) {
            removeProperty(at: index)
        }
    }

    /// Removes a property; the components inside keep their place among the others.
    private mutating func removeProperty(at index: Int) {
        properties.remove(at: index)
        for inner in components.indices
        where components[inner].place != Int.max && components[inner].place > index {
            components[inner].place -= 1
        }
    }
}
