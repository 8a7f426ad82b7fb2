"""What happens to a disk and to repositories while a server serves them, and what must come of it.

Usage: safety.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]
"""

import itertools
import os
import shutil
import subprocess
import sys
import threading
import time

from lib import repository, samples
from lib.checks import Checks
from lib.fronts import site
from lib.ledger import blob_id, etag_of
from lib.places import bounded, workplace
from lib.upheaval import small_disk

MKCALENDAR = "<C:mkcalendar xmlns:C='urn:ietf:params:xml:ns:caldav'/>"
QUERY = """<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/><C:calendar-data/>
</D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>"""
HAND = ["-c", "user.name=Hand", "-c", "user.email=hand@example.org"]


def calendar(client, name):
    """Makes a calendar with three events: its path."""
    path = f"/user/calendars/{name}/"
    statuses = [client.xml("MKCALENDAR", path, MKCALENDAR).status]
    statuses += [client.put(f"{path}{number}.ics", samples.event(number)).status for number in (1, 2, 3)]
    if statuses != [201] * 4:
        raise RuntimeError(f"{path} could not be made: {statuses}")
    return path


def refuses(checks, client, path, store, what, expected):
    """A write, a change and a deletion are refused and leave nothing; reading goes on."""
    head = repository.head(store)
    answers = [client.put(path + "4.ics", samples.event(4)), client.put(path + "1.ics", samples.event(1, " neu")),
               client.request("DELETE", path + "2.ics"), client.proppatch(path, ICAL__calendar_color="#000000FF")]
    checks(f"{what}: writes are answered with {expected}", all(
        answer.status == expected or answer.status == 207 and f" {expected} ".encode() in answer.body
        for answer in answers), answers)
    checks.equal(f"{what}: reading goes on", [client.get(f"{path}{number}.ics").status for number in (1, 2, 3, 4)],
                 [200, 200, 200, 404])
    checks.equal(f"{what}: no commit is made", repository.head(store), head)


def sound(checks, client, path, store, what):
    answer = client.put(path + "after.ics", samples.event(99))
    checks(f"{what}: then it takes a write", answer.status in (201, 204), answer)
    checks.equal(f"{what}: git fsck --strict finds nothing", repository.fsck(store), "")
    checks.equal(f"{what}: no lock and no unfinished file is left",
                 repository.locks(store) + [str(file) for file in store.rglob("tmp_obj_*")], [])


def full_disk(checks, client, path, store, disk):
    filler = disk / "filler"
    with filler.open("wb") as file:
        space = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize)
    refuses(checks, client, path, store, "full disk", 507)
    filler.unlink()
    sound(checks, client, path, store, "full disk")


def read_only_disk(checks, client, path, store):
    """A read-only mount over the repository: the index, which is open, is elsewhere."""
    subprocess.run(["mount", "--bind", str(store), str(store)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(store)], check=True)
        refuses(checks, client, path, store, "read-only disk", 403)
    finally:
        subprocess.run(["umount", "-l", str(store)], check=True)
    sound(checks, client, path, store, "read-only disk")


def corrupt_object(checks, client, path, store):
    blob = blob_id(samples.event(2).encode())
    file = store / "objects" / blob[:2] / blob[2:]
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[:40] + bytes(len(whole) - 40))
    checks.equal("corrupt object: only its item cannot be read",
                 [client.get(f"{path}{number}.ics").status for number in (1, 2, 3)], [200, 500, 200])
    listing = client.propfind(path, "D:getetag", depth=1)
    checks("corrupt object: a listing has all", listing.status == 207 and len(listing.responses()) == 4, listing)
    found = client.xml("REPORT", path, QUERY, 1)
    checks("corrupt object: a query gives the others", found.status == 207 and all(
        f"event-{number}@".encode() in found.body for number in (1, 3)), found)
    checks.equal("corrupt object: the item can be written anew", client.put(path + "2.ics", samples.event(2)).status, 204)
    checks("corrupt object: and read then", client.get(path + "2.ics").body == samples.event(2).encode())
    sound(checks, client, path, store, "corrupt object")


def stale_locks(checks, client, path, store):
    locks = [store / ".git" / name for name in ("index.lock", "refs/heads/main.lock", "HEAD.lock")]
    for lock in locks:
        lock.write_text("")
        os.utime(lock, (1e9, 1e9))
    checks.equal("stale locks: a write goes through", client.put(path + "4.ics", samples.event(4)).status, 201)
    locks[2].unlink(missing_ok=True)
    sound(checks, client, path, store, "stale locks")


def other_owner(checks, client, path, store):
    for file in [store, *store.rglob("*")]:
        os.chown(file, 12345, 12345)
    checks.equal("another owner: reading", client.get(path + "1.ics").status, 200)
    checks.equal("another owner: writing", client.put(path + "4.ics", samples.event(4)).status, 201)
    sound(checks, client, path, store, "another owner")


def push_from_outside(checks, client, path, store, place):
    clone = place / "clone"
    subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", str(store), str(clone)], check=True)
    wanted = {}
    for number in range(20, 30):
        name = f"{number}.ics"
        (clone / name).write_bytes(samples.event(number).encode())
        repository.git(clone, "add", name)
        repository.git(clone, *HAND, "commit", "-qm", f"Add {name}")
        wanted[name] = samples.event(number).encode()
        served = f"s{number}.ics"
        if client.put(path + served, samples.event(1000 + number)).status == 201:
            wanted[served] = samples.event(1000 + number).encode()
        repository.git(clone, *HAND, "pull", "-q", "--rebase")
        repository.git(clone, "push", "-q")
        wrong = [name for name, body in wanted.items() if client.get(path + name).body != body]
        if wrong:
            break
    checks("git push: what was pushed is served at once, with what was put meanwhile", not wrong and len(wanted) == 20,
           (wrong, len(wanted)))
    sound(checks, client, path, store, "git push")


def edits_by_hand(checks, client, path, store):
    (store / "1.ics").write_bytes(samples.event(1, " von Hand").encode())
    (store / "5.ics").write_bytes(samples.event(5).encode())
    repository.git(store, "add", "5.ics")
    repository.git(store, *HAND, "commit", "-qm", "Five")
    checks.equal("git commit: what was committed is served at once", client.get(path + "5.ics").status, 200)
    checks.equal("edit by hand: another write goes through", client.put(path + "3.ics", samples.event(3, " x")).status, 204)
    answer = client.get(path + "1.ics")
    edited = samples.event(1, " von Hand").encode()
    checks("edit by hand: it is kept and served", answer.body == edited and answer.etag == etag_of(edited), answer)
    answer = client.put(path + "1.ics", samples.event(1, " alt"), headers={"If-Match": etag_of(samples.event(1).encode())})
    checks.equal("edit by hand: a client that does not know it is told", answer.status, 412)
    sound(checks, client, path, store, "edit by hand")
    checks.equal("edit by hand: files, index and HEAD are the same", repository.git(store, "status", "--porcelain"), "")


def index_removed(checks, server, path, data):
    """Several clients ask, find a UID taken and write, while the index is removed, cut short and written over."""
    index, end = data / ".artemisios/index", time.monotonic() + 8
    wrong, asked, removed = [], [], []

    def ask(number):
        client = server.client()
        mine = {}
        while time.monotonic() < end:
            asked.append(number)
            found = client.xml("REPORT", path, QUERY, 1)
            if found.status != 207 or any(f"event-{known}@".encode() not in found.body for known in (1, 2, 3)) or any(
                    etag.encode() not in found.body for etag in mine.values()):
                wrong.append(("query", found.status, found.body[-300:]))
            taken = client.put(f"{path}taken-{number}.ics", samples.event(1))
            if taken.status not in (403, 409) or b"no-uid-conflict" not in taken.body:
                wrong.append(("UID", taken.status, taken.body[:300]))
            text = samples.event(1000 * number + len(mine))
            answer = client.put(f"{path}{number}-{len(mine)}.ics", text)
            if answer.status != 201:
                wrong.append(("write", answer.status, answer.body[:300]))
            mine[len(mine)] = blob_id(text.encode())

    def remove():
        for turn in itertools.count():
            if time.monotonic() >= end:
                return
            file = [index, index / "records", index / "gate"][turn % 3]
            try:
                if turn % 6 == 5:
                    os.truncate(index / "records", 4096 * turn)
                elif turn % 6 == 3:
                    (index / "records").write_bytes(bytes(65536))
                else:
                    shutil.rmtree(file) if file.is_dir() else file.unlink()
                removed.append(turn)
            except OSError:
                pass
            time.sleep(0.05)

    threads = [threading.Thread(target=ask, args=[number]) for number in (1, 2, 3)] + [threading.Thread(target=remove)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks(f"index removed: {len(removed)} times during {len(asked)} rounds", len(removed) > 20 and len(asked) > 20)
    checks.equal("index removed: all answers are right", wrong[:3], [])


def main():
    bounded(240)
    front = sys.argv[1] if len(sys.argv) > 1 else "nginx-fastcgi"
    checks = Checks(f"safety behind {front}")
    with workplace() as place, small_disk(place / "disk", 64) as is_mounted:
        disk = place / "disk"
        data = disk / "data"
        with site(front, place, data) as server:
            client = server.client()
            client.propfind("/", "D:current-user-principal")

            def bare(name):
                return calendar(client, name), data / "user/calendars" / name

            if is_mounted:
                full_disk(checks, client, *bare("full"), disk)
                other_owner(checks, client, *bare("owner"))
                read_only_disk(checks, client, *bare("readonly"))
            corrupt_object(checks, client, *bare("corrupt"))
            push_from_outside(checks, client, *bare("push"), place)
            index_removed(checks, server, calendar(client, "removed"), data)
        with site(front, place, data, options=["--worktree"]) as server:
            client = server.client()
            stale_locks(checks, client, *bare("locks"))
            edits_by_hand(checks, client, *bare("hand"))
            checks.equal("the server stops cleanly", server.server.stop(), 0)
        shutil.rmtree(data)
    checks.finish()


if __name__ == "__main__":
    main()
