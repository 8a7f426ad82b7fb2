"""Clients write while workers, the supervisor and repacks are killed and the disk is full: nothing acknowledged is lost.

Usage: crash.py [seconds [seed]]
"""

import http.client
import random
import sys
import threading
import time

from lib import repository, samples
from lib.checks import Checks
from lib.dav import clark
from lib.fronts import site
from lib.ledger import Ledger, etag_of
from lib.places import bounded, workplace
from lib.server import Server
from lib.upheaval import Upheaval, small_disk

WORKERS = 4
WRITERS = 3
NAMES = 30
HOME = "/anna/calendars/"
COLLECTIONS = {"bare": "bare", "tree": "with a work tree"}
COLOR = clark("ICAL:calendar-color")


class Writer(threading.Thread):
    """Creates, changes, moves and deletes resources of its own; keeps book of what it was promised."""

    def __init__(self, client, collection, number, seed):
        super().__init__(daemon=True)
        self.client, self.number = client, number
        self.path = f"{HOME}{collection}/"
        self.chance = random.Random(f"{seed} {collection} {number}")
        self.ledger = Ledger()
        self.version = 0
        self.stopping = False
        self.failure = None
        self.statuses = {}

    def run(self):
        try:
            while not self.stopping:
                self.step()
        except BaseException as error:
            self.failure = error

    def step(self):
        if self.ledger.open:
            try:
                self.ledger.decide(self.read)
            except (OSError, http.client.HTTPException, ServerAway):
                time.sleep(0.05)
                return
        held = [name for name, content in self.ledger.certain.items() if name and content is not None]
        if len(held) > self.chance.randrange(NAMES):
            name = self.chance.choice(held)
        else:
            name = f"w{self.number}-{self.chance.randrange(NAMES)}.ics"
        content = self.ledger.content(name)
        deed = self.chance.random()
        if deed < 0.05 and self.number == 0:
            self.color()
        elif content is None:
            self.put(name, {"If-None-Match": "*"})
        elif deed < 0.65:
            self.put(name, {"If-Match": etag_of(content)})
        elif deed < 0.85:
            self.send({name: None}, "DELETE", self.path + name, headers={"If-Match": etag_of(content)})
        else:
            self.version += 1
            target = f"w{self.number}-moved-{self.version}.ics"
            self.send({name: None, target: content}, "MOVE", self.path + name,
                      headers={"Destination": self.path + target, "Overwrite": "F"})

    def put(self, name, conditions):
        self.version += 1
        number = 1000 * self.number + int(name.split("-")[-1][:-4]) % 1000
        # A moved object keeps its UID: a new one in its place has another.
        body = samples.event(number, f" v{self.version}").replace(
            f"UID:event-{number}@", f"UID:event-{name[:-4]}-{self.version}@").encode()
        if content := self.ledger.content(name):
            uid = next(line for line in content.split(b"\r\n") if line.startswith(b"UID:"))
            body = b"\r\n".join(uid if line.startswith(b"UID:") else line for line in body.split(b"\r\n"))
        answer = self.send({name: body}, "PUT", self.path + name, body,
                           {"Content-Type": "text/calendar; charset=utf-8", **conditions})
        if answer is not None and answer.etag not in (None, etag_of(body)):
            self.ledger.oddities.append((name, "the answer has another ETag", answer.etag))

    def color(self):
        value = f"#{self.chance.randrange(1 << 24):06x}FF"
        self.ledger.begin({"": value})
        self.conclude(lambda: self.client.proppatch(self.path, ICAL__calendar_color=value),
                      lambda answer: answer.status == 207 and b"200 OK" in answer.body)

    def send(self, change, method, path, body=None, headers=None):
        self.ledger.begin(change)
        return self.conclude(lambda: self.client.request(method, path, body, headers),
                             lambda answer: answer.status in (200, 201, 204))

    def conclude(self, request, is_success):
        """Sends it and books the outcome; the answer when it is a success."""
        try:
            answer = request()
        except (OSError, http.client.HTTPException):
            self.ledger.leave()
            return None
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if is_success(answer):
            self.ledger.acknowledge()
            return answer
        if answer.status in (502, 504):
            self.ledger.leave()
            time.sleep(0.05)
        else:
            if answer.status not in (503, 507):
                self.ledger.oddities.append((path_of(self.ledger.open), answer.status, answer.body[:200]))
            self.ledger.refuse()
            time.sleep(0.02)
        return None

    def read(self, name):
        """The bytes of a resource, or None; the color for the empty name."""
        if not name:
            answer = self.client.propfind(self.path, "ICAL:calendar-color")
            if answer.status != 207:
                raise ServerAway(answer.status)
            (_, properties), = answer.responses().values()
            return properties[COLOR].text if COLOR in properties else None
        answer = self.client.get(self.path + name)
        if answer.status not in (200, 404):
            raise ServerAway(answer.status)
        if answer.status == 200 and answer.etag != etag_of(answer.body):
            self.ledger.oddities.append((name, "ETag and bytes differ", answer.etag))
        return answer.body if answer.status == 200 else None


class ServerAway(Exception):
    """The server did not say what is there."""


def path_of(change):
    return sorted(change[1]) if change else []


class Syncer(threading.Thread):
    """Follows a collection by sync reports; remembers every token with what the collection held."""

    def __init__(self, client, collection):
        super().__init__(daemon=True)
        self.client, self.path = client, f"{HOME}{collection}/"
        self.states = [("", {})]
        self.stopping = False

    def run(self):
        while not self.stopping:
            try:
                token, mirror = self.states[-1]
                after, changes, _ = self.client.sync(self.path, token)
            except (OSError, http.client.HTTPException):
                after = None
            if after and after != token:
                self.states.append((after, merged(mirror, changes)))
            time.sleep(0.1)


def merged(mirror, changes):
    return {href: etag for href, etag in {**mirror, **changes}.items() if etag is not None}


def verify(checks, collection, kind, writers, syncer, path, reader):
    """All that must hold of one collection when the storm is over."""
    def title(text):
        return f"{collection} ({kind}): {text}"

    for writer in writers:
        writer.ledger.verify(writer.read)
    expected = {f"{HOME}{collection}/{name}": etag_of(content) for writer in writers
                for name, content in writer.ledger.certain.items() if name and content is not None}
    lost = [loss for writer in writers for loss in writer.ledger.lost]
    checks(title("every acknowledged write is there, nothing is half there"), not lost, lost[:5])
    oddities = [oddity for writer in writers for oddity in writer.ledger.oddities]
    checks(title("no refusal but 503 and 507, and every ETag is the bytes'"), not oddities, (len(oddities), oddities[:5]))
    token, listing, _ = reader.sync(f"{HOME}{collection}/", "")
    checks(title(f"a listing has the {len(expected)} resources and no other"), listing == expected,
           sorted(set(listing.items()) ^ set(expected.items()))[:5])
    held = repository.files(path)
    blobs = {f"{HOME}{collection}/{name}": f'"{blob}"' for name, blob in held.items() if name.endswith(".ics")}
    checks(title("git has the same"), blobs == expected, sorted(set(blobs.items()) ^ set(expected.items()))[:5])
    checks.equal(title("git fsck --strict finds nothing"), repository.fsck(path), "")

    sample = syncer.states if len(syncer.states) < 60 else random.Random(1).sample(syncer.states, 60)
    wrong = []
    for before, mirror in sample:
        after, changes, answer = reader.sync(f"{HOME}{collection}/", before)
        if after != token or merged(mirror, changes) != listing:
            wrong.append((before, answer.status))
    checks(title(f"{len(sample)} of {len(syncer.states)} sync tokens from before still answer right"), not wrong, wrong[:5])

    acknowledged = sum(writer.ledger.acknowledged for writer in writers)
    unanswered = sum(writer.ledger.unanswered for writer in writers)
    log = repository.commits(path)
    made = [commit for commit in log if commit["requester"].startswith("crash-")]
    checks(title(f"{len(made)} commits for {acknowledged} acknowledged and {unanswered} unanswered writes"),
           acknowledged <= len(made) <= acknowledged + unanswered)
    others = {commit["subject"] for commit in log if not commit["requester"].startswith("crash-")}
    checks(title("no change is taken for one made by hand"), not any(
        words in subject for subject in others for words in ("by hand", "not yet committed")), others)
    checks.equal(title("the history is one line"), repository.git(path, "rev-list", "--merges", "HEAD"), "")
    if kind != "bare":
        answer = reader.put(f"{HOME}{collection}/after.ics", samples.event(99999))
        checks.equal(title("it takes a write"), answer.status, 201)
        checks.equal(title("files and index are those of HEAD"), repository.git(path, "status", "--porcelain"), "")
    # A killed `git gc` leaves those of the logs, of HEAD and of packed-refs; the server takes what is in its way.
    left = [lock for lock in repository.locks(path)
            if "logs/" not in lock and not lock.endswith(("HEAD.lock", "packed-refs.lock"))]
    checks.equal(title("no lock of Git's is left"), left, [])


def storm(checks, seconds, seed, place, disk):
    data = disk / "data"
    # Made by a server that makes work trees; served by one that does not care.
    with site("nginx-fastcgi", place, data, users={"anna": "pw"}, options=["--worktree"]) as first:
        first.client("anna").propfind("/", "D:current-user-principal")
        made = first.client("anna").xml("MKCALENDAR", HOME + "tree/", "<C:mkcalendar xmlns:C='urn:ietf:params:xml:ns:caldav'/>")
        checks.equal("a calendar with a work tree is made", made.status, 201)
    with site("nginx-fastcgi", place, data, users={"anna": "pw"}, workers=WORKERS) as server:
        made = server.client("anna").xml("MKCALENDAR", HOME + "bare/", "<C:mkcalendar xmlns:C='urn:ietf:params:xml:ns:caldav'/>")
        checks.equal("a bare calendar is made", made.status, 201)
        collections = COLLECTIONS
        paths = {name: data / HOME.strip("/") / name for name in collections}
        writers = {name: [Writer(server.client("anna", agent=f"crash-{number}"), name, number, seed)
                          for number in range(WRITERS)] for name in collections}
        syncers = {name: Syncer(server.client("anna"), name) for name in collections}
        everybody = [writer for some in writers.values() for writer in some]
        upheaval = Upheaval(server.server, disk if disk.is_mount() else None, data,
                            list(paths.values()), seed)
        for thread in [*everybody, *syncers.values(), upheaval]:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not any(thread.failure for thread in everybody + [upheaval]):
            time.sleep(0.5)
        complete = upheaval.stop()
        time.sleep(1)
        for thread in everybody + list(syncers.values()):
            thread.stopping = True
        for thread in everybody + list(syncers.values()):
            thread.join(120)
        for writer in everybody:
            if writer.failure:
                raise writer.failure
        checks("the pool is complete again", complete, server.server.workers())
        print(f"  killed: {upheaval.counts}", flush=True)
        statuses = {}
        for writer in everybody:
            for status, count in writer.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
        print(f"  answers: {dict(sorted(statuses.items()))}", flush=True)
        for name, kind in collections.items():
            verify(checks, name, kind, writers[name], syncers[name], paths[name], server.client("anna"))
        checks.equal("the server stops cleanly", server.server.stop(), 0)
        total = {key: sum(getattr(writer.ledger, key) for writer in everybody)
                 for key in ("tried", "acknowledged", "refused", "unanswered")}
        lost = sum(len(writer.ledger.lost) for writer in everybody)
        print(f"writes tried {total['tried']}, acknowledged {total['acknowledged']}, refused {total['refused']}, "
              f"unanswered {total['unanswered']}, lost {lost}", flush=True)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = sys.argv[2] if len(sys.argv) > 2 else str(random.randrange(10**6))
    bounded(seconds * 2 + 240)
    checks = Checks(f"crash test of {seconds} s, seed {seed}")
    print(checks.subject, flush=True)
    with workplace() as place, small_disk(place / "disk", 1024 + 8 * seconds):
        storm(checks, seconds, seed, place, place / "disk")
    checks.finish()


if __name__ == "__main__":
    main()
