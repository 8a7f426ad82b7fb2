import CLibgit2
import Glibc

/// The clock that a file system takes the times of its files from: it advances in steps, so two changes may have one time.
struct FileClock {
    /// Nanoseconds that certainly lie between two changes of different times; more than the step of the clock.
    private let step: Int64

    /// The clock of the file system that the file at `path` is on.
    init(of path: Path) {
        switch unsafe shim_file_system(path.chars) {
        // ext2 to ext4, XFS, Btrfs, tmpfs and overlays of them take the times from the kernel's own clock, whose steps are
        // 10 ms at most.
        case 0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630: self.step = 20_000_000
        // Others may take them from a server, whose clock may lag.
        default: self.step = 2_000_000_000
        }
    }

    /// The time that a file of this machine would have that were changed now.
    static var now: FileStatus.Timestamp {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 else {
            return FileStatus.Timestamp(seconds: 0, nanoseconds: 0)
        }
        return FileStatus.Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
    }

    /// True when a change after `time` has another time than the last one that `status` knows of.
    ///
    /// - Parameters:
    ///   - status: what was found after `time`.
    ///   - time: what `now` was before.
    /// - Returns: false also for a file whose time has no fraction: its file system may have none.
    func isSettled(_ status: FileStatus, at time: FileStatus.Timestamp) -> Bool {
        let latest = max(status.modified, status.changed)
        let step = status.changed.nanoseconds == 0 ? 2_000_000_000 : step
        return (time.seconds - latest.seconds) * 1_000_000_000 + time.nanoseconds - latest.nanoseconds > step
    }
}

/// When something was last looked at that need not be looked at again within a second.
struct LastLook {
    private var milliseconds = Int.min

    /// It is being looked at now.
    mutating func renew() { milliseconds = Self.now }

    /// True within a second.
    var isRecent: Bool { milliseconds != .min && Self.now - milliseconds < 1000 }

    private static var now: Int {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0 else { return .max }
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}
