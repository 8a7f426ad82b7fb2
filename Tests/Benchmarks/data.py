"""The directories that the servers start with: the same objects, each in the layout that the server makes itself."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Interop"))

from lib import samples  # noqa: E402

CALENDAR = "/user/calendars/calendar/"
ADDRESSBOOK = "/user/contacts/addressbook/"
BOOKS = [
    (CALENDAR, "calendar", "ics", samples.event),
    (ADDRESSBOOK, "addressbook", "vcf", samples.contact),
]


def git(*arguments):
    identity = ["-c", "user.name=davbench", "-c", "user.email=davbench@example.org", "-c", "init.defaultBranch=master"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def make(place, count):
    """Two directories with `count` events and contacts: as Xandikos keeps them, and as this server does."""
    worktrees, bare = place / "worktrees", place / "bare"
    for path, kind, ending, sample in BOOKS:
        folder = worktrees / path.strip("/")
        folder.mkdir(parents=True)
        git("init", "-q", str(folder))
        (folder / ".xandikos").write_text(f"[DEFAULT]\ntype = {kind}\n")
        for number in range(count):
            (folder / f"{kind}-{number}.{ending}").write_bytes(sample(number).encode())
        git("-C", str(folder), "add", "-A")
        git("-C", str(folder), "commit", "-q", "-m", f"{count} objects")
        git("-C", str(folder), "gc", "-q")
        target = bare / path.strip("/")
        target.parent.mkdir(parents=True)
        git("clone", "-q", "--bare", str(folder), str(target))
        git("-C", str(target), "remote", "remove", "origin")
    return worktrees, bare


def copy(directory, name):
    """A copy for one server."""
    target = directory.with_name(name)
    shutil.copytree(directory, target, symlinks=True)
    return target
