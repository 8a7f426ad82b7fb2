"""What the first request of a worker costs: without an index, with one, and after `--eager`."""

import re
import shutil

import accounting
import data
from lib.server import wait_for
from subjects import artemisios
from table import number, show
from workload import kinds

ITEMS = [10_000]
KINDS = ["PROPFIND Depth 1, three properties", "calendar-query of a month, etags", "calendar-query by text in SUMMARY",
         "free-busy-query of a month", "addressbook-query by e-mail"]
INDEX = ".artemisios/index"


def quiet(subject):
    """Waits until the server has had nothing to do for a second."""
    last = [None, 0]

    def settled():
        now = accounting.processor(subject.root).serving
        last[:] = [now, last[1] + 1 if last[0] is not None and now - last[0] < 0.002 else 0]
        return last[1] >= 5

    wait_for(settled, 300, 0.2)


def costs(subject, kind, times):
    """Milliseconds of each of some requests."""
    found = []
    for number_ in range(times):
        before = accounting.processor(subject.root).serving
        status, _ = subject.send(*kind.make(number_))
        found.append((accounting.processor(subject.root).serving - before) * 1e3)
        if status != kind.status:
            raise RuntimeError(f"{kind.name}: {status}")
    return found


def run(options, place):
    rows = []
    for items in options.items or ITEMS:
        directory = data.make(place / f"data-{items}", options.layout, items)
        wanted = [kind for kind in kinds(items, None) if kind.name in KINDS]
        for kind in wanted:
            found = []
            for way in ["empty", "filled", "eager"]:
                if way != "filled":
                    shutil.rmtree(directory / INDEX, ignore_errors=True)
                eager = ["--eager"] if way == "eager" else []
                spot = place / re.sub(r"\W+", "-", f"{kind.name}-{items}-{way}")
                with artemisios(spot, directory, 1, [*eager, *options.options]) as subject:
                    quiet(subject)
                    found.append((costs(subject, kind, 5), accounting.memory(subject.root)))
            (empty, _), (filled, memory), (eager, _) = found
            times = [*empty[:2], *filled[:2], *eager[:2], min(filled)]
            rows.append([kind.name, f"{items:,}", *map(number, times), number(memory, 1e6)])
    show("CPU ms of the first and second request of a worker: without an index, with a filled one, after --eager.",
         ["request", "items", "empty: first", "second", "filled: first", "second", "eager: first", "second", "warm",
          "PSS MB"], rows)
    return True
