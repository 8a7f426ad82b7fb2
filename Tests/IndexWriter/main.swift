// A process that uses an index, for tests with several: `IndexWriter DIRECTORY ROUNDS SAMPLES SEED`.
//
// Each round stores some of the samples and looks all of them up. At the end it prints how many it found and how many
// of those were wrong.
import Index

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.dropFirst().compactMap { Int($0) }
guard let directory = arguments.first, numbers.count == 3 else {
    fatalError("IndexWriter DIRECTORY ROUNDS SAMPLES SEED")
}
let (rounds, samples) = (numbers[0], numbers[1])
let index = RecordIndex(directory: directory, options: RecordIndexOptions(pause: .zero) { print($0) })
let versions = (0..<samples).map(Samples.version)
let expected = (0..<samples).map(Samples.record)
var place = numbers[2]
var found = 0
var wrong = 0
for _ in 0..<rounds {
    place = (place &* 1_103_515_245 &+ 12_345) & 0xffff_ffff
    let first = place % samples
    index.store(Samples.format, (first..<min(first + 20, samples)).map { (versions[$0], expected[$0]) })
    var number = 0
    index.records(Samples.format, versions) { _, record in
        if let record {
            found += 1
            if record != expected[number][...] { wrong += 1 }
        }
        number += 1
    }
}
print("found \(found) wrong \(wrong)")
