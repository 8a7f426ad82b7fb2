"""The file operations of a worker, as strace saw them."""

import os
import re
import shutil
import stat
import sys
from pathlib import Path

from .places import binary

CALLS = ("openat,open,creat,close,dup,dup2,dup3,lseek,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendfile,"
         "copy_file_range,fallocate,fsync,fdatasync,syncfs,sync,sync_file_range,rename,renameat,renameat2,unlink,"
         "unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,link,linkat,symlink,symlinkat")

LINE = re.compile(r"^\d+\s+([\d.]+) (\w+)\((.*)\)\s+= (-?\d+)")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def wrapper(place, trace):
    """A program that is a worker with strace watching it."""
    strace = shutil.which("strace")
    if not strace:
        sys.exit("strace is not installed: ./deploy/test installs it.")
    path = Path(place) / "traced-worker"
    path.write_text(f'#!/bin/sh\nexec {strace} -D -f -y -xx -ttt -s 100000000 -e signal=none -e trace={CALLS} '
                    f'-o {trace} {binary("artemisios-worker")} "$@"\n')
    path.chmod(0o755)
    return path


class Node:
    """A file, directory or link on the disk of the model."""

    def __init__(self, kind, content=b""):
        self.kind = kind
        self.content = content
        self.entries = {}


def scan(path):
    """The model of what is at `path` now."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return Node("link", os.readlink(path).encode())
    if not stat.S_ISDIR(mode):
        return Node("file", path.read_bytes())
    node = Node("directory")
    for child in sorted(path.iterdir()):
        # The index is made anew when it is lost; the others are not the worker's.
        if path.name != ".artemisios" or child.name not in ("index", "maintenance.lock", "prune.lock", "changed"):
            node.entries[child.name] = scan(child)
    return node


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


class Recording:
    """A log of operations on the nodes of a model, made from a trace.

    Entries of the log: `("entries", [(directory, name, node or None)…])`, which happen together; `("data", node, offset,
    bytes)`; `("size", node, length)`; `("flush", node)`, of all for None; `("write out", node)`; `("answer",)`, a success
    given to a client.
    """

    def __init__(self, root, initial, times):
        self.root, self.initial, self.times = root, initial, list(times)
        self.log = []
        self.live = {id(initial): dict(initial.entries)}
        self.contents = {}
        self.files = {}

    def entries(self, node):
        return self.live.setdefault(id(node), dict(node.entries))

    def content(self, node):
        return self.contents.setdefault(id(node), bytearray(node.content))

    def add(self, *operation):
        self.log.append(operation)
        if operation[0] == "entries":
            for directory, name, node in operation[1]:
                if node is None:
                    self.entries(directory).pop(name, None)
                else:
                    self.entries(directory)[name] = node
        elif operation[0] == "data":
            apply_data(self.content(operation[1]), operation[2], operation[3])
        elif operation[0] == "size":
            resize(self.content(operation[1]), operation[2])

    def place(self, path):
        """(directory, name) of a path below the root, or None for one elsewhere or in the index."""
        relative = os.path.relpath(path, self.root)
        parts = relative.split("/")
        if parts[0] == ".." or parts[:2] == [".artemisios", "index"] or relative == ".":
            return None
        node = self.initial
        for part in parts[:-1]:
            node = self.entries(node).get(part)
            if node is None or node.kind != "directory":
                return None
        return node, parts[-1]

    def add_difference(self, before, after, directory):
        """What was made between two scans by somebody who flushed the bytes, but not the names."""
        for name, node in after.entries.items():
            old = before.entries.get(name)
            if old is None:
                self.add_new(directory, name, node)
            elif node.kind == "directory":
                self.add_difference(old, node, self.entries(directory)[name])
            elif old.content != node.content:
                raise ValueError(f"{name} was changed, not made")

    def add_new(self, directory, name, node):
        fresh = Node(node.kind, node.content)
        self.add("entries", [(directory, name, fresh)])
        for child, below in node.entries.items():
            self.add_new(fresh, child, below)

    def read(self, trace, others=()):
        """Reads a trace; `others` are (time, scan before, scan after) of what somebody else did meanwhile."""
        others = list(others)
        for line in trace.read_text().splitlines():
            if found := LINE.match(line):
                time, call, arguments, result = float(found[1]), found[2], found[3], int(found[4])
                if others and time >= others[0][0]:
                    _, before, after = others.pop(0)
                    self.add_difference(before, after, self.initial)
                if result >= 0:
                    self.call(time, call, arguments, result)

    def call(self, time, call, arguments, result):
        words = arguments.split(", ")
        number = words[0].split("<")[0]
        strings = [unhex(text) for text in QUOTED.findall(arguments)]
        if call in ("openat", "open", "creat"):
            self.open(path_of(words, 0, 1) if call == "openat" else path_of(words, None, 0), arguments, result, call)
        elif call in ("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg"):
            self.write(time, call, words, number, b"".join(strings)[:result], result)
        elif call in ("sendfile", "copy_file_range", "fallocate", "dup", "dup2", "dup3"):
            if self.files.get(int(number)):
                raise ValueError(f"{call} is not modelled")
        elif call == "lseek":
            if opened := self.files.get(int(number)):
                opened[1] = result
        elif call == "close":
            self.files.pop(int(number), None)
        elif call in ("fsync", "fdatasync", "sync_file_range"):
            if call == "sync_file_range" and "WAIT_AFTER" not in arguments:
                # Begun, and not waited for: that promises nothing.
                return
            if opened := self.files.get(int(number)):
                self.add("write out" if call == "sync_file_range" else "flush", opened[0])
        elif call in ("syncfs", "sync"):
            self.add("flush", None)
        elif call == "ftruncate":
            if opened := self.files.get(int(number)):
                self.add("size", opened[0], int(words[1]))
        else:
            self.name(call, words)

    def open(self, path, arguments, result, call):
        self.files[result] = None
        place = self.place(path)
        if place is None:
            if os.path.normpath(path) == str(self.root):
                self.files[result] = [self.initial, 0, False]
            return
        directory, name = place
        node = self.entries(directory).get(name)
        if node is None:
            if "O_CREAT" not in arguments and call != "creat":
                raise ValueError(f"{path} is not in the model")
            node = Node("file")
            self.add("entries", [(directory, name, node)])
        elif ("O_TRUNC" in arguments or call == "creat") and self.content(node):
            self.add("size", node, 0)
        self.files[result] = [node, 0, "O_APPEND" in arguments]

    def write(self, time, call, words, number, data, result):
        opened = self.files.get(int(number))
        if opened is None:
            if b"Status: 2" in data and self.times and time >= self.times[0]:
                self.times.pop(0)
                self.add("answer")
            return
        node, offset, appends = opened
        if call.startswith("pwrite"):
            self.add("data", node, int(words[-1]), data)
            return
        if appends:
            offset = len(self.content(node))
        self.add("data", node, offset, data)
        opened[1] = offset + result

    def name(self, call, words):
        at = call.endswith("at") or call.endswith("at2")
        first = path_of(words, 0, 1) if at else path_of(words, None, 0)
        if call.startswith(("rename", "link")):
            second = path_of(words, 2, 3) if at else path_of(words, None, 1)
            source, target = self.place(first), self.place(second)
            if source is None or target is None:
                if source or target:
                    raise ValueError(f"{call} across the border: {first} {second}")
                return
            node = self.entries(source[0])[source[1]]
            changes = [(*target, node)]
            self.add("entries", changes if call.startswith("link") else [*changes, (*source, None)])
        elif call.startswith("symlink"):
            place = self.place(path_of(words, 1, 2) if at else path_of(words, None, 1))
            if place:
                self.add("entries", [(*place, Node("link", unhex(QUOTED.match(words[0])[1])))])
        elif place := self.place(first):
            made = call.startswith("mkdir")
            self.add("entries", [(*place, Node("directory") if made else None)])


def path_of(words, directory, position):
    path = unhex(QUOTED.match(words[position])[1]).decode()
    if path.startswith("/") or directory is None:
        return path
    return os.path.join(unhex(re.search(r"<((?:\\x[0-9a-f]{2})*)>", words[directory])[1]).decode(), path)


def apply_data(content, offset, data):
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


def resize(content, length):
    del content[length:]
    content.extend(bytes(length - len(content)))
