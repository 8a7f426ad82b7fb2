"""The servers that are measured, each on a directory of its own."""

import base64
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import data
from connection import Connection
from lib.fronts import site
from lib.places import ROOT, free_port
from lib.server import other_server, xandikos_server


class Subject:
    """A running server to send requests to: its first process, and the directory that it keeps objects in."""

    def __init__(self, name, port, root, directory, always=None):
        self.name, self.port, self.root, self.directory, self.always = name, port, root, directory, always
        self.connection = self.connect()

    def connect(self):
        """Another connection to it."""
        return Connection(self.port, self.always)

    def send(self, method, path, headers, body):
        return self.connection.send(method, path, headers, body)

    def token(self, path=data.CALENDAR):
        """The sync state of a collection."""
        body = b'<propfind xmlns="DAV:"><prop><sync-token/></prop></propfind>'
        _, answer = self.send("PROPFIND", path, {"Depth": "0", "Content-Type": "text/xml"}, body)
        return answer.split(b"sync-token>")[1].split(b"<")[0].decode()


@contextmanager
def artemisios(place, directory, workers=1, options=()):
    """This server behind nginx; no worker is replaced, for it would take its figures along."""
    place.mkdir()
    place.chmod(0o755)
    options = ["--max-requests-per-worker", "0", *options]
    with site("nginx-fastcgi", place, directory, workers=workers, options=options) as running:
        yield Subject("Artemisios", running.front.port, running.server.process.pid, directory)


@contextmanager
def peer(name, directory, port, start, always=None):
    """Another server; `start` starts it, given how to find out that it answers."""
    subject = Subject(name, port, None, directory, always)
    with start(lambda: subject.send("OPTIONS", data.CALENDAR, {}, None)[0] == 200) as process:
        subject.root = process.pid
        yield subject


def xandikos(place, directory):
    """Xandikos by itself, without a web server."""
    place.mkdir(exist_ok=True)
    port = free_port()
    return peer("Xandikos", directory, port, partial(xandikos_server, directory, place, port))


# Without a user it asks for one when a client wants to know its principal; any will do.
RADICALE_USER = {"Authorization": "Basic " + base64.b64encode(b"user:any").decode()}


def radicale(place, directory):
    """Radicale by itself, with the same paths, which are open to everybody."""
    place.mkdir()
    port = free_port()
    (place / "rights").write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n")
    (place / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = from_file\n"
        f"file = {place}/rights\n[storage]\nfilesystem_folder = {directory}\n[logging]\nlevel = warning\n")
    command = [Path(os.environ.get("ARTEMISIOS_PEERS", ROOT / ".cache/peers")) / "bin/radicale",
               "--config", place / "config"]
    return peer("Radicale", directory, port, partial(other_server, command, place, {}), RADICALE_USER)


def fill(subject, count):
    """Puts the first `count` objects of both collections as clients do, one by one."""
    media = {"calendar": "text/calendar", "addressbook": "text/vcard"}
    for path, kind in [(data.CALENDAR, "calendar"), (data.ADDRESSBOOK, "addressbook")]:
        for number in range(count):
            name = f"{path}{kind}-{number}.{data.ENDING[kind]}"
            headers = {"Content-Type": f"{media[kind]}; charset=utf-8", "If-None-Match": "*"}
            status, answer = subject.send("PUT", name, headers, data.SAMPLE[kind](number).encode())
            if status not in (201, 204):
                raise RuntimeError(f"{subject.name} answered PUT of {name} with {status}: {answer[:200]}")


# What a peer is started by, and the layout of its directory.
PEERS = {"xandikos": (xandikos, "worktrees"), "radicale": (radicale, "radicale")}
