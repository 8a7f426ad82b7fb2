internal import Glibc

/// The socket to the process that started this one, which wants to know when this one is ready, and whose end is the end
/// of this one too.
enum Lifeline {
    /// The variable of the environment with the descriptor.
    static let variable = "ARTEMISIOS_LIFELINE"

    /// Takes the descriptor from the environment, so that programs started from here do not inherit it; nil without one.
    static func inherited() -> Int32? {
        guard let value = unsafe getenv(variable),
            let descriptor = unsafe decimal(String(cString: value).utf8).flatMap(Int32.init(exactly:))
        else { return nil }
        unsafe unsetenv(variable)
        return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? descriptor : nil
    }
}
