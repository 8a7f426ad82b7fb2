"""Sends requests of one kind for a while, and says what they took."""

import itertools
import sys
import threading
import time
from collections import namedtuple

import accounting
from data import CALENDAR
from lib.places import disk
from table import number
from workload import kinds

# Times in milliseconds, sizes in bytes. What maintenance took stands for itself, and so does the first request, which
# finds empty caches. `disk` is of a request, and None for one that writes nothing.
Figures = namedtuple("Figures", "status counted first cpu maintenance rate p50 p99 memory disk")

WARM_UP = 3


class Load:
    """Clients that send requests of one kind, each over its own connection, and the times that they waited."""

    def __init__(self, subject, kind, numbers, end, least):
        self.subject, self.kind, self.numbers, self.end, self.least = subject, kind, numbers, end, least
        self.waited, self.unexpected = [], []

    def run(self, connection):
        done = 0
        while done < self.least or time.monotonic() < self.end:
            request = self.kind.make(next(self.numbers))
            start = time.perf_counter()
            status, _ = connection.send(*request)
            self.waited.append((time.perf_counter() - start) * 1e3)
            if status != self.kind.status:
                self.unexpected.append(status)
            done += 1

    def run_all(self, clients):
        if clients == 1:
            return self.run(self.subject.connection)
        connections = [self.subject.connect() for _ in range(clients)]
        threads = [threading.Thread(target=self.run, args=[connection]) for connection in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for connection in connections:
            connection.close()


def measure(subject, kind, seconds=2.0, clients=1, least=2, numbers=None):
    """The figures of a kind of request; `numbers` goes on where it ended for the kind before."""
    numbers = numbers or itertools.count(1)
    before = accounting.processor(subject.root)
    began = time.monotonic()
    status, answer = subject.send(*kind.make(next(numbers)))
    first = (accounting.processor(subject.root).serving - before.serving) * 1e3
    counted = answer.count(kind.counts) if kind.counts else 0
    if status != kind.status:
        return Figures(status, counted, first, *[None] * 7)
    # Workers have seen the kind before it counts; a server that takes long for one has no caches that need more.
    for _ in range(WARM_UP * clients):
        subject.send(*kind.make(next(numbers)))
        if time.monotonic() - began > seconds:
            break
    writes = kind.make(0)[0] == "PUT"
    taken = disk(subject.directory) if writes else 0
    before, start = accounting.processor(subject.root), time.monotonic()
    load = Load(subject, kind, numbers, start + seconds, least)
    load.run_all(clients)
    elapsed, after = time.monotonic() - start, accounting.processor(subject.root)
    done, waited = len(load.waited), sorted(load.waited)
    if load.unexpected:
        return Figures(load.unexpected[0], counted, first, *[None] * 7)
    return Figures(
        status, counted, first, (after.serving - before.serving) / done * 1e3,
        (after.maintenance - before.maintenance) / done * 1e3, done / elapsed,
        waited[done // 2], waited[done * 99 // 100], accounting.memory(subject.root),
        (disk(subject.directory) - taken) / done if writes else None)


def measure_all(subject, items, options, calendar=CALENDAR):
    """Name of a kind → its figures, for the kinds that are asked for."""
    state = subject.token(calendar)
    numbers = itertools.count(1)
    figures = {}
    for kind in kinds(items, lambda: state, calendar):
        if options.only and not any(part in kind.name for part in options.only):
            continue
        clients = 1 if kind.alone and options.peer else options.clients
        figures[kind.name] = found = measure(subject, kind, options.seconds, clients, numbers=numbers)
        print(f"  {subject.name}, {items:,}: {kind.name}: status {found.status}, {found.counted} counted, "
              f"CPU {number(found.cpu)} ms", file=sys.stderr, flush=True)
    return figures
