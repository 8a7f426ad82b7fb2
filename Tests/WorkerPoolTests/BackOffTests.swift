import Testing

@testable import WorkerPool

@Suite("Waiting before starting again") struct BackOffTests {
    @Test func `the first failure costs nothing, then the wait doubles up to its end`() {
        var backOff = BackOff()
        let delays = (0..<12).map { _ in backOff.failed(after: 5) }
        #expect(delays == [0, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000])
        #expect((0..<100).map { _ in backOff.failed(after: 5) }.allSatisfy { $0 == 30000 })
    }

    @Test func `a stable time, and an end that was right, wipe the slate`() {
        var backOff = BackOff()
        for _ in 0..<5 { _ = backOff.failed(after: 5) }
        #expect(backOff.failed(after: 10_000) == 0)
        #expect(backOff.failed(after: 9_999) == 100)
        backOff.succeeded()
        #expect(backOff.failed(after: 5) == 0)
    }
}
