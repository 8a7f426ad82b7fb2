/// The starts of a recurring component one after the other: `DTSTART`, those of its rules and its `RDATE`, less
/// its exceptions (RFC 5545 §3.8.5).
///
/// Where clocks are set forward, starts that fall into the gap may come somewhat out of order.
struct OccurrenceStream: IteratorProtocol {
    /// Whether the search was given up because it took too many steps.
    private(set) var gaveUp = false

    private let source: RecurrenceSource
    private let notBefore: Instant?
    private var expansions: [RecurrenceExpansion] = []
    private var heads: [Occurrence?] = []
    private var exceptions: [(expansion: RecurrenceExpansion, head: CivilDateTime?)] = []
    private var dateIndex = 0
    private var last: Instant?

    /// Exceptions in a row after which nothing more is expected.
    private static let maxExceptions = 20_000

    /// Starts a stream; occurrences before `notBefore` are left out, and not visited where possible.
    init(_ source: RecurrenceSource, notBefore: Instant?, limits: RecurrenceLimits) {
        self.source = source
        self.notBefore = notBefore
        let localBound = notBefore.map { source.zone.local(at: $0).adding(seconds: -Self.slack) }
        func expansion(_ rule: RecurrenceRule, includingStart: Bool) -> RecurrenceExpansion {
            RecurrenceExpansion(
                rule, start: source.start.local, isDate: source.start.isDate,
                until: rule.localEnd(for: source.start, in: source.zone), includingStart: includingStart,
                notBefore: localBound, maxSteps: limits.maxSteps)
        }
        expansions = source.rules.map { expansion($0, includingStart: true) }
        if expansions.isEmpty {
            // DTSTART alone.
            var once = RecurrenceRule(.yearly)
            once.count = 1
            expansions.append(expansion(once, includingStart: true))
        }
        heads = expansions.indices.map { expand($0) }
        exceptions = source.exceptionRules.map {
            var exception = expansion($0, includingStart: false)
            let head = exception.next()
            return (exception, head)
        }
    }

    /// More than a local time moves when clocks are set.
    private static let slack = 3 * 3600

    /// The next start that no exception takes away.
    mutating func next() -> Occurrence? {
        for _ in 0..<Self.maxExceptions {
            guard let occurrence = nextOfAll() else { return nil }
            if let last, occurrence.start == last { continue }
            if let notBefore, occurrence.start < notBefore { continue }
            guard !isExcluded(occurrence) else { continue }
            last = occurrence.start
            return occurrence
        }
        gaveUp = true
        return nil
    }

    private mutating func nextOfAll() -> Occurrence? {
        var earliest: Int?
        for (index, head) in heads.enumerated() {
            guard let head else { continue }
            if let found = earliest, let other = heads[found], other.start <= head.start { continue }
            earliest = index
        }
        if dateIndex < source.dates.count {
            let date = source.dates[dateIndex]
            // A date that is also a rule's start comes first: it may have an end of its own.
            let ruled = earliest.flatMap { heads[$0]?.start }
            if ruled.map({ date.start <= $0 }) ?? true {
                dateIndex += 1
                return date
            }
        }
        guard let earliest, let head = heads[earliest] else { return nil }
        heads[earliest] = expand(earliest)
        return head
    }

    private mutating func expand(_ index: Int) -> Occurrence? {
        guard let local = expansions[index].next() else {
            gaveUp = gaveUp || expansions[index].gaveUp
            return nil
        }
        let start = source.zone.instant(ofLocal: local)
        return Occurrence(id: source.start.with(local: local), start: start)
    }

    private mutating func isExcluded(_ occurrence: Occurrence) -> Bool {
        if source.excludedInstants.contains(occurrence.start) { return true }
        let local = occurrence.id.local
        if !source.excludedDays.isEmpty, source.excludedDays.contains(local.date) { return true }
        for index in exceptions.indices {
            while let head = exceptions[index].head, head < local {
                exceptions[index].head = exceptions[index].expansion.next()
            }
            if exceptions[index].head == local { return true }
        }
        return false
    }
}

/// How much work the recurrences of one object may make.
public struct RecurrenceLimits: Hashable, Sendable {
    /// Most instances of one answer.
    public var maxInstances: Int
    /// Most intervals a rule with COUNT may visit before the first instance asked for.
    public var maxSteps: Int

    /// Makes limits.
    public init(maxInstances: Int = 10_000, maxSteps: Int = 500_000) {
        self.maxInstances = maxInstances
        self.maxSteps = maxSteps
    }
}
