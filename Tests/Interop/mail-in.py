"""Invitations come by LMTP and by a pipe: by many at once, twice, for those who are busy, and from those who should not.

Usage: mail-in.py [MESSAGES]
"""

import fcntl
import os
import re
import signal
import smtplib
import socket as stdlib_socket
import subprocess
import sys
import threading

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import binary, bounded, workplace
from lib.repository import commits, files, head, objects
from lib.server import children, runs, wait_for

USERS = {name: "secret" for name in ("ana@b.example", "bob@b.example", "cleo@b.example")}
CONNECTIONS = 20


def receiver(server):
    """The process that takes mails."""
    for pid in children(server.process.pid):
        if runs(pid, "lmtp"):
            return pid
    return None


def calendar(data, user, name="calendars/calendar"):
    return data / user / name


def event_of(data, user, uid):
    """The text of an event in the calendar of a user, empty without it."""
    return next((text for text in objects(calendar(data, user)).values() if f"UID:{uid}" in text), "")


def count(data, user):
    """The number of events in the calendar of a user."""
    return sum(name.endswith(".ics") for name in files(calendar(data, user)))


def state(data):
    """How long the histories of the calendars and inboxes of all are: a change makes them longer."""
    return {(user, name): len(commits(calendar(data, user, name))) if head(calendar(data, user, name)) else 0
            for user in USERS for name in ("calendars/calendar", "inbox")}


def answers(checks, socket):
    """RFC 2033 §4.2: a reply for each recipient, from what became of the mail there."""
    session = mail.LMTP(str(socket))
    event = mail.event("each@a.example", "olga@a.example", ["ana@b.example", "bob@b.example"], method="REQUEST")
    replies = session.deliver(
        mail.invitation(event, "olga@a.example", ["ana@b.example"]), "olga@a.example",
        ["ana@b.example", "nobody@b.example", "bob+calendar@b.example"])
    checks.equal("each recipient is answered", {name: reply[0] for name, reply in replies.items()},
                 {"ana@b.example": 250, "nobody@b.example": 550, "bob+calendar@b.example": 250})
    forged = session.deliver(
        mail.invitation(event, "eve@evil.example", ["ana@b.example"]), "eve@evil.example", ["ana@b.example"])
    checks.equal("a stranger cannot write as the organizer", forged["ana@b.example"][0], 554)
    broken = session.deliver(
        mail.invitation("BEGIN:VCALENDAR\r\n", "olga@a.example", []), "olga@a.example", ["ana@b.example"])
    checks.equal("what is no calendar is refused", broken["ana@b.example"][0], 554)
    ordinary = session.deliver(b"From: olga@a.example\r\nSubject: Hello\r\n\r\nHello\r\n", "olga@a.example", ["ana@b.example"])
    checks.equal("ordinary mail does not bounce", ordinary["ana@b.example"][0], 250)
    session.quit()


def extensions(checks, data, socket):
    """RFC 1870, 2920, 6152, 6531: size, pipelining, eight bits, addresses in UTF-8."""
    session = mail.LMTP(str(socket))
    checks.equal("the extensions are announced", {name: session.has_extn(name) for name in (
        "SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH", "CHUNKING")}, dict.fromkeys(
        ["SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"], True) | {"AUTH": False, "CHUNKING": False})
    most = int(session.esmtp_features["size"])
    large = session.deliver(b"", "olga@a.example", ["ana@b.example"], f" SIZE={most + 1}")
    checks.equal("a mail that says it is too large is refused", large["ana@b.example"][0], 552)
    event = mail.event("eight@a.example", "olga@a.example", ["ana@b.example"], "Frühstück", method="REQUEST")
    eight = ("From: Ölga <olga@a.example>\r\nTo: ana@b.example\r\nSubject: Frühstück\r\nMIME-Version: 1.0\r\n"
             "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + event)
    replies = session.deliver(eight.encode(), "ölga@a.example", ["ana@b.example", "bøb@b.example"], " BODY=8BITMIME SMTPUTF8")
    checks.equal("a mail with eight bits is taken, from and to addresses in UTF-8",
                 {name: reply[0] for name, reply in replies.items()}, {"ana@b.example": 250, "bøb@b.example": 550})
    checks("and its letters are as they were", "SUMMARY:Frühstück" in event_of(data, "ana@b.example", "eight@a.example"))
    session.quit()
    with stdlib_socket.socket(stdlib_socket.AF_UNIX) as raw:
        raw.connect(str(socket))
        raw.sendall(b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@b.example>\r\nRCPT TO:<ana@b.example>\r\nDATA\r\n"
                    b"From: a@b.example\r\n\r\nHi\r\n.\r\nQUIT\r\n")
        codes = [line[:3] for line in raw.makefile("rb") if line[3:4] == b" "]
    checks.equal("all at once is answered in order", codes, [b"220", b"250", b"250", b"550", b"250", b"354", b"250", b"221"])


def busy(checks, data, socket):
    """RFC 2033 §4.2: who cannot be served now is to be tried again, and the others are served."""
    event = mail.event("busy@a.example", "olga@a.example", ["ana@b.example", "bob@b.example"], method="REQUEST")
    message = mail.invitation(event, "olga@a.example", ["ana@b.example"])
    session = mail.LMTP(str(socket))
    with next(calendar(data, "bob@b.example").rglob("artemisios.lock")).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        replies = session.deliver(message, "olga@a.example", ["ana@b.example", "bob@b.example"])
    checks.equal("450 for who is busy, 250 for who is not", {name: reply[0] for name, reply in replies.items()},
                 {"ana@b.example": 250, "bob@b.example": 450})
    before = state(data)
    again = session.deliver(message, "olga@a.example", ["bob@b.example", "ana@b.example"])
    checks.equal("then it works", {reply[0] for reply in again.values()}, {250})
    checks("and changes only what had yet to be changed", event_of(data, "bob@b.example", "busy@a.example") and
           before["ana@b.example", "calendars/calendar"] == state(data)["ana@b.example", "calendars/calendar"])
    session.quit()


def repeated(checks, running, data, socket):
    """RFC 1047: a mail may come twice. The change that it tells of is made once."""
    session = mail.LMTP(str(socket))
    ana, olga = "ana@b.example", "olga@a.example"

    def twice(what, text, sender, method):
        before = state(data)
        first = session.deliver(mail.invitation(text, sender, [ana], method), sender, [ana])[ana]
        middle = state(data)
        second = session.deliver(mail.invitation(text, sender, [ana], method), sender, [ana])[ana]
        checks.equal(f"{what} that comes twice: both are taken", (first[0], second[0]), (250, 250))
        checks(f"{what} that comes twice changes something once", before != middle and state(data) == middle,
               (before, middle, state(data)))

    people = [(olga, "ACCEPTED"), ana]
    twice("an invitation", mail.event("twice@a.example", olga, people, method="REQUEST"), olga, "REQUEST")
    twice("another time", mail.event("twice@a.example", olga, people, method="REQUEST", sequence=1, start="20270302T100000Z",
                                     end="20270302T110000Z", stamp="20260102T000000Z"), olga, "REQUEST")
    twice("one instance", mail.event("twice@a.example", olga, people, method="ADD", sequence=2, start="20270305T100000Z",
                                     end="20270305T110000Z", stamp="20260103T000000Z"), olga, "ADD")
    twice("a cancellation", mail.event("twice@a.example", olga, people, method="CANCEL", sequence=3, start="20270302T100000Z",
                                       end="20270302T110000Z", stamp="20260104T000000Z"), olga, "CANCEL")
    own = mail.event("own@b.example", ana, [(ana, "ACCEPTED"), olga, "bob@b.example"])
    checks.equal("Ana invites", running.client(ana).put(f"/{ana}/calendars/calendar/own.ics", own.encode()).status, 201)
    wait_for(lambda: event_of(data, "bob@b.example", "own@b.example"))
    for method, state_of, stamp in (("REPLY", "ACCEPTED", 2), ("COUNTER", "TENTATIVE", 3)):
        twice(f"a {method}", mail.event("own@b.example", ana, [(olga, state_of)], method=method,
                                        stamp=f"2027010{stamp}T000000Z"), olga, method)
    checks("the answer is there", "ACCEPTED" in re.search(r"ATTENDEE[^\n]*olga", event_of(data, ana, "own@b.example")).group())
    session.quit()


def exit_codes(checks, data):
    event = mail.event("code@a.example", "olga@a.example", ["ana@b.example"], method="REQUEST")
    good = mail.invitation(event, "olga@a.example", ["ana@b.example"])
    bad = mail.invitation("BEGIN:VCALENDAR\r\n", "olga@a.example", ["ana@b.example"])
    forged = mail.invitation(event, "eve@evil.example", ["ana@b.example"])

    def run(message, recipient, directory=data, options=()):
        return subprocess.run(
            [binary("artemisios"), "import-imip", "--directory", directory, "--multi-user", "--recipient", recipient, *options],
            input=message, capture_output=True, check=False).returncode

    checks.equal("import-imip ends with 0", run(good, "ana@b.example"), 0)
    checks.equal("with 0 for ordinary mail", run(b"From: a@b.example\r\n\r\nHi\r\n", "ana@b.example"), 0)
    checks.equal("with 65 for bad data", run(bad, "ana@b.example"), 65)
    checks.equal("with 65 for more than LMTP takes", run(good + b"x" * (32 << 20), "ana@b.example"), 65)
    checks.equal("with 67 for nobody", run(good, "nobody@b.example"), 67)
    checks.equal("with 77 for a stranger", run(forged, "ana@b.example"), 77)
    checks.equal("with 75 to try again", run(good, "ana@b.example", "/proc/nowhere"), 75)

    # What the options say of senders and of ordinary mail.
    checks.equal("ordinary mail is refused where it should not come", run(
        b"From: a@b.example\r\n\r\nHi\r\n", "ana@b.example", options=["--imip-ordinary-mail", "reject"]), 65)
    checks.equal("a stranger is believed if nothing is to be checked", run(
        forged, "ana@b.example", options=["--imip-check-sender", "off"]), 0)
    proof = "Authentication-Results: mx.b.example; dmarc={} header.from=a.example"
    for result, trusted, code in (("pass", "mx.b.example", 0), ("fail", "mx.b.example", 77), ("none", "mx.b.example", 77),
                                  ("pass", "mx.c.example", 77)):
        proven = mail.invitation(event, "olga@a.example", ["ana@b.example"], fields=[proof.format(result)])
        checks.equal(f"dmarc={result} of mx.b.example, where {trusted} is trusted", run(
            proven, "ana@b.example", options=["--imip-check-sender", "authenticated", "--imip-trust-host", trusted]), code)
    delegate = event.replace("ORGANIZER;", 'ORGANIZER;SENT-BY="mailto:secretary@c.example";')
    checks.equal("who is named in SENT-BY may write", run(
        mail.invitation(delegate, "secretary@c.example", ["ana@b.example"]), "ana@b.example"), 0)

    # RFC 3834 §2: no program answers the answers of programs.
    before = state(data)
    loop = mail.event("loop@a.example", "olga@a.example", ["ana@b.example"], method="REQUEST")
    automatic = mail.invitation(loop, "olga@a.example", ["ana@b.example"], fields=["Auto-Submitted: auto-replied"])
    checks.equal("the answer of a program is taken and dropped", (run(automatic, "ana@b.example"), state(data)), (0, before))
    circle = mail.invitation(loop, "olga@a.example", ["ana@b.example"], fields=["Received: from x by y"] * 60)
    checks.equal("what has passed too many hosts is refused", (run(circle, "ana@b.example"), state(data)), (77, before))


class Sender(threading.Thread):
    """Delivers its messages as a mail server does: what is not acknowledged is sent again."""

    def __init__(self, socket, numbers):
        super().__init__(daemon=True)
        self.socket, self.numbers = socket, numbers
        self.acknowledged, self.refused, self.again = 0, [], 0

    def run(self):
        session = None
        for number in self.numbers:
            left = list(USERS)
            event = mail.event(f"many-{number}@a.example", "olga@a.example", list(USERS), method="REQUEST")
            message = mail.invitation(event, "olga@a.example", list(USERS))
            while left:
                try:
                    session = session or mail.LMTP(str(self.socket))
                    replies = session.deliver(message, "olga@a.example", left)
                except (OSError, smtplib.SMTPException):
                    session = None
                    self.again += 1
                    continue
                for recipient, (code, text) in replies.items():
                    if code == 250:
                        left.remove(recipient)
                        self.acknowledged += 1
                    elif code >= 500 or code < 0:
                        if code < 0:
                            session = None
                            self.again += 1
                            break
                        left.remove(recipient)
                        self.refused.append((recipient, text))
        if session:
            session.close()


def many(checks, server, data, socket, messages):
    before = {user: count(data, user) for user in USERS}
    senders = [Sender(socket, range(i, messages, CONNECTIONS)) for i in range(CONNECTIONS)]
    for sender in senders:
        sender.start()
    wait_for(lambda: sum(sender.acknowledged for sender in senders) > messages * 3 // 2, 240)
    killed = receiver(server)
    os.kill(killed, signal.SIGKILL)
    for sender in senders:
        sender.join(420)
    checks.equal("no recipient is refused", [refused for sender in senders for refused in sender.refused][:3], [])
    checks.equal(f"{messages} messages over {CONNECTIONS} connections: each of 3 recipients is answered",
                 sum(sender.acknowledged for sender in senders), messages * 3)
    checks("the receiver was killed half way, and another one went on",
           receiver(server) not in (None, killed) and sum(sender.again for sender in senders) > 0)
    checks.equal("none is lost and none is there twice", {user: count(data, user) - before[user] for user in USERS},
                 {user: messages for user in USERS})


def main():
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    bounded(900)
    checks = Checks("mail-in")
    with workplace() as place:
        data, socket = place / "data", place / "lmtp.sock"
        data.mkdir()
        options = ["--imip-listen", f"unix:{socket}", "--imip-listen-group", "postfix", "--no-maintenance"]
        with site("nginx-fastcgi", place, data, users=USERS, options=options) as running:
            for user in USERS:
                running.client(user).get(f"/{user}/")
            answers(checks, socket)
            extensions(checks, data, socket)
            busy(checks, data, socket)
            repeated(checks, running, data, socket)
            exit_codes(checks, data)
            many(checks, running.server, data, socket, messages)
            if checks.failed:
                print(running.server.tail(40))
    checks.finish()


if __name__ == "__main__":
    main()
