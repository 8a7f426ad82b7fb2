import Glibc
import Store

/// Where removed containers go: `<root>/.artemisios/trash/<seconds since 1970>-<random>/`.
///
/// In there is `content`, the container as it was, and `record`, a text of lines `name: value`: `path`, percent-encoded,
/// and `removed`, seconds since 1970.
struct Trash {
    let root: Path
    let fsync: Bool

    init(below root: Path, fsync: Bool) {
        self.root = root
        self.fsync = fsync
    }

    /// Takes the directory or link at `location` in.
    func take(_ location: Path, called path: StorePath, at time: Int64) throws(GitError) {
        let own = root.appending(".artemisios")
        let trash = own.appending("trash")
        try own.makeDirectoryIfMissing()
        try trash.makeDirectoryIfMissing()
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let place = trash.appending("\(time)-\(random)")
        try place.makeDirectory()
        let record = Array("path: \(PercentText.encoded(path.description))\nremoved: \(time)\n".utf8)
        try place.appending("record").replace(
            with: record, through: place.appending("record.new"), fsync: fsync)
        if fsync {
            try place.flushDirectory()
            try trash.flushDirectory()
        }
        try location.rename(to: place.appending("content"))
        if fsync { try place.flushDirectory() }
    }
}
