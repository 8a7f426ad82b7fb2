"""The directories that the servers start with: the same objects, each in the layout that the server makes itself.

The repositories are written as a user could have pushed them, by git itself, so that 100,000 objects take seconds.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Interop"))

from lib import samples  # noqa: E402

CALENDAR = "/user/calendars/calendar/"
ADDRESSBOOK = "/user/contacts/addressbook/"
ENDING = {"calendar": "ics", "addressbook": "vcf"}
# The first objects are as real clients make them; beyond them are events of another year and contacts without a photo,
# so that what is asked for stays as much as it is while the collection grows.
VARIED = 1000
IDENTITY = ["-c", "user.name=davbench", "-c", "user.email=davbench@example.org", "-c", "init.defaultBranch=master"]


def event(number, note=""):
    """The event of a number; from 1,000 on a single one, in 2015."""
    if number < VARIED:
        return samples.event(number, note)
    return samples.event(number * 5 + 1, note).replace(":2026", ":2015")


def new_event(number):
    """An event that no collection has yet."""
    return samples.event(10_000_000 + number)


def contact(number, note=""):
    """The contact of a number; from 1,000 on without a photo."""
    text = samples.contact(number - 1 if number >= VARIED and number % 10 == 0 else number, note)
    return re.sub(r"contact-\d+@", f"contact-{number}@", text)


SAMPLE = {"calendar": event, "addressbook": contact}


def objects(kind, count, note=""):
    """Name and bytes of each object of a collection, and the file that says what it is."""
    yield ".xandikos", f"[DEFAULT]\ntype = {kind}\n".encode()
    for number in range(count):
        yield f"{kind}-{number}.{ENDING[kind]}", SAMPLE[kind](number, note).encode()


def git(folder, *arguments, given=None):
    """The output of a git command."""
    return subprocess.run(["git", *IDENTITY, "-C", str(folder), *arguments], input=given, check=True,
                          capture_output=True).stdout.decode().strip()


def repository(folder, files, bare=True):
    """A packed repository whose one commit has these files; with a work tree when it is not bare."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *(["--bare"] if bare else []))
    tree = []
    with subprocess.Popen(["git", "-C", str(folder), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"],
                          stdin=subprocess.PIPE) as importer:
        for name, content in files:
            importer.stdin.write(b"blob\ndata %d\n%s\n" % (len(content), content))
            blob = hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()
            tree.append(f"100644 blob {blob}\t{name}\n")
    if importer.returncode:
        raise RuntimeError(f"git fast-import ended with {importer.returncode}")
    made = git(folder, "mktree", given="".join(tree).encode())
    commit = git(folder, "commit-tree", "-m", f"{len(tree)} files", made)
    git(folder, "update-ref", "HEAD", commit)
    repack(folder, bare)
    git(folder, "pack-refs", "--all")
    if not bare:
        git(folder, "reset", "-q", "--hard")


def repack(folder, whole):
    """One pack; with `whole` objects in it, no differences from one another, as the server's own packs have them."""
    with tempfile.NamedTemporaryFile("w") as attributes:
        attributes.write("* -delta\n")
        attributes.flush()
        options = ["-c", f"core.attributesFile={attributes.name}"] if whole else []
        git(folder, *options, "repack", "-adfq" if whole else "-adq")


def plain(folder, files, kind):
    """A collection as Radicale keeps it: a file an object, and no history."""
    folder.mkdir(parents=True)
    tag = {"calendar": "VCALENDAR", "addressbook": "VADDRESSBOOK"}[kind]
    (folder / ".Radicale.props").write_text(json.dumps({"tag": tag}))
    for name, content in files:
        if name != ".xandikos":
            (folder / name).write_bytes(content)


def make(directory, layout, count):
    """A calendar and an address book of `count` objects each; the layout is bare, worktrees or radicale."""
    for path, kind in [(CALENDAR, "calendar"), (ADDRESSBOOK, "addressbook")]:
        files = objects(kind, count)
        if layout == "radicale":
            plain(directory / "collection-root" / path.strip("/"), files, kind)
        else:
            repository(directory / path.strip("/"), files, bare=layout == "bare")
    return directory
