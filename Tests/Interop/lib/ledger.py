"""What a client may expect of a server that is being killed: which states each resource may have."""

import hashlib


def blob_id(content):
    """The id Git gives to a file of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def etag_of(content):
    return f'"{blob_id(content)}"'


class Ledger:
    """One writer's resources: each group of names has a list of the joint states it may be in.

    A state is {name: bytes or None for a resource that is not there}. While nothing is open each name has one state;
    a request without an answer leaves two, the one before it and the one after it. The names a request touched stay
    one group until a reading has decided, so half a move is never an expected state.
    """

    def __init__(self):
        self.certain = {}
        self.open = None
        self.tried = self.acknowledged = self.unanswered = self.refused = 0
        self.lost = []
        self.oddities = []

    def content(self, name):
        return self.certain.get(name)

    def begin(self, change):
        """A request that makes `change`, {name: bytes or None}, is about to be sent."""
        self.tried += 1
        self.open = ({name: self.certain.get(name) for name in change}, dict(change))

    def acknowledge(self):
        self.acknowledged += 1
        self.certain.update(self.open[1])
        self.open = None

    def refuse(self):
        """The server answered that it did not do it."""
        self.refused += 1
        self.open = None

    def leave(self):
        """No answer came: it stays open until `decide`."""
        self.unanswered += 1

    def decide(self, read):
        """Settles what is open by what `read(name)` finds: the state before or the one after, nothing between."""
        if self.open is None:
            return
        before, after = self.open
        found = {name: read(name) for name in before}
        if found not in (before, after):
            self.lost.append((sorted(found), "neither before nor after an unanswered request"))
        self.certain.update(found)
        self.open = None

    def verify(self, read):
        """Compares everything that is certain with what `read(name)` finds."""
        self.decide(read)
        for name, content in self.certain.items():
            found = read(name)
            if found != content:
                self.lost.append((name, "is missing" if found is None else "is there although deleted"
                                  if content is None else "has other bytes"))
