"""What every kind of request costs at each size, beside the peers on the same objects."""

import data
from measuring import measure_all
from subjects import PEERS, artemisios, fill
from table import Targets, number, show
from workload import kinds

ITEMS = [100, 1000, 10_000]
# The size that the targets are for.
COMPARED = 1000


def run(options, place):
    targets, rows, remarks, failed = Targets(), [], [], []
    for items in options.items or ITEMS:
        folder = place / str(items)
        folder.mkdir(mode=0o755)
        pushed = 0 if options.put else items
        theirs = {}
        for name in options.peer:
            start, layout = PEERS[name]
            with start(folder / name, data.make(folder / f"{name}-data", layout, pushed)) as subject:
                fill(subject, items - pushed)
                theirs[name] = measure_all(subject, items, options)
        with artemisios(folder / "artemisios", data.make(folder / "data", options.layout, pushed), options.workers,
                        options.options) as subject:
            fill(subject, items - pushed)
            ours = measure_all(subject, items, options)
        rows += [row(items, kind, ours[kind.name], theirs, targets, remarks)
                 for kind in kinds(items, None) if kind.name in ours]
        failed += [name for name, figures in ours.items() if figures.cpu is None]
    head = ["request", "items", "req/s", "CPU ms", "maint. ms", "p50 ms", "p99 ms", "first, CPU ms", "PSS MB",
            "disk KB"]
    for name in options.peer:
        head += [f"{name} CPU ms", "p50 ms", "PSS MB", "ratio"]
    show("CPU is of the server's processes for one request, without the web server.", [*head, "target", ""], rows)
    print(*remarks, sep="\n")
    return targets.finish() and not failed


def row(items, kind, found, theirs, targets, remarks):
    cells = [kind.name, f"{items:,}", *map(number, [found.rate, found.cpu, found.maintenance, found.p50, found.p99,
             found.first]), number(found.memory, 1e6), number(found.disk, 1e3)]
    if found.cpu is None:
        remarks.append(f"{kind.name}, {items:,}: status {found.status}")
    target = ["", ""]
    for name, figures in theirs.items():
        other = figures[kind.name]
        ratio = other.cpu / found.cpu if other.cpu and found.cpu else None
        cells += [number(other.cpu), number(other.p50), number(other.memory, 1e6), number(ratio)]
        if (other.status, other.counted) != (found.status, found.counted):
            remarks.append(f"{kind.name}, {items:,}: {found.counted} found, {name} {other.status} with {other.counted}")
        if name == "xandikos" and items == COMPARED and kind.least:
            target = [f"{kind.least} times", targets.at_least(
                f"{kind.name}: {kind.least} times less than Xandikos, found {number(ratio)}", ratio, kind.least)]
    return [*cells, *target]
