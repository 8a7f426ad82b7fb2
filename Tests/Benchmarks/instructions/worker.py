"""A worker under callgrind, which counts the instructions between one wait for a connection and the next."""

import os
import re
import socket
import subprocess
from contextlib import contextmanager

from lib.places import binary

from . import fastcgi

TOTALS = re.compile(r"^(?:totals|summary): (\d+)$", re.MULTILINE)


class Worker:
    """A running one, and what each of its requests has been counted as."""

    def __init__(self, place):
        self.place, self.kinds = place, []

    def request(self, kind, method, target, headers, body):
        """Status and body of the answer."""
        self.kinds.append(kind)
        return fastcgi.request(self.place / "worker.sock", method, target, headers, body)

    def counts(self):
        """Kind → instructions of each request, once the worker has ended.

        They are written whenever the worker starts to wait, in `Acceptor.next`, so the first are those of its start.
        """
        written = len(list(self.place.glob("callgrind.*")))
        if written != len(self.kinds) + 1:
            raise RuntimeError(f"{written} waits for {len(self.kinds)} requests: a request is no longer one")
        found = {}
        for number, kind in enumerate(self.kinds, 2):
            text = (self.place / f"callgrind.{number}").read_text()
            found.setdefault(kind, []).append(int(TOTALS.search(text)[1]))
        return found


@contextmanager
def worker(place, directory, *options):
    """One with the listening socket as its descriptor 0, as a process manager starts it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place / "worker.sock"))
        listener.listen(8)
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={place}/callgrind", "--dump-before=*8AcceptorC4next*",
                   "--compress-strings=no", str(binary("artemisios-worker")), f"--directory={directory}",
                   "--max-requests-per-worker=0",
                   # On a busy machine the first requests, which find no index, take minutes under callgrind.
                   "--request-timeout=0", *options]
        # Hash tables are the same in each run.
        environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no", "TZ": "UTC"}
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(command, stdin=listener, stdout=log, stderr=log, env=environment)
    try:
        yield Worker(place)
    finally:
        process.terminate()
        process.wait(60)
