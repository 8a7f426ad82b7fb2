import CFuzzer
import Glibc

/// What is run on each input.
nonisolated(unsafe) private var test: ([UInt8]) -> Void = { _ in }

/// Hands inputs to `body` until libFuzzer has enough; takes libFuzzer's arguments from the command line.
///
/// `body` tells of a failure by stopping the program, best with `require`.
public func fuzz(_ body: @escaping ([UInt8]) -> Void) -> Never {
    unsafe test = body
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
    exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
}

/// The function that libFuzzer calls; its own main, which is linked and not run, asks for it under this name.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe test(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// Stops the program, in release builds too, unless `condition` holds; libFuzzer then keeps the input.
public func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
    guard !condition else { return }
    fatalError(sentence())
}
