"""cadaver, the command line client for WebDAV, does all it can through nginx.

Usage: cadaver.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]...
"""

import os
import re
import subprocess
import sys

from lib import samples
from lib.checks import Checks
from lib.fronts import FRONTS, program, site
from lib.places import bounded, workplace

USERS = {"anna": "a-secret"}


class Cadaver:
    """One user's cadaver, whose home has the password and a file or two."""

    def __init__(self, place, url, checks):
        self.url, self.checks = url, checks
        self.home = place / "home"
        self.home.mkdir()
        netrc = self.home / ".netrc"
        netrc.write_text(f"machine 127.0.0.1\nlogin anna\npassword {USERS['anna']}\n")
        netrc.chmod(0o600)

    def file(self, name, content=None):
        path = self.home / name
        if content is not None:
            path.write_bytes(content)
        return path

    def run(self, *commands):
        """Runs the commands in one session, which keeps its locks; gives what was printed."""
        result = subprocess.run(
            [program("cadaver"), self.url], input="\n".join([*commands, "quit", ""]).encode(), cwd=self.home,
            env={**os.environ, "HOME": str(self.home), "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return result.stdout.decode(errors="replace")

    def does(self, sentence, commands, wanted, unwanted=r"(?i)failed|error|denied|not found"):
        """Checks what a session prints: patterns all in it, and nothing of a failure."""
        output = self.run(*commands)
        missing = [pattern for pattern in wanted if not re.search(pattern, output)]
        return self.checks(f"{sentence} ({'; '.join(commands)})", not missing and not re.search(unwanted, output),
                           f"{missing} in {output}")


def plain_files(cadaver, client, checks):
    files = "/anna/files/"
    text = "Grüße aus Æbeltoft\n".encode() * 500
    cadaver.file("letter.txt", text)
    cadaver.file("second.txt", b"two\n")
    checks.equal("a plain collection is made", client.request("MKCOL", files).status, 201)
    cadaver.does("PUT", ["put letter.txt", "put second.txt other.txt", "mput letter.txt"],
                 [r"Uploading letter\.txt to `/anna/files/letter\.txt'", r"succeeded"])
    checks.equal("what was put is there", client.get(files + "letter.txt").body, text)
    cadaver.does("GET", ["get letter.txt fetched.txt", "cat other.txt"], [r"Downloading", r"succeeded", r"two"])
    checks.equal("what was got is what was put", cadaver.file("fetched.txt").read_bytes(), text)
    cadaver.does("MKCOL, and a listing", ["mkcol drawer", "ls"],
                 [r"Coll:\s+drawer", rf"letter\.txt\s+{len(text)}", r"other\.txt\s+4"])
    cadaver.does("a collection that is there is not made again", ["mkcol drawer"], [r"405|failed"], r"^$")
    cadaver.does("COPY", ["copy letter.txt drawer/copy.txt", "ls drawer"], [r"succeeded", r"copy\.txt"])
    checks.equal("the copy is the same", client.get(files + "drawer/copy.txt").body, text)
    cadaver.does("COPY of a collection", ["copy drawer chest", "ls chest"], [r"copy\.txt"])
    cadaver.does("MOVE", ["move other.txt drawer/moved.txt", "cat drawer/moved.txt"], [r"succeeded", r"two"])
    checks.equal("what was moved is gone from where it was", client.get(files + "other.txt").status, 404)
    cadaver.does("MOVE of a collection", ["move chest trunk", "ls"], [r"Coll:\s+trunk"])
    checks.equal("with what is in it", client.get(files + "trunk/copy.txt").body, text)
    cadaver.does("DELETE", ["delete drawer/moved.txt", "rmcol trunk"], [r"Deleting", r"succeeded"])
    checks.equal("both are gone", [client.get(files + name).status for name in ("drawer/moved.txt", "trunk/")],
                 [404, 404])


def locks(cadaver, client, checks):
    path = "/anna/files/letter.txt"
    held = cadaver.run("lock letter.txt", "showlocks", "discover letter.txt", "put second.txt letter.txt", "quit")
    checks("LOCK, shown and discovered, and a PUT by who holds it",
           all(re.search(pattern, held) for pattern in
               (r"Locking `letter\.txt': succeeded", r"Lock token <(opaquelocktoken|urn:uuid):", r"Depth", r"Scope: exclusive"))
           and "failed" not in held, held)
    checks.equal("which wrote", client.get(path).body, b"two\n")
    # The session has ended, and its locks stay.
    checks.equal("somebody who does not know the lock may not write", client.put(path, b"x", "text/plain").status, 423)
    cadaver.does("the lock is found again by its owner and given back",
                 ["steal letter.txt", "unlock letter.txt"], [r"Unlocking `letter\.txt': succeeded"])
    checks.equal("then all may write", client.put(path, b"free\n", "text/plain").status, 204)


def properties(cadaver, checks):
    cadaver.does("a property is set and read", ["set namespace http://example.org/ns",
                 'propset letter.txt mood "cheerful and kind"', "propget letter.txt mood"],
                 [r"succeeded", r"Value of mood is: cheerful and kind"])
    cadaver.does("names of properties", ["propnames letter.txt"],
                 [r"mood", r"getetag|getcontentlength", r"resourcetype"])
    cadaver.does("all properties", ["propget letter.txt"], [r"cheerful"])
    cadaver.does("a property goes", ["set namespace http://example.org/ns", "propdel letter.txt mood"], [r"succeeded"])
    cadaver.does("and is gone", ["propnames letter.txt"], [r"resourcetype"], r"mood")


def calendars(cadaver, client, checks):
    event = samples.event(1).encode()
    cadaver.file("event.ics", event)
    cadaver.does("a calendar takes an event", ["cd /anna/calendars/calendar/", "put event.ics", "ls"],
                 [r"succeeded", r"event\.ics\s+\d+"])
    checks.equal("which is there", client.get("/anna/calendars/calendar/event.ics").body, event)
    cadaver.does("a calendar refuses what is none", ["cd /anna/calendars/calendar/", "put second.txt x.ics"],
                 [r"failed|403|415"], r"succeeded")
    cadaver.does("and gives it back", ["cd /anna/calendars/calendar/", "get event.ics back.ics", "delete event.ics"],
                 [r"succeeded"])
    checks.equal("unchanged", cadaver.file("back.ics").read_bytes(), event)


def main():
    bounded(240)
    checks = Checks("cadaver")
    for name in sys.argv[1:] or FRONTS[:1]:
        with workplace() as place, site(name, place, place / "data", users=USERS) as server:
            cadaver = Cadaver(place, f"{server.front.url}anna/files/", checks)
            client = server.client("anna")
            plain_files(cadaver, client, checks)
            locks(cadaver, client, checks)
            properties(cadaver, checks)
            calendars(cadaver, client, checks)
    checks.finish()


if __name__ == "__main__":
    main()
