"""What the processes hold: four workers with many collections in use, and one that sends a long listing."""

import threading
from itertools import count

import accounting
import data
from lib.server import is_maintenance
from subjects import artemisios
from table import Targets, number, show
from workload import XML, kinds

COLLECTIONS, ITEMS, WORKERS, ALL_WORKERS = 50, 1000, 4, 200e6
CONTACTS, ONE_WORKER = 20_000, 64e6


def run(options, place):
    targets = Targets()
    many_collections(options, place, targets)
    long_listing(options, place, targets)
    return targets.finish()


def many_collections(options, place, targets):
    """Four clients send every kind of request to every collection until each worker has seen all of them."""
    items = (options.items or [ITEMS])[0]
    directory, calendars = place / "many", []
    for index in range(COLLECTIONS):
        calendars.append(f"/user/calendars/c{index}/")
        data.repository(directory / calendars[-1].strip("/"), data.objects("calendar", items, f" c{index}"))
    data.repository(directory / data.ADDRESSBOOK.strip("/"), data.objects("addressbook", items))
    numbers = count(1)
    # By the processes that fill the index, and by those that find it filled.
    for title in ["first start", "second start"]:
        in_use(options, place / title.split()[0], directory, items, calendars, numbers, title, targets)


def in_use(options, spot, directory, items, calendars, numbers, title, targets):
    turns, failures = count(), []

    def use(connection):
        while (turn := next(turns)) < COLLECTIONS * WORKERS * 3:
            for kind in kinds(items, lambda: "", calendars[turn % COLLECTIONS]):
                if kind.name == "sync-collection, no change":
                    continue
                status, _ = connection.send(*kind.make(next(numbers)))
                if status != kind.status:
                    failures.append((kind.name, status))
        connection.close()

    with artemisios(spot, directory, WORKERS, options.options) as subject:
        clients = [threading.Thread(target=use, args=[subject.connect()]) for _ in range(WORKERS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if failures:
            raise RuntimeError(f"{len(failures)} requests failed: {failures[:5]}")
        rows = [[role(pid, subject.root), pid, number(accounting.shares(pid), 1e6), number(accounting.peak(pid), 1e6)]
                for pid, _ in accounting.family(subject.root)]
        total = accounting.memory(subject.root)
    met = targets.at_most(f"{WORKERS} workers, {COLLECTIONS} collections of {items:,}, {title}: PSS {number(total, 1e6)} MB",
                          total, ALL_WORKERS)
    rows.append(["all together", "", number(total, 1e6), "", f"{ALL_WORKERS / 1e6:.0f}", met])
    show(f"{COLLECTIONS} collections of {items:,} events in use by {WORKERS} workers, {title}",
         ["process", "", "PSS MB", "peak RSS MB", "target", ""], [[*row, "", ""][:6] for row in rows])


def role(pid, root):
    return "supervisor" if pid == root else "maintenance" if is_maintenance(pid) else "worker"


def long_listing(options, place, targets):
    """The initial sync of a large address book; the peak of the worker has the files in it that it maps."""
    directory = place / "contacts"
    data.repository(directory / data.ADDRESSBOOK.strip("/"), data.objects("addressbook", CONTACTS))
    rows = []
    for title, wanted in [("ETags", ""), ("contacts", "<C:address-data xmlns:C='urn:ietf:params:xml:ns:carddav'/>")]:
        body = ("<sync-collection xmlns='DAV:'><sync-token/><sync-level>1</sync-level>"
                f"<prop><getetag/>{wanted}</prop></sync-collection>").encode()
        with artemisios(place / f"contacts-{len(rows)}", directory, 1, options.options) as subject:
            worker = next(pid for pid, beside in accounting.family(subject.root) if pid != subject.root and not beside)
            before = accounting.peak(worker)
            status, answer = subject.send("REPORT", data.ADDRESSBOOK, XML, body)
            found = answer.count(b"<D:response>") or answer.count(b"response>") // 2
            if status != 207 or found != CONTACTS:
                raise RuntimeError(f"initial sync: {status} with {found}")
            peak = accounting.peak(worker)
            met = targets.at_most(f"initial sync of {CONTACTS:,} contacts, {title}: {number(peak, 1e6)} MB a worker",
                                  peak, ONE_WORKER)
            rows.append([title, number(len(answer), 1e6), number(before, 1e6), number(peak, 1e6),
                         number(accounting.shares(worker), 1e6), f"{ONE_WORKER / 1e6:.0f}", met])
    show(f"Initial sync of {CONTACTS:,} contacts",
         ["answer", "MB", "RSS MB before", "peak RSS MB", "PSS MB after", "target", ""], rows)
