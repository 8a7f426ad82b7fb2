"""vdirsyncer syncs 100 events and 100 contacts both ways through one of the web servers.

Usage: vdirsyncer-sync.py nginx-fastcgi|nginx-scgi|apache-fastcgi
"""

import re
import subprocess
import sys

from lib import repository, samples
from lib.checks import Checks
from lib.fronts import FRONTS, site
from lib.places import bounded, tool, workplace

USERS = {"anna": "s3cret"}
AGENT = "desk/1.0"

CONFIG = """
[general]
status_path = "{place}/status/"

[pair calendars]
a = "calendars_here"
b = "calendars_there"
collections = ["from b"]

[pair contacts]
a = "contacts_here"
b = "contacts_there"
collections = ["from b"]

[storage calendars_here]
type = "filesystem"
path = "{place}/here/calendars/"
fileext = ".ics"

[storage contacts_here]
type = "filesystem"
path = "{place}/here/contacts/"
fileext = ".vcf"

[storage calendars_there]
type = "caldav"
url = "{url}"
username = "anna"
password = "s3cret"

[storage contacts_there]
type = "carddav"
url = "{url}"
username = "anna"
password = "s3cret"
"""


class Side:
    """One kind of object: where it is here, there and in Git."""

    def __init__(self, place, data, home, name, extension, make, kind):
        self.here = place / "here" / home / name
        self.path = f"/anna/{home}/{name}/"
        self.repository = data / "anna" / home / name
        self.extension, self.make, self.kind = extension, make, kind

    def local(self, number):
        return self.here / f"local-{number}{self.extension}"

    def uid(self, text):
        return re.search(r"^UID:(.*?)\r?$", text, re.MULTILINE)[1]

    def here_by_uid(self):
        texts = [path.read_bytes().decode() for path in self.here.glob("*" + self.extension)]
        return {self.uid(text): text.replace("\r\n", "\n").rstrip() for text in texts}

    def there_by_uid(self):
        texts = [
            repository.git_bytes(self.repository, "cat-file", "blob", blob).decode()
            for name, blob in repository.files(self.repository).items() if name.endswith(self.extension)
        ]
        return {self.uid(text): text.replace("\r\n", "\n").rstrip() for text in texts}


def vdirsyncer(place, *arguments):
    """Runs it, answering yes to what it asks; gives what it printed."""
    outcome = subprocess.run(
        [tool("vdirsyncer"), "-c", place / "config", *arguments],
        input="y\n" * 20, capture_output=True, text=True, timeout=240)
    output = outcome.stdout + outcome.stderr
    if outcome.returncode:
        raise RuntimeError(f"vdirsyncer {' '.join(arguments)}: {outcome.returncode}\n{output[-3000:]}")
    return output


def run(front, checks, place):
    data = place / "data"
    with site(front, place, data, users=USERS, workers=2) as server:
        (place / "config").write_text(CONFIG.format(place=place, url=server.front.url))
        (place / "status").mkdir()
        desk = server.client("anna", agent=AGENT)

        output = vdirsyncer(place, "discover")
        calendars = Side(place, data, "calendars", "calendar", ".ics", samples.event, "text/calendar; charset=utf-8")
        contacts = Side(place, data, "contacts", "addressbook", ".vcf", samples.contact, "text/vcard; charset=utf-8")
        sides = [calendars, contacts]
        checks("discovery from the root URL finds the calendar and the address book",
               calendars.here.is_dir() and contacts.here.is_dir(), output)
        start = [repository.head(side.repository) for side in sides]

        # 60 of each begin here, 40 on the server.
        for side in sides:
            for number in range(1, 61):
                side.local(number).write_bytes(side.make(number).encode())
            for number in range(61, 101):
                answer = desk.put(f"{side.path}remote-{number}{side.extension}", side.make(number), side.kind)
                if answer.status != 201:
                    raise RuntimeError(f"PUT {side.path}: {answer!r}")
        vdirsyncer(place, "sync")
        settle(checks, place, sides, start, [100, 100], "first sync", 100)

        # Edits and deletions on each side, never of the same object.
        start = [repository.head(side.repository) for side in sides]
        for side in sides:
            hrefs = [f"{side.path}remote-{number}{side.extension}" for number in range(61, 101)]
            for number in range(1, 9):
                side.local(number).write_bytes(side.make(number, " (hier geändert)").encode())
            for number in range(9, 15):
                side.local(number).unlink()
            for number, href in zip(range(61, 69), hrefs):
                answer = desk.put(href, side.make(number, " (dort geändert)"), side.kind,
                                  {"If-Match": desk.get(href).etag})
                if answer.status not in (200, 204):
                    raise RuntimeError(f"PUT {href}: {answer!r}")
            for href in hrefs[8:14]:
                if desk.request("DELETE", href).status not in (200, 204):
                    raise RuntimeError(f"DELETE {href}")
        vdirsyncer(place, "sync")
        settle(checks, place, sides, start, [28, 28], "sync of edits and deletions", 88)
        for side in sides:
            texts = side.here_by_uid().values()
            checks.equal(f"{side.path}: the edits of either side are on both",
                         (sum("hier geändert" in t for t in texts), sum("dort geändert" in t for t in texts)), (8, 8))

        for side in sides:
            log = repository.commits(side.repository, start[sides.index(side)])
            checks(f"{side.path}: every commit names its principal and its client",
                   all("anna" in c["author"] and c["user"] == "anna" and c["requester"] for c in log),
                   [c for c in log if "anna" not in c["author"] or c["user"] != "anna"][:3])
            agents = {c["requester"] for c in log}
            checks(f"{side.path}: both clients are there by their own names",
                   AGENT in agents and any("vdirsyncer" in agent for agent in agents), agents)
        checks.equal("the server stops cleanly", server.server.stop(), 0)
        for side in sides:
            checks.equal(f"{side.path}: git fsck --strict finds nothing", repository.fsck(side.repository), "")


def settle(checks, place, sides, start, wanted, moment, count):
    """After a sync: both sides the same, a commit a change, and a second sync does nothing."""
    for side, before, commits in zip(sides, start, wanted):
        here, there = side.here_by_uid(), side.there_by_uid()
        checks.equal(f"{moment}: {side.path} holds {count} objects", len(there), count)
        checks(f"{moment}: {side.path} has the same on both sides", here == there,
               sorted(uid for uid in here.keys() | there.keys() if here.get(uid) != there.get(uid))[:5])
        checks.equal(f"{moment}: {side.path} has one commit a change",
                     len(repository.commits(side.repository, before)), commits)
    heads = [repository.head(side.repository) for side in sides]
    times = [{path.name: path.stat().st_mtime_ns for path in side.here.iterdir()} for side in sides]
    output = vdirsyncer(place, "sync")
    checks(f"after the {moment} another one says nothing of a change",
           not re.search(r"Copying|Deleting|conflict", output, re.IGNORECASE), output)
    checks(f"after the {moment} another one changes nothing there",
           heads == [repository.head(side.repository) for side in sides])
    checks(f"after the {moment} another one changes nothing here", times == [
        {path.name: path.stat().st_mtime_ns for path in side.here.iterdir()} for side in sides])


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in FRONTS:
        sys.exit(__doc__)
    bounded(600)
    checks = Checks(f"vdirsyncer through {sys.argv[1]}")
    with workplace() as place:
        run(sys.argv[1], checks, place)
    checks.finish()


if __name__ == "__main__":
    main()
