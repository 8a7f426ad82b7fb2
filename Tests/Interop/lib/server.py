"""Runs `artemisios serve`."""

import grp
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from .places import binary, tool


def children(pid):
    """The processes whose parent is `pid`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if fields[1] == str(pid) and fields[0] != "Z":
            found.append(int(entry.name))
    return sorted(found)


def runs(pid, subcommand):
    """True for a process that runs `artemisios subcommand`; one that is no more runs nothing."""
    try:
        return f"\0{subcommand}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def is_maintenance(pid):
    """True for the child that repacks."""
    return runs(pid, "maintain")


def is_companion(pid):
    """True for the children that are no workers: they repack, and send and take mails."""
    return any(runs(pid, name) for name in ("maintain", "lmtp", "send-mail"))


def wait_for(condition, seconds=15, every=0.05):
    """What `condition` gives once it gives something true, or what it gave last."""
    end = time.monotonic() + seconds
    while True:
        outcome = condition()
        if outcome or time.monotonic() > end:
            return outcome
        time.sleep(every)


@contextmanager
def other_server(command, place, environment, answers):
    """A server of others, its home and its log in `place`, from when it answers until the end."""
    with (place / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=place, start_new_session=True,
                                   env={**os.environ, **environment, "HOME": str(place)})

    def is_up():
        try:
            return process.poll() is not None or answers()
        except OSError:
            return False

    try:
        if not wait_for(is_up, 30) or process.poll() is not None:
            raise RuntimeError(f"{command[0]} did not start:\n{(place / 'log').read_text()}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def xandikos_server(directory, place, port, answers):
    """Xandikos by itself, without a web server in front."""
    identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
                for key, value in (("NAME", "Xandikos"), ("EMAIL", "xandikos@example.org"))}
    command = [tool("xandikos"), "serve", "-d", directory, "--defaults", "-l", "127.0.0.1", "-p", str(port)]
    return other_server(command, place, identity, answers)


class Server:
    """One `artemisios serve` with its workers, on a unix socket in `place`."""

    def __init__(self, place, directory, protocol="fastcgi", workers=2, options=()):
        self.socket = place / "artemisios.sock"
        self.log = place / "artemisios.log"
        self.workers_wanted = workers
        self.command = [
            str(binary("artemisios")), "serve", "--directory", str(directory),
            "--listen", f"unix:{self.socket}", "--protocol", protocol, "--workers", str(workers),
        ]
        # As root the web server runs as its own user, which the socket's group lets in.
        if os.geteuid() == 0 and "www-data" in {group.gr_name for group in grp.getgrall()}:
            self.command += ["--socket-mode", "660", "--socket-group", "www-data"]
        self.command += list(options)
        self.process = None

    def __enter__(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        up = wait_for(lambda: self.process.poll() is not None or (
            self.socket.exists() and len(self.workers()) == self.workers_wanted))
        if not up or self.process.poll() is not None:
            self.__exit__()
            raise RuntimeError(f"the server did not start: {self.command}\n{self.tail()}")
        return self

    def workers(self):
        """The process ids of the workers."""
        return [pid for pid in children(self.process.pid) if not is_companion(pid)]

    def stop(self):
        """Stops it as systemd would; gives the exit status, or None when it had to be killed."""
        workers = self.workers()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired:
            status = None
            self.process.kill()
            self.process.wait()
        for worker in workers:
            try:
                os.kill(worker, signal.SIGKILL)
                status = None
            except ProcessLookupError:
                pass
        return status

    def __exit__(self, *_):
        self.stop()

    def tail(self, lines=25):
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
