import CLibgit2
import Glibc

extension Path {
    /// True on file systems with one journal for the names and sizes of all files (ext4, XFS).
    ///
    /// Flushing anything there makes all changes of names durable that were made before. The journal goes to the disk in
    /// their order, and flushes the disk's own cache first: bytes that were handed to the disk before a name was given
    /// are durable whenever that name is.
    var hasSharedJournal: Bool {
        switch unsafe shim_file_system(chars) {
        case 0x5846_5342: true
        // Also ext2, and ext4 made without a journal.
        case 0xef53: hasJournalOfExt4
        default: false
        }
    }

    private var hasJournalOfExt4: Bool {
        do {
            guard let device = try FileStatus(of: self, followingLinks: true)?.device else { return false }
            let number =
                "\(shim_device_major(UInt(device))):\(shim_device_minor(UInt(device)))"
            guard let block = Path("/sys/dev/block/" + number).resolved(),
                let slash = block.bytes.lastIndex(of: UInt8(ascii: "/"))
            else { return false }
            let own = Path("/sys/fs/ext4").appending(bytes: Array(block.bytes[(slash + 1)...]))
            // The file is always there: with the number of the journal's thread, or a word that there is none.
            let thread = try own.appending("journal_task").read()
            return thread.map { $0.first.map { (0x30...0x39).contains($0) } ?? false } ?? false
        } catch {
            return false
        }
    }
}
