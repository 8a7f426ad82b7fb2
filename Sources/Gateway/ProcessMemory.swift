internal import CLinux

/// The memory of this process.
public enum ProcessMemory {
    /// Keeps some memory that one request gives back for the next one.
    ///
    /// Else the system takes it, and each large answer costs the clearing of new pages: a tenth of the time of a report of
    /// a hundred kilobytes.
    public static func keepFreed() {
        _ = linux_keep_freed_memory(2 << 20)
    }
}
