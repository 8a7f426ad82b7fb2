"""What requests cost here and in Xandikos: CPU of the server's processes, and wall time as a client sees it.

Both serve the same seeded objects, one after the other in one run on an otherwise quiet machine, to one client over one
connection. CPU is that of all processes of the server; the web server in front is not counted, nor is the client. The
first request of each kind, which finds empty caches, stands for itself. Absolute figures are of one machine; compare the
ratios.
"""

import argparse
import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import data
from lib.fronts import site
from lib.places import bounded, free_port, tool, workplace
from lib.server import children, wait_for
from workload import CALENDAR, kinds


def processes(root):
    """A process and all below it."""
    found = [root]
    for child in children(root):
        found += processes(child)
    return found


def cpu_seconds(root):
    """CPU time of all threads of a process and of those below it, to the nanosecond."""
    total = 0
    for pid in processes(root):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            try:
                total += int((thread / "schedstat").read_text().split()[0])
            except (OSError, IndexError):
                pass
    return total / 1e9


class Subject:
    """A running server to send requests to."""

    def __init__(self, name, port, root):
        self.name, self.root = name, root
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(self, method, path, headers, body):
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def token(self):
        """The sync state of the calendar."""
        body = b'<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>'
        _, answer = self.send("PROPFIND", CALENDAR, {"Depth": "0", "Content-Type": "text/xml"}, body)
        return answer.split(b"sync-token>")[1].split(b"<")[0].decode()

    def measure(self, kind, seconds):
        """(status, what was counted, first CPU, CPU, wall), the times in milliseconds a request."""
        before = cpu_seconds(self.root)
        status, answer = self.send(*kind.make(0))
        first = cpu_seconds(self.root) - before
        counted = answer.count(kind.counts) if kind.counts else 0
        if status != kind.status:
            return status, counted, first * 1e3, None, None
        # Every worker has seen the kind before it counts.
        number = 1
        for number in range(1, 4):
            self.send(*kind.make(number))
        before, start, done = cpu_seconds(self.root), time.monotonic(), 0
        while (elapsed := time.monotonic() - start) < seconds or done < 5:
            self.send(*kind.make(number + 1 + done))
            done += 1
        cpu = (cpu_seconds(self.root) - before) / done
        return status, counted, first * 1e3, cpu * 1e3, elapsed / done * 1e3


@contextmanager
def artemisios(place, directory, workers, options):
    place.mkdir()
    place.chmod(0o755)
    # A worker that is replaced would take its figures along.
    options = ["--max-requests-per-worker", "0", *options]
    with site("nginx-fastcgi", place, directory, workers=workers, options=options) as running:
        yield Subject("Artemisios", running.front.port, running.server.process.pid)


@contextmanager
def xandikos(place, directory):
    place.mkdir()
    port = free_port()
    identity = {f"GIT_{role}_{key}": "xandikos@example.org" for role in ("AUTHOR", "COMMITTER")
                for key in ("NAME", "EMAIL")}
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [tool("xandikos"), "serve", "-d", directory, "--defaults", "-l", "127.0.0.1", "-p", str(port)],
            stdout=log, stderr=log, env={**os.environ, **identity, "HOME": str(place)})
    subject = Subject("Xandikos", port, process.pid)

    def answers():
        try:
            return subject.send("OPTIONS", CALENDAR, {}, None)[0] == 200
        except OSError:
            subject.connection.close()
            return False

    try:
        if not wait_for(answers, 30):
            raise RuntimeError(f"Xandikos did not start: {(place / 'log').read_text()}")
        yield subject
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(subject, arguments):
    """Kind → figures."""
    figures = {}
    state = subject.token()
    for kind in kinds(arguments.items, lambda: state):
        if arguments.only and arguments.only not in kind.name:
            continue
        figures[kind.name] = subject.measure(kind, arguments.seconds)
        print(f"  {subject.name}: {kind.name}: {figures[kind.name]}", file=sys.stderr, flush=True)
    return figures


def cell(value):
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def report(ours, theirs):
    """A table in Markdown; false when a server failed, or the two found different things."""
    print("| request | CPU ms | wall ms | first, CPU ms | Xandikos: CPU ms | wall ms | first, CPU ms | CPU ratio |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    remarks = []
    for name, (status, counted, first, cpu, wall) in ours.items():
        their_status, their_count, their_first, their_cpu, their_wall = theirs.get(name, (None,) * 5)
        ratio = f"{their_cpu / cpu:.1f}" if cpu and their_cpu else "–"
        cells = [cpu, wall, first, their_cpu, their_wall, their_first]
        print(f"| {name} | {' | '.join(map(cell, cells))} | {ratio} |")
        if cpu is None:
            remarks.append(f"{name}: status {status}")
        if theirs and (status, counted) != (their_status, their_count):
            remarks.append(f"{name}: {status} with {counted}, Xandikos {their_status} with {their_count}")
    print(*[f"\n{remark}" for remark in remarks], sep="")
    return all(figures[3] is not None for figures in ours.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1000, help="events, and contacts (default: 1000)")
    parser.add_argument("--seconds", type=float, default=2, help="time for each kind of request (default: 2)")
    parser.add_argument("--workers", type=int, default=1, help="workers (default: 1)")
    parser.add_argument("--only", help="kinds of request whose name has this in it")
    parser.add_argument("--alone", action="store_true", help="leave Xandikos out")
    parser.add_argument("--layout", choices=["bare", "worktrees"], default="bare",
                        help="of the repositories served here (default: bare)")
    parser.add_argument("options", nargs="*", help="more options for artemisios serve, after --")
    arguments = parser.parse_args()
    bounded(3600)
    with workplace() as place:
        worktrees, bare = data.make(place, arguments.items)
        directory = data.copy(bare if arguments.layout == "bare" else worktrees, "ours")
        theirs = {}
        if not arguments.alone:
            with xandikos(place / "xandikos", worktrees) as subject:
                theirs = run(subject, arguments)
        with artemisios(place / "artemisios", directory, arguments.workers, arguments.options) as subject:
            ours = run(subject, arguments)
        sys.exit(0 if report(ours, theirs) else 1)


main()
