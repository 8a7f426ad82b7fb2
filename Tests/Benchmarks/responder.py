"""What a GET and a sync-collection report without change cost beside the least that a FastCGI request can cost.

The least is empty-responder.c: as many processes, behind the same web server with the same configuration, asked the same
requests by the same client. Both are up at once and take turns, so that what else the machine does hits both; the figures
are medians of the rounds. CPU is that of all processes of the server.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import data
from lib.checks import Checks
from lib.fronts import Front, site
from lib.places import bounded, workplace
from lib.server import children
from workload import CALENDAR, kinds

# How many times the CPU of the empty responder a request may take.
LIMITS = {"GET of an event": 2.5, "PROPFIND Depth 0, seven properties": None, "sync-collection, no change": 2.0}


def cpu_microseconds(processes):
    """CPU time that the processes have used so far."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in processes) / 1e3


class Subject:
    """A running server: its processes, and a connection to the web server in front of it."""

    def __init__(self, port, processes):
        self.processes = processes
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method, path, headers, body):
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def token(self):
        """The sync state of the calendar."""
        body = b'<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>'
        _, answer = self.send("PROPFIND", CALENDAR, {"Depth": "0", "Content-Type": "text/xml"}, body)
        return answer.split(b"sync-token>")[1].split(b"<")[0].decode()

    def cost(self, kind, numbers):
        """CPU microseconds a request."""
        before = cpu_microseconds(self.processes)
        for number in numbers:
            status, _ = self.send(*kind.make(number))
            if status >= 300:
                sys.exit(f"{kind.name}: status {status}")
        return (cpu_microseconds(self.processes) - before) / len(numbers)


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


def measure(subjects, kind, rounds, requests):
    """For each subject the figures of all rounds."""
    figures = {name: [] for name in subjects}
    for number in range(rounds + 1):
        for name, subject in subjects.items():
            cost = subject.cost(kind, range(number * requests, (number + 1) * requests))
            # In the first round caches are filled.
            if number:
                figures[name].append(cost)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1000, help="events (default: 1000)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds (default: 15)")
    parser.add_argument("--requests", type=int, default=200, help="requests a round (default: 200)")
    parser.add_argument("--workers", type=int, default=1, help="workers (default: 1)")
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
                figures = measure(subjects, kind, arguments.rounds, arguments.requests)
                cost, floor = (statistics.median(figures[name]) for name in ("ours", "empty"))
                ratio = statistics.median(a / b for a, b in zip(figures["ours"], figures["empty"]))
                print(f"| {kind.name} | {cost:.0f} | {floor:.0f} | {ratio:.2f} |", flush=True)
                limit = LIMITS[kind.name]
                if limit:
                    checks(f"{kind.name}: at most {limit} times the least", ratio <= limit, f"{ratio:.2f}")
    checks.finish()


if __name__ == "__main__":
    main()
