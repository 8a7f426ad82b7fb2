"""What goes wrong on a bad day: killed processes and a full disk."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from .places import binary
from .server import children, is_maintenance, wait_for


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


@contextmanager
def small_disk(place, megabytes):
    """A file system of its own at `place`, or None where only root could mount one."""
    place.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(place)]).returncode == 0
    if not mounted:
        print("*** NOT ROOT, OR NO MOUNT: the part with the full disk is left out ***", file=sys.stderr, flush=True)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


class Upheaval:
    """Kills workers, the supervisor and repacks, and fills the disk, at random until stopped."""

    def __init__(self, pool, disk, directory, repositories, seed):
        self.pool, self.disk, self.directory, self.repositories = pool, disk, directory, repositories
        self.chance = random.Random(seed)
        self.counts = dict.fromkeys(["worker", "supervisor", "maintenance", "full disk"], 0)
        self.failure = None
        self.stopping = threading.Event()
        # One at a time looks for workers to kill or makes new ones.
        self.processes = threading.Lock()
        deeds = [(self.kill_worker, 0.05, 0.5), (self.kill_supervisor, 3, 12), (self.kill_maintenance, 0.2, 3)]
        deeds += [(self.fill_disk, 1, 8)] if disk else []
        self.threads = [threading.Thread(target=self.repeat, args=deed, daemon=True) for deed in deeds]

    def start(self):
        for thread in self.threads:
            thread.start()

    def repeat(self, deed, shortest, longest):
        try:
            while not self.stopping.wait(self.chance.uniform(shortest, longest)):
                deed()
        except BaseException as error:  # Told by the main thread, which also ends.
            self.failure = error

    def kill_worker(self):
        with self.processes:
            workers = self.pool.workers()
            if workers:
                kill(self.chance.choice(workers))
                self.counts["worker"] += 1

    def kill_supervisor(self):
        """Its children go too, as they do when a service manager kills the service, but a moment later."""
        with self.processes:
            its_children = children(self.pool.process.pid)
            self.pool.process.kill()
            self.pool.process.wait()
            time.sleep(self.chance.uniform(0, 0.3))
            for child in its_children:
                kill(child)
            self.pool.__enter__()
            self.counts["supervisor"] += 1

    def kill_maintenance(self):
        """Kills the server's own maintenance, or starts more of it and, but for one in three, kills it on the way."""
        with self.processes:
            own = [pid for pid in children(self.pool.process.pid) if is_maintenance(pid)]
        if own and self.chance.random() < 0.3:
            kill(own[0])
            self.counts["maintenance"] += 1
            return
        repository = self.chance.choice(self.repositories)
        command = self.chance.choice([
            [binary("artemisios"), "maintain", "--full", "--directory", self.directory],
            ["git", "-c", "safe.directory=*", "-C", repository, "gc", "--quiet"],
        ])
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        try:
            process.wait(self.chance.choice([0.02, 0.1, 30]))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.counts["maintenance"] += 1
        # A killed `git gc` leaves its own lock, which Git heeds for twelve hours.
        for lock in repository.rglob("gc.pid*"):
            lock.unlink(missing_ok=True)

    def fill_disk(self):
        """Leaves between nothing and some pages free for a moment, again and again."""
        filler = self.disk / "filler"
        try:
            with filler.open("wb") as file:
                for _ in range(self.chance.randint(1, 5)):
                    free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
                    room = self.chance.choice([0, 4096, 8192, 20000, 60000])
                    if free > room:
                        try:
                            os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free - room)
                        except OSError:
                            pass
                    time.sleep(self.chance.uniform(0.05, 0.25))
        finally:
            filler.unlink(missing_ok=True)
        self.counts["full disk"] += 1

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(120)
        if self.failure:
            raise self.failure
        return wait_for(lambda: len(self.pool.workers()) == self.pool.workers_wanted, 60)

