"""Counts the instructions that a worker needs for a request, and compares them with thresholds.

Usage: instructions [--write]    ARTEMISIOS_BIN names a directory with a release build.

The counts are those of one worker without a web server, on 1,000 objects. System calls are not in them, so they come
out nearly the same on every machine and however busy it is. A count over its threshold fails; --write makes thresholds
of what was counted, with head-room.
"""

import argparse
import json
import math
import statistics
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import data  # noqa: E402
from instructions.worker import worker  # noqa: E402
from lib.places import bounded, workplace  # noqa: E402
from table import show  # noqa: E402
from workload import kinds  # noqa: E402

THRESHOLDS = Path(__file__).with_name("thresholds.json")
ITEMS, WARM_UP, COUNTED, HEADROOM = 1000, 3, 5, 1.10


def run(place):
    """Kind → instructions of a request."""
    directory = data.make(place / "data", "bare", ITEMS)
    numbers = count(1)
    with worker(place, directory, "--no-fsync") as subject:
        _, answer = subject.request(None, "PROPFIND", data.CALENDAR, {"Depth": "0", "Content-Type": "text/xml"},
                                    b'<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>')
        state = answer.split(b"sync-token>")[1].split(b"<")[0].decode()
        for kind in kinds(ITEMS, lambda: state):
            for round_ in range(WARM_UP + COUNTED):
                status, _ = subject.request(kind.name if round_ >= WARM_UP else None, *kind.make(next(numbers)))
                if status != kind.status:
                    sys.exit(f"{kind.name}: {status}")
    counts = subject.counts()
    return {kind: round(statistics.median(counts[kind])) for kind in counts if kind}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="make thresholds of what is counted")
    options = parser.parse_args()
    bounded(300)
    with workplace() as place:
        counts = run(place)
    thresholds = json.loads(THRESHOLDS.read_text()) if THRESHOLDS.exists() else {}
    over = [kind for kind in counts if counts[kind] > thresholds.get(kind, 0)]
    rows = [[kind, f"{found:,}", f"{thresholds.get(kind, 0):,}", "OVER" if kind in over else ""]
            for kind, found in counts.items()]
    show(f"Instructions of a worker for a request, {ITEMS:,} objects", ["request", "counted", "threshold", ""], rows)
    if options.write:
        rounded = {kind: math.ceil(found * HEADROOM / 1000) * 1000 for kind, found in counts.items()}
        THRESHOLDS.write_text(json.dumps(rounded, indent=4) + "\n")
    elif over:
        sys.exit(f"Over the threshold: {', '.join(over)}")


main()
