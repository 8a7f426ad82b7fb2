"""Writes into a large calendar while maintenance runs: what it takes on the disk, how long a write waits, what readers see.

Usage: growth.py [--items 10000] [--writes 10000] [--clients 2] [--front nginx-fastcgi]

Run by hand: 10,000 writes into 10,000 items take some minutes. The disk is measured every 20 ms as the blocks of all files
of the repository. It is compared with what Git makes of the same history when it packs it from nothing (`git repack
-adf`): before the first write and after the last one, and in between by how many writes were done. A reader fetches
objects and asks for changes since older and older states meanwhile.

What maintenance makes writers wait is told by a tenth of the writes done before, into another calendar, on a server
without maintenance: their 99th percentile in the same run, with the same clients and reader.
"""

import argparse
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from lib import repository, samples
from lib.checks import Checks
from lib.fronts import site
from lib.places import bounded, disk, workplace
from lib.server import children

CALENDAR = "/anna/calendars/calendar/"


def name(index):
    return f"{index * 2654435761 % 2**32:08x}-5a5a-4b4b-8c8c-{index:012x}.ics"


def fill(store, items):
    """Commits the items at once, as an import does, and packs them."""
    branch = repository.git(store, "symbolic-ref", "HEAD").strip().encode()
    lines = [b"commit " + branch + b"\ncommitter Hand <hand@example.org> 1700000000 +0000\ndata 0\n"]
    head = subprocess.run(["git", "-C", store, "rev-parse", "-q", "--verify", "HEAD"], capture_output=True).stdout
    if head:
        lines.append(b"from " + head)
    for index in range(items):
        text = samples.event(index).encode()
        lines.append(f"M 100644 inline {name(index)}\ndata {len(text)}\n".encode() + text + b"\n")
    subprocess.run(["git", "-C", store, "fast-import", "--quiet"], input=b"".join(lines), check=True)
    subprocess.run(["git", "-C", store, "repack", "-adfq"], check=True)


class Gauge(threading.Thread):
    """Measures until told to stop."""

    def __init__(self, folder, done):
        super().__init__(daemon=True)
        self.folder, self.done, self.samples, self.stopping = folder, done, [], threading.Event()

    def run(self):
        while not self.stopping.wait(0.02):
            done = len(self.done)
            self.samples.append((disk(self.folder), done))


class Reader(threading.Thread):
    """Reads until told to stop; counts what it asked and keeps what went wrong."""

    def __init__(self, client, items):
        super().__init__(daemon=True)
        self.client, self.items, self.asked, self.failures = client, items, 0, []
        self.stopping = threading.Event()

    def run(self):
        token, _, answer = self.client.sync(CALENDAR, "")
        tokens = [token]
        if token is None:
            self.failures.append(answer)
        while not self.stopping.wait(0.02):
            self.asked += 1
            if self.asked % 10:
                answer = self.client.get(CALENDAR + name(self.asked * 104729 % self.items))
                if answer.status != 200:
                    self.failures.append(answer)
                continue
            # From the newest state known, then from ever older ones.
            token, _, answer = self.client.sync(CALENDAR, tokens[-1 - self.asked // 10 % len(tokens)])
            if token is None:
                self.failures.append(answer)
            else:
                tokens.append(token)


def written(root):
    """Bytes that the processes of the server have sent to the disk."""
    total = 0
    for pid in [root, *children(root)]:
        try:
            with open(f"/proc/{pid}/io") as lines:
                total += sum(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))
        except OSError:
            pass
    return total


def write(client, numbers, items, times):
    """Replaces items; adds the time that each write took to `times`."""
    for number in numbers:
        start = time.monotonic()
        index = number * 7919 % items
        answer = client.put(CALENDAR + name(index), samples.event(index, f" v{number}"))
        times.append(time.monotonic() - start)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{answer.status} {answer.body[:300]}")


def late(times):
    """The 99th percentile, in milliseconds."""
    return sorted(times)[len(times) * 99 // 100] * 1000


def run(options, checks, place, writes, maintained=True):
    """Writes, and says what was measured; returns the time that each write took."""
    place.mkdir()
    data = place / "data"
    # A worker that is replaced would take its figures along.
    with site(options.front, place, data, users={"anna": "pw"}, workers=options.clients + 1,
              options=["--max-requests-per-worker", "0"] + ([] if maintained else ["--no-maintenance"])) as server:
        clients = [server.client("anna") for _ in range(options.clients)]
        clients[0].propfind("/", "D:current-user-principal")
        store = data / "anna/calendars/calendar"
        fill(store, options.items)
        start = disk(store / "objects")
        times = []
        gauge = Gauge(store / "objects", times)
        reader = Reader(server.client("anna"), options.items)
        before = written(server.server.process.pid)
        gauge.start()
        reader.start()
        began = time.monotonic()
        with ThreadPoolExecutor(options.clients) as pool:
            parts = [range(part, writes, options.clients) for part in range(options.clients)]
            list(pool.map(write, clients, parts, [options.items] * len(parts), [times] * len(parts)))
        took = time.monotonic() - began
        time.sleep(3)
        for thread in (gauge, reader):
            thread.stopping.set()
        for thread in (gauge, reader):
            thread.join()
        sent = written(server.server.process.pid) - before
        end = disk(store / "objects")
        checks.equal("the server stops cleanly", server.server.stop(), 0)
    checks.equal("no reader fails", reader.failures[:3], [])
    if not maintained:
        return times
    checks.equal("git fsck --strict finds nothing", repository.fsck(store), "")
    subprocess.run(["git", "-C", store, "repack", "-adfq"], check=True)
    packed = disk(store / "objects")
    print(f"items {options.items}, writes {writes} in {took:.1f} s ({writes / took:.0f}/s), "
          f"median {sorted(times)[len(times) // 2] * 1000:.1f} ms, 99 % {late(times):.1f} ms, "
          f"longest {max(times) * 1000:.0f} ms; {reader.asked} reads")
    sizes = [size for size, _ in gauge.samples]
    print(f"KiB: before {start // 1024}, after {end // 1024}, most {max(sizes) // 1024}, "
          f"packed from nothing {packed // 1024}")
    # Of the packed size while the writes went on only both ends are known: it grows with them.
    ratio = max(size / (start + (packed - start) * done / writes) for size, done in gauge.samples)
    each = (end - start) / writes
    print("KiB in the course of it:", *(size // 1024 for size in sizes[::max(1, len(sizes) // 40)]))
    print(f"most in relation to the packed history {ratio:.2f}, of {len(sizes)} samples; a write takes {each:.0f} bytes "
          f"in the end, and sends {sent / writes:.0f} to the disk")
    checks("a write takes less than 25 KB on the average", each < 25_000, each)
    checks("never 3 times the packed history", ratio < 3, ratio)
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--front", default="nginx-fastcgi")
    options = parser.parse_args()
    bounded(3600)
    checks = Checks(f"growth of {options.items} items")
    with workplace() as place:
        alone = run(options, checks, place / "alone", max(200, options.writes // 10), maintained=False)
        times = run(options, checks, place / "maintained", options.writes)
    print(f"without maintenance 99 % {late(alone):.1f} ms, longest {max(alone) * 1000:.0f} ms")
    checks("for maintenance 99 % of the writes wait for no more than 50 ms", late(times) - late(alone) <= 50,
           late(times) - late(alone))
    checks.finish()


if __name__ == "__main__":
    main()
