"""What a GET and a sync-collection report without change cost beside the least that a FastCGI request can cost.

The least is empty-responder.c: as many processes, behind the same web server with the same configuration, asked the same
requests by the same clients. Both are up at once and take turns, so that what else the machine does hits both; the
figures are medians of the rounds. CPU is that of all processes of the server.
"""

import argparse
import itertools
import os
import socket
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import data  # First: it says where `lib` is.
import accounting
from connection import Connection
from lib.checks import Checks
from lib.fronts import Front, site
from lib.places import bounded, workplace
from lib.server import children
from measuring import Load
from workload import CALENDAR, kinds

# How many times the CPU of the empty responder a request may take.
LIMITS = {"GET of an event": 2.5, "PROPFIND Depth 0, seven properties": None, "sync-collection, no change": 2.0}


class Subject:
    """A running server: its processes, and the port of the web server in front of it."""

    def __init__(self, port, processes):
        self.port, self.processes = port, processes
        self.connection = self.connect()

    def connect(self):
        """Another connection to it."""
        return Connection(self.port, timeout=60)

    def token(self):
        """The sync state of the calendar."""
        body = b'<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>'
        _, answer = self.connection.send(
            "PROPFIND", CALENDAR, {"Depth": "0", "Content-Type": "text/xml"}, body)
        return answer.split(b"sync-token>")[1].split(b"<")[0].decode()

    def seconds(self):
        """CPU time that the processes have used so far."""
        return sum(map(accounting.own_seconds, self.processes))

    def cost(self, kind, numbers, requests, clients):
        """CPU microseconds a request."""
        before = self.seconds()
        load = Load(self, kind, numbers, 0, max(1, requests // clients))
        load.run_all(clients)
        # Nothing is found by a responder that does nothing.
        if any(status >= 300 for status in load.unexpected):
            sys.exit(f"{kind.name}: status {load.unexpected[0]}")
        return (self.seconds() - before) / len(load.waited) * 1e6


@contextmanager
def empty(place, workers):
    """The empty responder behind a web server."""
    program = place / "empty-responder"
    source = Path(__file__).with_name("empty-responder.c")
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", "-o", str(program), str(source), "-lfcgi"], check=True)
    path = place / "empty.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o666)
        listener.listen(128)
        processes = [subprocess.Popen([str(program)], stdin=listener) for _ in range(workers)]
        try:
            with Front("nginx-fastcgi", place, path) as front:
                yield Subject(front.port, [process.pid for process in processes])
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


@contextmanager
def artemisios(place, directory, workers, options):
    # A worker that is replaced would take its figures along.
    options = ["--max-requests-per-worker", "0", *options]
    with site("nginx-fastcgi", place, directory, workers=workers, options=options) as running:
        root = running.server.process.pid
        yield Subject(running.front.port, [root, *children(root)])


def measure(subjects, kind, arguments):
    """For each subject the figures of all rounds."""
    figures = {name: [] for name in subjects}
    numbers = {name: itertools.count() for name in subjects}
    for round_ in range(arguments.rounds + 1):
        for name, subject in subjects.items():
            cost = subject.cost(kind, numbers[name], arguments.requests, arguments.clients)
            # In the first round caches are filled.
            if round_:
                figures[name].append(cost)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1000, help="events (default: 1000)")
    parser.add_argument("--rounds", type=int, default=45, help="rounds (default: 45)")
    parser.add_argument("--requests", type=int, default=2000, help="requests a round (default: 2000)")
    parser.add_argument("--workers", type=int, default=1, help="workers (default: 1)")
    parser.add_argument("--clients", type=int, default=8, help="connections at the same time (default: 8)")
    parser.add_argument("options", nargs="*", help="more options for artemisios serve, after --")
    arguments = parser.parse_args()
    bounded(600)
    checks = Checks("responder")
    with workplace() as place:
        directory = data.make(place / "data", "bare", arguments.items)
        ours_place, empty_place = place / "artemisios", place / "empty"
        for path in (ours_place, empty_place):
            path.mkdir()
            path.chmod(0o755)
        with empty(empty_place, arguments.workers) as least, \
                artemisios(ours_place, directory, arguments.workers, arguments.options) as ours:
            subjects = {"empty": least, "ours": ours}
            print("| request | CPU µs | empty responder | ratio |\n|---|--:|--:|--:|")
            state = ours.token()
            for kind in kinds(arguments.items, lambda: state):
                if kind.name not in LIMITS:
                    continue
                figures = measure(subjects, kind, arguments)
                cost, floor = (statistics.median(figures[name]) for name in ("ours", "empty"))
                ratio = statistics.median(a / b for a, b in zip(figures["ours"], figures["empty"]))
                print(f"| {kind.name} | {cost:.0f} | {floor:.0f} | {ratio:.2f} |", flush=True)
                limit = LIMITS[kind.name]
                if limit:
                    checks(f"{kind.name}: at most {limit} times the least", ratio <= limit, f"{ratio:.2f}")
    checks.finish()


if __name__ == "__main__":
    main()
