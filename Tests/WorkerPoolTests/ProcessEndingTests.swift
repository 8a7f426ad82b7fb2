import Testing

@testable import WorkerPool

@Suite("How a process ended, waitpid(2)") struct ProcessEndingTests {
    @Test(
        arguments: [
            (0x0000, .exited(code: 0)), (0x0100, .exited(code: 1)), (0xFF00, .exited(code: 255)),
            (0x0009, .killed(signal: 9)), (0x0086, .killed(signal: 6)), (0x000E, .killed(signal: 14)),
        ] as [(Int32, ProcessEnding)])
    func `the status is taken apart`(status: Int32, ending: ProcessEnding) {
        #expect(ProcessEnding(waitStatus: status) == ending)
    }
}
