"""Looks at a collection with the git program."""

import fcntl
import subprocess
from contextlib import contextmanager
from pathlib import Path


def git_bytes(path, *arguments):
    """The output of a git command in the repository at `path`, whoever owns it."""
    command = ["git", "-c", "safe.directory=*", "-C", str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def git(path, *arguments):
    """The same as text."""
    return git_bytes(path, *arguments).decode()


def commits(path, since=None):
    """Every commit after `since`, newest first: author, committer, and the two trailers."""
    form = ("%H%x1f%an <%ae>%x1f%cn%x1f%(trailers:key=Remote-User,valueonly,separator=%x2C)"
            "%x1f%(trailers:key=Requester,valueonly,separator=%x2C)%x1f%s")
    span = f"{since}..HEAD" if since else "HEAD"
    names = ["id", "author", "committer", "user", "requester", "subject"]
    return [dict(zip(names, line.split("\x1f"))) for line in git(path, "log", f"--format={form}", span).splitlines()]


def head(path):
    """The commit HEAD points to, or None in a repository without one."""
    outcome = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(path), "rev-parse", "-q", "--verify", "HEAD"],
        capture_output=True, text=True)
    return outcome.stdout.strip() or None


def files(path):
    """Name → blob id of what HEAD holds."""
    listing = git(path, "ls-tree", "-r", "-z", "HEAD").split("\0")
    return {line.split("\t", 1)[1]: line.split()[2] for line in listing if line}


def objects(path):
    """Name → text of each calendar object that HEAD holds, its lines unfolded."""
    if head(path) is None:
        return {}
    found = {name: git(path, "cat-file", "blob", id) for name, id in files(path).items() if name.endswith(".ics")}
    return {name: text.replace("\r\n ", "") for name, text in found.items()}


@contextmanager
def nothing_pruned(path):
    """A time in which the server removes no file that a pack has.

    git fsck lists the loose objects, then reads them, and calls one missing that went into a pack between.
    """
    own = next((own for above in Path(path).resolve().parents if (own := above / ".artemisios").is_dir()), None)
    if own is None:
        yield
        return
    with (own / "prune.lock").open("ab") as permit:
        fcntl.flock(permit, fcntl.LOCK_EX)
        yield


def fsck(path):
    """What `git fsck --strict` finds wrong; empty when it is sound."""
    command = ["git", "-c", "safe.directory=*", "-C", str(path), "fsck", "--strict", "--no-dangling", "--no-progress"]
    with nothing_pruned(path):
        outcome = subprocess.run(command, capture_output=True, text=True)
    # An empty repository has a branch yet to be born, which fsck only mentions.
    found = "\n".join(line for line in (outcome.stdout + outcome.stderr).splitlines() if not line.startswith("notice: "))
    return found or ("" if outcome.returncode == 0 else f"exit status {outcome.returncode}")


def locks(path):
    """Lock files that would stop the git program; artemisios.lock is the server's own and stays, unlocked."""
    return [str(file.relative_to(path)) for file in path.rglob("*.lock") if file.name != "artemisios.lock"]
