public import Store

/// A store of small records about objects, shared by all processes of this machine and never needed for a right answer.
///
/// What it says of an object is said of the object's version, so it is never out of date; what it does not know,
/// callers find out from the object itself and `store`. It knows nothing of calendars or contacts: a record is bytes.
///
/// Nothing here fails. A file that is cut short, written over, removed, of another boot, on a full or read-only disk
/// has no records; it is removed and begun again, and `RecordIndexOptions.log` is told. Every record is checked against
/// a sum before anybody sees it.
///
/// Readers take no lock and copy each record out of the mapped file. Writers of all processes take turns. An object of
/// this class serves one thread, and is not used any more by a process after `fork`.
public final class RecordIndex {
    private let files: IndexFiles
    private let options: RecordIndexOptions
    private var environment: Environment?
    private var recordsUsed = 0
    private static let recordsMapped = 16
    private var pauseEnd: ContinuousClock.Instant?
    private var lastReport: (text: String, time: ContinuousClock.Instant)?

    /// Names the directory of the index, which belongs to it alone; opens nothing until the first use.
    ///
    /// The directory and the one it is in are made when they are missing. It must be on a disk of this machine.
    public init(directory: String, options: RecordIndexOptions) {
        self.files = IndexFiles(directory: directory)
        self.options = options
    }

    /// Calls `body` for each version in turn, with its record or nil.
    ///
    /// The bytes are only copied again when `body` keeps them. `body` may use the index.
    ///
    /// - Complexity: less than a microsecond each.
    public func records<Failure: Error>(
        _ format: RecordFormat, _ versions: some Sequence<ItemVersion>,
        _ body: (ItemVersion, ArraySlice<UInt8>?) throws(Failure) -> Void
    ) throws(Failure) {
        let environment = usable()
        var reader = reader(environment)
        var count = 0
        for version in versions {
            var record: ArraySlice<UInt8>?
            do throws(IndexError) {
                record = try reader?.record(format, version)
            } catch {
                reader = nil
                recover(from: error, in: environment)
            }
            try body(version, record)
            count += 1
        }
        noteUse(of: count)
    }

    private func reader(_ environment: Environment?) -> RecordReader? {
        guard let environment else { return nil }
        do throws(IndexError) {
            return try RecordReader(environment, maxRecordBytes: options.maxRecordBytes)
        } catch {
            recover(from: error, in: environment)
            return nil
        }
    }

    /// Gives back the memory that storing many records takes, until the next use.
    public func rest() { environment = nil }

    /// Notes that records were read or written, each in another part of the mapped file.
    ///
    /// What is mapped counts as memory of this process, so after some the file is closed. The system still has the bytes.
    private func noteUse(of records: Int) {
        recordsUsed += records
        guard recordsUsed >= Self.recordsMapped else { return }
        recordsUsed = 0
        rest()
    }

    /// The record of one version, nil when there is none.
    public func record(_ format: RecordFormat, _ version: ItemVersion) -> [UInt8]? {
        var found: [UInt8]?
        records(format, CollectionOfOne(version)) { found = $1.map { Array($0) } }
        return found
    }

    /// Keeps the records, all or none of them; a version that has one in this format keeps the one it has.
    ///
    /// Not kept are records over the size limit, and all when others write for longer than `storeWait`, or the disk
    /// is full: then they are missing, and callers find them out again.
    public func store(_ format: RecordFormat, _ records: [(ItemVersion, [UInt8])]) {
        guard !isPaused else { return }
        let batch = RecordBatch(format, records, maxRecordBytes: options.maxRecordBytes)
        guard !batch.isEmpty else { return }
        do throws(IndexError) {
            let gate = try Gate(files, wait: options.storeWait)
            if let environment = current() {
                try batch.write(to: environment, gate)
            } else {
                try batch.write(to: open(gate), gate)
            }
            noteUse(of: records.count)
        } catch {
            recover(from: error, in: environment)
        }
    }

    /// How much there is.
    public struct Size: Hashable, Sendable {
        /// Records of all formats.
        public let records: Int
        /// Bytes of the file.
        public let bytes: Int
    }

    /// How much there is now, nil when the index is not usable.
    public func size() -> Size? {
        guard let environment = usable() else { return nil }
        do throws(IndexError) {
            return Size(records: try ReadTransaction(environment).count(), bytes: try environment.bytes())
        } catch {
            recover(from: error, in: environment)
            return nil
        }
    }

    /// Throws all records away; all processes begin again with an empty index.
    public func discard() {
        environment = nil
        do throws(IndexError) {
            try files.remove(Gate(files, wait: openWait))
        } catch {
            recover(from: error, in: nil)
        }
    }
}

// MARK: - Opening, and what to do when something is wrong

extension RecordIndex {
    private var openWait: Duration { .seconds(1) }

    /// The environment of the file that is there now, nil when the index is not usable.
    private func usable() -> Environment? {
        if let environment = current() { return environment }
        guard !isPaused else { return nil }
        do throws(IndexError) {
            return try open(Gate(files, wait: openWait))
        } catch {
            recover(from: error, in: nil)
            return nil
        }
    }

    /// The open environment, if its file is still the one to use.
    private func current() -> Environment? {
        if let environment, files.identity() != environment.identity { self.environment = nil }
        return environment
    }

    /// Opens the data that is there, or removes it and begins with none.
    private func open(_ gate: borrowing Gate) throws(IndexError) -> Environment {
        do throws(IndexError) {
            if let identity = files.identity(), try gate.read() == files.stamp(identity) {
                try files.checkHead()
                let opened = try Environment(files, maxBytes: options.maxBytes, gate)
                environment = opened
                return opened
            }
        } catch {
            report("The index is begun again: \(error.text)")
        }
        try files.remove(gate)
        let made = try Environment(files, maxBytes: options.maxBytes, gate)
        try gate.write(files.stamp(made.identity))
        environment = made
        return made
    }

    private func recover(from error: IndexError, in failed: Environment?) {
        switch error {
        case .busy: return
        case .replaced: environment = nil
        case .refused:
            report("The index is not usable now: \(error.text)")
            pauseEnd = ContinuousClock.now + options.pause
        case .damaged, .full:
            report("The index is begun again: \(error.text)")
            pauseEnd = ContinuousClock.now + options.pause
            if failed === environment { environment = nil }
            remove(failed)
        }
    }

    /// Removes the data of an environment, unless somebody did so before.
    private func remove(_ failed: Environment?) {
        guard let failed else { return }
        do throws(IndexError) {
            let gate = try Gate(files, wait: openWait)
            if files.identity() == failed.identity { try files.remove(gate) }
        } catch {
            report("The index cannot be removed: \(error.text)")
        }
    }

    /// True for a while after the index turned out unusable: nothing is opened and nothing stored then.
    private var isPaused: Bool {
        guard let pauseEnd else { return false }
        if ContinuousClock.now < pauseEnd { return true }
        self.pauseEnd = nil
        return false
    }

    private func report(_ text: String) {
        let now = ContinuousClock.now
        if let lastReport, lastReport.text == text, now - lastReport.time < .seconds(60) { return }
        lastReport = (text, now)
        options.log(text)
    }
}
