"""How costs grow with a collection: a write from 10 to 100,000 objects, the rest from 1,000 on."""

import data
from measuring import measure_all
from subjects import artemisios
from table import Targets, number, show

PUT = "PUT of a changed event"
FLAT = ["sync-collection, no change", "GET of an event", "calendar-multiget of 50", "calendar-query of a month, etags"]
SIZES = [10, 1000, 10_000, 100_000]
# Of a write, in relation to that into 10 objects.
GROWTH = {10_000: 3, 100_000: 15}
# Of the rest, in relation to 1,000 objects.
FLATNESS = 1.5


def run(options, place):
    targets, found = Targets(), {}
    options.only = [*FLAT, "PUT of a"]
    sizes = options.items or SIZES
    for items in sizes:
        folder = place / str(items)
        folder.mkdir(mode=0o755)
        with artemisios(folder / "artemisios", data.make(folder / "data", options.layout, items), options.workers,
                        options.options) as subject:
            found[items] = measure_all(subject, items, options)
    rows = []
    for name in found[sizes[0]]:
        for items in sizes:
            figures = found[items][name]
            rows.append([name, f"{items:,}", number(figures.cpu), number(figures.maintenance), number(figures.p50),
                         number(figures.memory, 1e6), number(figures.disk, 1e3), *growth(name, items, found, targets)])
    show("CPU of a request while the collection grows, and its ratio to that at the size in brackets.",
         ["request", "items", "CPU ms", "maint. ms", "p50 ms", "PSS MB", "disk KB", "ratio", "", "target", ""], rows)
    return targets.finish()


def growth(name, items, found, targets):
    """Ratio, to which size, target, and whether it is met."""
    writes = name.startswith("PUT")
    base = 10 if writes else 1000
    cpu, least = found[items][name].cpu, found.get(base, {}).get(name)
    if items <= base or not least or not least.cpu or cpu is None:
        return ["", "", "", ""]
    ratio = cpu / least.cpu
    limit = GROWTH.get(items) if writes else FLATNESS
    cells = [number(ratio), f"({base:,})"]
    if limit is None:
        return [*cells, "", ""]
    return [*cells, f"{limit} times", targets.at_most(
        f"{name} at {items:,}: {limit} times that at {base:,}, found {number(ratio)}", ratio, limit)]
