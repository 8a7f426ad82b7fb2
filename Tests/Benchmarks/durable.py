"""A durable PUT against the least that one can cost: a C program that writes and flushes the same objects and branch.

Usage: durable.py [writes]. Both write to the same file system, in turns; the ratio of the medians must be at most 2.5.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Interop"))

from lib import repository, samples  # noqa: E402
from lib.checks import Checks  # noqa: E402
from lib.fronts import site  # noqa: E402
from lib.places import bounded, shares_journal, workplace  # noqa: E402

LIMIT = 2.5
ITEMS = 100
CALENDAR = "/user/calendars/calendar/"


def put_all(client, count, round_number):
    """Microseconds a PUT took."""
    start = time.perf_counter()
    for number in range(count):
        body = samples.event(1000 + number % ITEMS, f" r{round_number}-{number}")
        answer = client.put(f"{CALENDAR}{number % ITEMS}.ics", body)
        if answer.status not in (201, 204):
            sys.exit(f"PUT: {answer}")
    return (time.perf_counter() - start) / count * 1e6


def object_sizes(path):
    """Bytes of the last write's blob, tree and commit as this server stores them: with a header, not compressed."""
    sizes = []
    for name in ("HEAD:1.ics", "HEAD^{tree}", "HEAD"):
        kind = repository.git(path, "cat-file", "-t", name).strip()
        size = int(repository.git(path, "cat-file", "-s", name))
        sizes.append(size + len(f"{kind} {size}") + 1 + 11)
    return sizes


def main():
    bounded(300)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    checks = Checks("durable PUT")
    with workplace() as place:
        data = place / "data"
        program = place / "durable"
        source = Path(__file__).with_name("durable.c")
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", "-o", str(program), str(source)], check=True)
        with site("nginx-fastcgi", place, data, workers=1) as server:
            client = server.client()
            client.propfind("/", "D:current-user-principal")
            put_all(client, ITEMS, 0)
            sizes = object_sizes(data / CALENDAR.strip("/"))
            puts, least = [], []
            for round_number in range(1, 6):
                puts.append(put_all(client, count // 5, round_number))
                target = place / f"least-{round_number}"
                target.mkdir()
                together = "together" if shares_journal(target) else "each"
                outcome = subprocess.run([str(program), str(target), str(max(1, count // 15)), *map(str, sizes), together],
                                         check=True, capture_output=True, text=True)
                least.append(float(outcome.stdout))
        put, floor = statistics.median(puts), statistics.median(least)
        print(f"PUT through nginx {put:.0f} µs, the same objects and branch by the C program {floor:.0f} µs, "
              f"ratio {put / floor:.2f}", flush=True)
        checks(f"a durable PUT takes at most {LIMIT} times the least", put <= LIMIT * floor, put / floor)
    checks.finish()


if __name__ == "__main__":
    main()
