"""Where things are, and how long a script may take."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def binary(name):
    """The built executable; ARTEMISIOS_BIN names another directory than the debug build's."""
    path = Path(os.environ.get("ARTEMISIOS_BIN", ROOT / ".build" / "debug")) / name
    if not path.exists():
        sys.exit(f"{path} is missing: run `swift build` first, or set ARTEMISIOS_BIN.")
    return path


def tool(name):
    """A program of the Python environment that runs this script."""
    path = Path(os.environ.get("ARTEMISIOS_PYTHON", sys.executable)).parent / name
    if not path.exists():
        sys.exit(f"{path} is missing: ./deploy/test installs it.")
    return path


def free_port():
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shares_journal(path):
    """Whether names of files become durable together where `path` is: on XFS, and on ext4 that was made with a journal."""
    kind = subprocess.run(["stat", "-f", "-c", "%t", str(path)], capture_output=True, text=True).stdout.strip()
    if kind != "ef53":
        return kind == "58465342"
    device = os.stat(path).st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name
    thread = Path(f"/sys/fs/ext4/{block}/journal_task")
    return thread.exists() and thread.read_text().strip().isdigit()


def disk(folder):
    """Bytes of the blocks of all files below a folder; files come and go meanwhile."""
    total, pending = 0, [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        total += blocks(entry)
        except FileNotFoundError:
            pass
    return total


def blocks(entry):
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except FileNotFoundError:
        return 0


def bounded(seconds):
    """Ends the script, with its cleanup, when it takes longer."""

    def expired(*_):
        raise TimeoutError(f"not finished after {seconds} s")

    signal.signal(signal.SIGALRM, expired)
    signal.alarm(seconds)


@contextmanager
def workplace():
    """A temporary directory that a web server under another user can look into."""
    with tempfile.TemporaryDirectory(prefix="artemisios-") as name:
        os.chmod(name, 0o755)
        yield Path(name)
