import Glibc

/// The right to fill an index before anybody asks for its records, so that one process at a time does it.
///
/// It ends with the value, and with the process.
public struct FillRight: ~Copyable {
    private let descriptor: CInt

    /// Takes the right; nil when another process has it, or the directory of the index, which is made when it is missing,
    /// cannot be written.
    public init?(directory: String) {
        if let slash = directory.lastIndex(of: "/") { _ = unsafe mkdir(String(directory[..<slash]), 0o777) }
        _ = unsafe mkdir(directory, 0o700)
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(directory + "/filling", flags, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
