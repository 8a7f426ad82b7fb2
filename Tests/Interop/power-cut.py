"""The power is cut at every point of every write: what was acknowledged stays, and each write is there or not at all.

Usage: power-cut.py [large] [random states a cut point]

`large`: only collections that are so large that what is written to them goes into a growing pack.

The file operations of a worker are recorded with strace, on the file system of the temporary directory and on one that
makes no promises; lib/cuts.py says what a cut may leave of them. Each different state is served and looked at.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from lib import repository, samples
from lib.checks import Checks
from lib.cuts import Cut, signature
from lib.dav import clark
from lib.fronts import site
from lib.places import bounded, shares_journal, workplace
from lib.recording import Recording, scan, wrapper
from lib.server import wait_for

COLOR, DISPLAYNAME, ETAG = clark("ICAL:calendar-color"), clark("D:displayname"), clark("D:getetag")
MKCALENDAR = """<C:mkcalendar xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:set><D:prop>
<D:displayname>Neu</D:displayname></D:prop></D:set></C:mkcalendar>"""


# Few names that make a list of names which is large enough to be kept in a growing pack.
LONG, MANY = "x" * 225, 260


class Unusable(Exception):
    """The server does not serve a state."""


def look(client, base):
    """{collection: (name, color, {item: ETag})} of what is served below `base`."""
    found = {}
    for href in listing(client, base, "D:resourcetype"):
        if not href.endswith("/") or href == base:
            continue
        members = listing(client, href, "D:getetag", "D:displayname", "ICAL:calendar-color")
        own = members.pop(href)
        items = {name.removeprefix(href): properties[ETAG].text for name, properties in members.items()
                 if ETAG in properties}
        found[href.removeprefix(base)] = (text(own.get(DISPLAYNAME)), text(own.get(COLOR)), items)
    return found


def listing(client, href, *names):
    answer = client.propfind(href, *names, depth=1)
    if answer.status != 207:
        raise Unusable(f"{answer.status} for {href}")
    return {href: properties for href, (_, properties) in answer.responses().items()}


def text(element):
    return None if element is None else element.text


def requests(client, known):
    """What is recorded: (title, function that sends it)."""
    def condition(name):
        return {"If-Match": known["one/"][2][name]}

    return [
        ("PUT of a new resource", lambda: client.put("/s/one/new.ics", samples.event(10))),
        ("PUT that changes one", lambda: client.put("/s/one/a.ics", samples.event(1, " x"), headers=condition("a.ics"))),
        ("DELETE", lambda: client.request("DELETE", "/s/one/b.ics")),
        ("MOVE", lambda: client.request("MOVE", "/s/one/c.ics", headers={"Destination": "/s/one/d.ics"})),
        ("PROPPATCH", lambda: client.proppatch("/s/one/", ICAL__calendar_color="#112233FF")),
        ("MKCALENDAR", lambda: client.xml("MKCALENDAR", "/s/two/", MKCALENDAR)),
        ("PUT into the new one", lambda: client.put("/s/two/e.ics", samples.event(11))),
        ("PUT of what a killed writer left", lambda: client.put("/s/two/f.ics", samples.event(12))),
        ("MOVE of a collection", lambda: client.request("MOVE", "/s/two/", headers={"Destination": "/s/three/"})),
        ("DELETE of a collection", lambda: client.request("DELETE", "/s/three/")),
    ]


def requests_of_many(client):
    """What is recorded of a collection whose writes go into a growing pack."""
    return [
        ("PUT into a large one", lambda: client.put(f"/s/large/{LONG}1.ics", samples.event(1, " x"))),
        ("PUT that begins a pack", lambda: client.put(f"/s/large/{LONG}2.ics", samples.event(2, " x"))),
        ("PUT that adds to it", lambda: client.put(f"/s/large/{LONG}3.ics", samples.event(3, " x"))),
        ("DELETE that adds to it", lambda: client.request("DELETE", f"/s/large/{LONG}4.ics")),
        ("PUT whose pack replaces another", lambda: client.put(f"/s/large/{LONG}5.ics", samples.event(5, " x"))),
    ]


def git_directory(path):
    return path / ".git" if (path / ".git").exists() else path


def record(checks, place, root, worktree, large):
    """Makes a store in `root`, changes it with a traced worker: (recording, what was served after each request)."""
    options = ["--worktree"] if worktree else []
    (root / "s").mkdir(parents=True)
    with site("nginx-fastcgi", place, root, workers=1, options=options) as server:
        client = server.client()
        made = "large" if large else "one"
        checks.equal("a calendar is made", client.xml("MKCALENDAR", f"/s/{made}/", MKCALENDAR).status, 201)
        for number, name in enumerate([f"{LONG}{n}" for n in range(MANY)] if large else "abc", 1 - large):
            client.put(f"/s/{made}/{name}.ics", samples.event(number))
        server.server.stop()
    if large:
        # One pack, so that the states are small.
        repository.git(root / "s/large", "repack", "-adq")
        for folder in (git_directory(root / "s/large") / "objects").glob("??"):
            if not any(folder.iterdir()):
                folder.rmdir()
    initial = scan(root)
    trace = place / "trace"
    served, times, titles, left = [], [], [], []
    with site("nginx-fastcgi", place, root, workers=1, options=options + ["--worker", str(wrapper(place, trace))]) as server:
        client = server.client()
        served.append(look(client, "/s/"))
        for title, send in requests_of_many(client) if large else requests(client, served[0]):
            if "killed writer" in title:
                # A killed writer's object: named, but nobody flushed it. The request needs the same one.
                before = scan(root)
                leave_object(git_directory(root / "s/two"), samples.event(12).encode())
                left.append((time.time(), before, scan(root)))
            times.append(time.time())
            answer = send()
            checks(f"{title} is acknowledged", answer.status in (200, 201, 204, 207), answer)
            served.append(look(client, "/s/"))
            titles.append(title)
        server.server.stop()
    recording = Recording(root, initial, times)
    recording.read(trace, left)
    live = Cut(recording, "strict", len(recording.log))
    replayed = live.build(live.names, live.bytes)
    real = scan(root)
    checks("the replay of the whole recording is what is on the disk", replayed == flat(real),
           [path for path in replayed.keys() | flat(real).keys() if replayed.get(path) != flat(real).get(path)][:8])
    return recording, served, titles


def leave_object(repository_path, content):
    subprocess.run(["git", "-c", "safe.directory=*", "--git-dir", str(repository_path), "hash-object", "-w", "--stdin"],
                   input=content, check=True, stdout=subprocess.DEVNULL)


def flat(node, path=""):
    found = {}
    for name, child in node.entries.items():
        found[path + name] = (child.kind, b"" if child.kind == "directory" else child.content)
        found.update(flat(child, f"{path}{name}/"))
    return found


def lay_out(state, place):
    place.mkdir()
    for path, (kind, content) in state.items():
        target = place / path
        if kind == "directory":
            target.mkdir()
        elif kind == "link":
            target.symlink_to(content.decode())
        else:
            target.write_bytes(content)
            if path.endswith(".lock"):
                # The machine was started since.
                os.utime(target, (1e9, 1e9))


def inspect(client, place, number, allowed, worktree):
    """What is wrong with the state laid out in `place`; empty when nothing is."""
    base = f"/{number}/s/"
    try:
        found = look(client, base)
        if found not in allowed:
            return f"serves {found}"
        if changed := next((name for name in ("one/", "large/") if name in found), None):
            status = client.put(f"{base}{changed}after.ics", samples.event(1300)).status
            if status != 201:
                return f"answers {status} to a write"
    except (OSError, Unusable, KeyError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"
    for name in found:
        path = place / "s" / name.rstrip("/")
        if problem := repository.fsck(path):
            return f"git fsck of {name}: {problem}"
        if worktree:
            if name == changed and (left := repository.git(path, "status", "--porcelain")):
                return f"git status of {name}: {left}"
            if "by hand" in (log := repository.git(path, "log", "--format=%s")) or "not yet" in log:
                return f"git log of {name}: {log}"
    for content in place.glob(".artemisios/trash/*/content"):
        if problem := repository.fsck(content):
            return f"git fsck of the trash: {problem}"
    return ""


def replay(checks, label, place, recorded, models, worktree, chances):
    """Looks at every state that a cut may leave: (cut points, states, failures)."""
    recording, served, titles = recorded
    cuts = [end for end in range(len(recording.log) + 1)
            if end == 0 or recording.log[end - 1][0] != "write out" or "journal" in models]
    states = {}
    for end in cuts:
        answered = sum(operation[0] == "answer" for operation in recording.log[:end])
        for model in models:
            for state in Cut(recording, model, end).states(chances):
                states.setdefault((signature(state), answered), (state, model, end, answered))
    failures = []
    # Git is no reader that looks again when a pack has gone: nobody repacks what it looks at.
    options = ["--no-fsync", "--no-maintenance"] + (["--worktree"] if worktree else [])
    data = place / "states"
    data.mkdir()
    with site("nginx-fastcgi", place, data, workers=3, options=options) as server:
        client = server.client()

        def judge(numbered):
            number, (state, model, end, answered) = numbered
            lay_out(state, data / str(number))
            problem = inspect(client, data / str(number), number, served[answered:answered + 2], worktree)
            shutil.rmtree(data / str(number), ignore_errors=True)
            return problem and f"{model}, {end} of {len(recording.log)}, {titles[min(answered, len(titles) - 1)]}: {problem}"

        with ThreadPoolExecutor(3) as pool:
            failures = [problem for problem in pool.map(judge, enumerate(states.values())) if problem]
    checks(f"{label}: {len(cuts)} cut points, {len(states)} states: the old or the new one is served", not failures,
           "\n".join([f"{len(failures)} fail"] + failures[:12]))
    return len(cuts), len(states), len(failures)


@contextmanager
def journaling_disk(ground):
    """`ground`, or a file system with a journal that is mounted there; None where only root could do that."""
    if shares_journal(ground):
        yield ground
        return
    image, place = ground / "image", ground / "journaling"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(256 << 20)
    made = os.geteuid() == 0 and shutil.which("mkfs.ext4") and all(subprocess.run(command).returncode == 0 for command in (
        ["mkfs.ext4", "-q", "-F", str(image)], ["mount", "-o", "loop", str(image), str(place)]))
    try:
        if made:
            place.chmod(0o755)
        yield place if made and shares_journal(place) else None
    finally:
        if made:
            subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def memory_disk():
    """A directory on a file system without a journal."""
    with tempfile.TemporaryDirectory(prefix="artemisios-", dir="/dev/shm") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def main():
    numbers = [argument for argument in sys.argv[1:] if argument != "large"]
    chances, only_large = int(numbers[0]) if numbers else 0, "large" in sys.argv
    bounded(1800)
    checks = Checks("power cuts")
    totals = [0, 0, 0]
    with workplace() as ground, journaling_disk(ground) as journaling, memory_disk() as memory:
        for worktree, large in ((False, False), (True, False), (False, True), (True, True)):
            if large < only_large:
                continue
            for disk, models in ((journaling, ["journal"]), (memory, ["strict"])):
                if not disk:
                    print(f"*** {ground} is on no ext4 or XFS with a journal, and none can be mounted there: the model of "
                          "their journal is left out ***", flush=True)
                    continue
                label = f"{'work tree' if worktree else 'bare'}, {models[0]}{', large' if large else ''}"
                place = disk / label.replace(", ", "-").replace(" ", "-")
                place.mkdir()
                recorded = record(checks, place, place / "data", worktree, large)
                theatre = memory / f"theatre-{place.name}"
                theatre.mkdir()
                for index, value in enumerate(replay(checks, label, theatre, recorded, models, worktree, chances)):
                    totals[index] += value
    print(f"cut points {totals[0]}, states {totals[1]}, failures {totals[2]}", flush=True)
    checks.finish()


if __name__ == "__main__":
    main()
