import Index
import Store
import TestSupport
import Testing

@testable import IndexWriter

/// An index in a test's folder, as one process has it.
struct TestIndex {
    let records: RecordIndex
    let log = Log()
    let directory: String

    final class Log {
        var lines: [String] = []
    }

    init(_ folder: TemporaryFolder, maxBytes: Int = 1 << 26, pause: Duration = .zero) {
        let log = log
        directory = folder.path("own/index")
        records = RecordIndex(
            directory: directory,
            options: RecordIndexOptions(maxBytes: maxBytes, pause: pause) { log.lines.append($0) })
    }

    /// How many of the samples have a record; none may be wrong.
    func found(_ numbers: Range<Int>, sourceLocation: SourceLocation = #_sourceLocation) -> Int {
        var found = 0
        let samples = Samples.records(numbers)
        var place = 0
        records.records(Samples.format, samples.map(\.0)) { _, record in
            if let record {
                found += 1
                if record != samples[place].1[...] {
                    Issue.record(
                        "sample \(numbers.lowerBound + place) is wrong", sourceLocation: sourceLocation)
                }
            }
            place += 1
        }
        return found
    }
}
