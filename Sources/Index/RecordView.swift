public import Store

/// The records of all items of a collection at one version, searched by name, UID and time.
///
/// It is moved to the next version by what changed, not made anew. Names and records stand one after the other in one
/// piece of memory, so an item costs little more than its bytes.
public final class RecordView {
    /// Where an item is in the view, until the view changes.
    public typealias Place = Int32

    /// One item: its name and, behind it, its record begin at `offset` of the bytes.
    private struct Slot {
        var offset: Int
        var nameCount: Int32
        var recordCount: Int32
        var version: ItemVersion
        var uidHash: UInt64
        var start: Int
        var end: Int

        var count: Int { Int(nameCount) + Int(recordCount) }
    }

    /// The version of the collection that this is a view of.
    public internal(set) var version: CollectionVersion
    private let facts: (ArraySlice<UInt8>) -> RecordFacts
    private var bytes: [UInt8] = []
    /// Bytes that belong to no item any more.
    private var unused = 0
    private var slots: [Slot] = []
    private var free: [Place] = []
    /// In byte order of the names.
    private var names: [Place] = []
    /// In order of the hashes; only items that have a UID.
    private var uids: [Place] = []
    private var intervals = Intervals()

    init(_ version: CollectionVersion, facts: @escaping (ArraySlice<UInt8>) -> RecordFacts) {
        self.version = version
        self.facts = facts
    }

    /// Memory in bytes, about.
    var byteCount: Int {
        bytes.capacity + slots.capacity * MemoryLayout<Slot>.stride
            + (names.capacity + uids.capacity + free.capacity) * 4 + intervals.byteCount
    }

    /// How many items there are.
    public var count: Int { names.count }

    /// All places in byte order of the names.
    public var places: [Place] { names }

    /// The item at a place.
    public func item(at place: Place) -> Item {
        Item(name: name(at: place), version: slots[Int(place)].version)
    }

    /// The name of the item at a place.
    public func name(at place: Place) -> ItemName {
        guard let name = ItemName(String(decoding: nameBytes(place), as: UTF8.self)) else {
            preconditionFailure("a view has the names of items only")
        }
        return name
    }

    /// The items at places, to be used before the view changes.
    public func items(at places: [Place]) -> Items {
        Items(count: places.count) { [self] indices, visitor in
            let bytes = bytes
            let memory = bytes.span
            for index in indices {
                let slot = slots[Int(places[index])]
                let name = memory.extracting(slot.offset..<slot.offset + Int(slot.nameCount))
                if !visitor(name, slot.version) { return }
            }
        } _: { [self] in
            item(at: places[$0])
        }
    }

    /// Calls `body` with the record of the item at each of the places, as it lies in the view's memory.
    public func forEachRecord(at places: [Place], _ body: (Place, Span<UInt8>) -> Void) {
        let (bytes, slots) = (bytes, slots)
        let memory = bytes.span
        for place in places {
            let start = slots[Int(place)].offset + Int(slots[Int(place)].nameCount)
            body(place, memory.extracting(start..<start + Int(slots[Int(place)].recordCount)))
        }
    }

    /// Calls `body` with the record of the item at a place, as it lies in the view's memory.
    public func withRecord(at place: Place, _ body: (Span<UInt8>) -> Void) {
        let bytes = bytes
        body(bytes.span.extracting(record(at: place)))
    }

    /// A part of the record of the item called `name`, as text; nil when there is no such item, or no such part.
    public func text(named name: ItemName, at part: (Span<UInt8>) -> Range<Int>?) -> String? {
        guard let place = place(named: name) else { return nil }
        var text: String?
        withRecord(at: place) { record in
            text = part(record).map { range in String(decoding: range.map { record[$0] }, as: UTF8.self) }
        }
        return text
    }

    /// Where the record of the item at a place lies.
    private func record(at place: Place) -> Range<Int> {
        let start = slots[Int(place)].offset + Int(slots[Int(place)].nameCount)
        return start..<start + Int(slots[Int(place)].recordCount)
    }

    /// The place of the item called `name`.
    public func place(named name: ItemName) -> Place? {
        let index = index(ofName: name)
        guard index < names.count, nameBytes(names[index]).elementsEqual(name.description.utf8) else {
            return nil
        }
        return names[index]
    }

    /// The places of the items that may be at any time from `from` to `to`, in byte order of the names.
    public func places(touching from: Int, _ to: Int) -> [Place] {
        var found: [Place] = []
        intervals.forEach(touching: from, to) { found.append($0) }
        // Where most are found, the order that is there costs less than a new one.
        if found.count > names.count / 4 {
            let wanted = Set(found)
            return wanted.count == names.count ? names : names.filter(wanted.contains)
        }
        sortByName(&found)
        return found
    }

    /// The names of the items with that UID, in byte order.
    public func names(withUID uid: some Collection<UInt8>) -> [ItemName] {
        let wanted = hash(of: uid)
        var index = index(ofHash: wanted)
        var found: [ItemName] = []
        while index < uids.count, slots[Int(uids[index])].uidHash == wanted {
            let place = uids[index]
            if facts(bytes[record(at: place)]).uid?.elementsEqual(uid) ?? false {
                found.append(name(at: place))
            }
            index += 1
        }
        return found.sorted()
    }

    /// Puts places in byte order of the names.
    private func sortByName(_ places: inout [Place]) {
        let (bytes, slots) = (bytes, slots)
        places.sort { left, right in
            let (left, right) = (Int(left), Int(right))
            let (start, other) = (slots[left].offset, slots[right].offset)
            let (count, otherCount) = (slots[left].nameCount, slots[right].nameCount)
            for index in 0..<Int(min(count, otherCount)) {
                let (byte, second) = (bytes[start + index], bytes[other + index])
                if byte != second { return byte < second }
            }
            return count < otherCount
        }
    }

    private func nameBytes(_ place: Place) -> ArraySlice<UInt8> {
        let slot = slots[Int(place)]
        return bytes[slot.offset..<slot.offset + Int(slot.nameCount)]
    }

    private func index(ofName name: ItemName) -> Int {
        let wanted = name.description.utf8
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if nameBytes(names[middle]).lexicographicallyPrecedes(wanted) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private func index(ofHash hash: UInt64) -> Int {
        var low = 0
        var high = uids.count
        while low < high {
            let middle = (low + high) / 2
            if slots[Int(uids[middle])].uidHash < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

// MARK: - Filling and changing

extension RecordView {
    /// Adds an item behind all others, to be followed by `finish`.
    func append(_ item: Item, _ record: ArraySlice<UInt8>) {
        let (slot, hasUID) = slot(item, record)
        slots.append(slot)
        let place = Place(slots.count - 1)
        names.append(place)
        if hasUID { uids.append(place) }
    }

    /// Makes room for so many items that will be appended.
    func reserve(_ count: Int) {
        slots.reserveCapacity(count)
        names.reserveCapacity(count)
        uids.reserveCapacity(count)
    }

    /// Puts what was appended in order.
    func finish() {
        if bytes.capacity > bytes.count + bytes.count / 8 {
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            kept += bytes
            bytes = kept
        }
        sortByName(&names)
        uids.sort { slots[Int($0)].uidHash < slots[Int($1)].uidHash }
        intervals = Intervals(
            names.map { (place: $0, start: slots[Int($0)].start, end: slots[Int($0)].end) })
    }

    /// Adds an item, or gives it another record.
    func set(_ item: Item, _ record: ArraySlice<UInt8>) {
        remove(item.name)
        bytes.makeRoom(for: item.name.description.utf8.count + record.count)
        let (slot, hasUID) = slot(item, record)
        let place: Place
        if let reused = free.popLast() {
            place = reused
            slots[Int(place)] = slot
        } else {
            place = Place(slots.count)
            slots.makeRoom(for: 1)
            slots.append(slot)
        }
        names.makeRoom(for: 1)
        uids.makeRoom(for: 1)
        names.insert(place, at: index(ofName: item.name))
        if hasUID { uids.insert(place, at: index(ofHash: slot.uidHash)) }
        intervals.insert(place, slot.start, slot.end)
    }

    /// Removes the item called `name`, if it is there.
    func remove(_ name: ItemName) {
        let index = index(ofName: name)
        guard index < names.count, nameBytes(names[index]).elementsEqual(name.description.utf8) else {
            return
        }
        let place = names.remove(at: index)
        let slot = slots[Int(place)]
        var uidIndex = self.index(ofHash: slot.uidHash)
        while uidIndex < uids.count, slots[Int(uids[uidIndex])].uidHash == slot.uidHash {
            if uids[uidIndex] == place {
                uids.remove(at: uidIndex)
                break
            }
            uidIndex += 1
        }
        intervals.remove(place, slot.start, slot.end)
        free.append(place)
        unused += slot.count
        if unused > bytes.count / 2, unused > 1 << 16 { compact() }
    }

    private func slot(_ item: Item, _ record: ArraySlice<UInt8>) -> (slot: Slot, hasUID: Bool) {
        let facts = facts(record)
        let name = item.name.description.utf8
        let slot = Slot(
            offset: bytes.count, nameCount: Int32(name.count), recordCount: Int32(record.count),
            version: item.version, uidHash: facts.uid.map { hash(of: $0) } ?? 0, start: facts.start,
            end: facts.end)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: record)
        return (slot, facts.uid != nil)
    }

    private func compact() {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count - unused)
        for place in names {
            let slot = slots[Int(place)]
            slots[Int(place)].offset = kept.count
            kept.append(contentsOf: bytes[slot.offset..<slot.offset + slot.count])
        }
        bytes = kept
        unused = 0
    }
}
