"""What a power cut may leave on the disk.

Two models, both harder than the file systems they stand for:

- `strict`: only a flush of the file itself makes its bytes durable, and only a flush of a directory makes the names in it
  durable. Whatever else happened before the cut may have reached the disk or not, each by itself, in any order.
- `journal` (ext4, XFS): one journal has the names and sizes of all files in order, so that any flush makes all that came
  before it durable, and a cut leaves a beginning of the rest. Bytes are durable after a flush of their file, or after they
  were written out and anything was flushed then. The journal itself goes to the disk only after a flush of the disk's
  cache, so that bytes that were written out before a name was given are there whenever that name is. Other bytes may
  be missing while the name is there.

In both, a rename is there or not, never half. It is durable with its destination.
"""

import hashlib
import random

from .recording import apply_data, resize


class Cut:
    """The state after the first `end` operations, as the choices given to `build` have it."""

    def __init__(self, recording, model, end):
        self.recording, self.model, self.end = recording, model, end
        log = recording.log[:end]
        self.log = log
        flushes = [index for index, operation in enumerate(log) if operation[0] == "flush"]
        last_flush = flushes[-1] if flushes else -1
        flushed = {}
        written_out = {}
        for index in flushes:
            flushed[id(log[index][1])] = index
        everything = flushed.get(id(None), -1)
        for index, operation in enumerate(log):
            if operation[0] == "write out":
                written_out[id(operation[1])] = index

        def is_durable(index, operation):
            if operation[0] == "entries":
                if model == "journal":
                    return index < last_flush
                return index < max(everything, flushed.get(id(operation[1][0][0]), -1))
            if operation[0] == "size" and model == "journal":
                return index < last_flush
            until = max(everything, flushed.get(id(operation[1]), -1))
            if model == "journal":
                out = written_out.get(id(operation[1]), -1)
                until = max(until, out if out < last_flush else -1)
            return index < until

        kinds = ("entries", "size", "data")
        self.written_out = written_out
        self.durable = {i for i, operation in enumerate(log) if operation[0] in kinds and is_durable(i, operation)}
        self.names = [i for i, operation in enumerate(log)
                      if i not in self.durable and operation[0] in (("entries", "size") if model == "journal" else ("entries",))]
        self.bytes = [i for i, operation in enumerate(log)
                      if i not in self.durable and operation[0] in kinds and i not in self.names]

    def states(self, chances):
        """The states to look at: all lost, all kept, names without bytes, torn bytes, and some at random."""
        choice = random.Random(self.end)
        names, data = self.names, self.bytes
        yield self.build([], [])
        yield self.build(names, data)
        if not names and not data:
            return
        yield self.build(names, [])
        yield self.build(names, data, torn=True)
        if self.model == "strict":
            yield self.build([], data)
        for _ in range(chances):
            some = names[:choice.randint(0, len(names))] if self.model == "journal" else [
                i for i in names if choice.random() < 0.5]
            yield self.build(some, [i for i in data if choice.random() < 0.5], torn=choice.random() < 0.3)

    def build(self, names, data, torn=False):
        """{path: (kind, bytes)} of the state with the durable operations and these."""
        last = max(names, default=-1)
        follow = {i for i in self.bytes if i < self.written_out.get(id(self.log[i][1]), -1) < last} \
            if self.model == "journal" else set()
        chosen = self.durable.union(names, data, follow)
        undurable = set(data) - follow
        entries, contents = {}, {}
        for index in sorted(chosen):
            operation = self.log[index]
            if operation[0] == "entries":
                for directory, name, node in operation[1]:
                    held = entries.setdefault(id(directory), dict(directory.entries))
                    if node is None:
                        held.pop(name, None)
                    else:
                        held[name] = node
                continue
            content = contents.setdefault(id(operation[1]), bytearray(operation[1].content))
            if operation[0] == "size":
                resize(content, operation[2])
                continue
            written = operation[3]
            if torn and index in undurable:
                half = len(written) // 2
                written = written[:half] + bytes(len(written) - half)
            apply_data(content, operation[2], written)
        found = {}

        def walk(node, path):
            for name, child in sorted(entries.get(id(node), node.entries).items()):
                place = f"{path}{name}"
                if child.kind == "directory":
                    found[place] = ("directory", b"")
                    walk(child, place + "/")
                else:
                    found[place] = (child.kind, bytes(contents.get(id(child), child.content)))

        walk(self.recording.initial, "")
        return found


def signature(state):
    digest = hashlib.sha1()
    for path, (kind, content) in state.items():
        digest.update(f"{path}\0{kind}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()
