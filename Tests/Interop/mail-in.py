"""Invitations come by mail: through a real Postfix and a real Dovecot, by many at once, and from those who should not.

Usage: mail-in.py [MESSAGES]
"""

import os
import signal
import smtplib
import subprocess
import sys
import threading

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import ROOT, binary, bounded, workplace
from lib.server import children, runs, wait_for

USERS = {name: "secret" for name in ("ana@b.example", "bob@b.example", "cleo@b.example")}
CONNECTIONS = 20


def receiver(server):
    """The process that takes mails."""
    for pid in children(server.process.pid):
        if runs(pid, "lmtp"):
            return pid
    return None


class LMTP(smtplib.LMTP):
    """A client that tells what each recipient was answered."""

    def __init__(self, path):
        super().__init__(path)
        self.ehlo("test.example")

    def deliver(self, message, sender, recipients):
        answers = {}
        self.docmd(f"MAIL FROM:<{sender}>")
        accepted = []
        for recipient in recipients:
            answers[recipient] = self.docmd(f"RCPT TO:<{recipient}>")
            if answers[recipient][0] == 250:
                accepted.append(recipient)
        if not accepted:
            self.docmd("RSET")
            return answers
        code, text = self.docmd("DATA")
        if code != 354:
            raise smtplib.SMTPDataError(code, text)
        self.send(smtplib._quote_periods(smtplib._fix_eols(message.decode()).encode()) + b".\r\n")
        for recipient in accepted:
            answers[recipient] = self.getreply()
        return answers


def uids(data, user):
    """The UIDs in the calendar of a user, out of its history."""
    folder = data / user / "calendars" / "calendar"
    names = subprocess.run(["git", "-C", folder, "ls-tree", "-r", "--name-only", "HEAD"], capture_output=True, text=True)
    found = []
    for name in names.stdout.splitlines():
        if name.endswith(".ics"):
            text = subprocess.run(["git", "-C", folder, "show", f"HEAD:{name}"], capture_output=True, text=True).stdout
            found += [line[4:] for line in text.splitlines() if line.startswith("UID:")]
    return sorted(found)


def count(data, user):
    folder = data / user / "calendars" / "calendar"
    names = subprocess.run(["git", "-C", folder, "ls-tree", "-r", "--name-only", "HEAD"], capture_output=True, text=True)
    return sum(name.endswith(".ics") for name in names.stdout.splitlines())


def answers(checks, socket):
    """RFC 2033 §4.2: a reply for each recipient, from what became of the mail there."""
    session = LMTP(str(socket))
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


def through_postfix(checks, data, socket, place):
    with mail.Postfix(place, {"b.example": f"unix:{socket}"}) as postfix:
        event = mail.event("postfix@a.example", "olga@a.example", ["ana@b.example"], method="REQUEST")
        postfix.send(mail.invitation(event, "olga@a.example", ["ana@b.example"]), "olga@a.example",
                     ["ana@b.example", "nobody@b.example"])
        arrived = wait_for(lambda: "postfix@a.example" in uids(data, "ana@b.example"), 20)
        checks("Postfix brings an invitation into the calendar", arrived, postfix.tail())
        bounced = wait_for(lambda: "nobody@b.example" in postfix.tail(200) and "status=bounced" in postfix.tail(200), 20)
        checks("and learns who is not there", bounced, postfix.tail())


def through_dovecot(checks, data, place):
    shipped = ROOT / "deploy" / "mail"
    program = (shipped / "artemisios-import").read_text().replace("exec artemisios", f"exec {binary('artemisios')}").replace(
        "#!/bin/sh\n", f"#!/bin/sh\nARTEMISIOS_DIRECTORY={data}\n")
    script = (shipped / "artemisios.sieve").read_text()
    with mail.Dovecot(place, script, {"artemisios-import": program}) as dovecot:
        event = mail.event("dovecot@a.example", "olga@a.example", ["bob@b.example"], method="REQUEST")
        dovecot.send(mail.invitation(event, "olga@a.example", ["bob@b.example"]), "olga@a.example", ["bob@b.example"])
        checks("Dovecot's Sieve brings an invitation into the calendar",
               wait_for(lambda: "dovecot@a.example" in uids(data, "bob@b.example"), 20), dovecot.tail())
        checks.equal("and into the mailbox", len(dovecot.mails("bob@b.example")), 1)


def exit_codes(checks, data):
    event = mail.event("code@a.example", "olga@a.example", ["ana@b.example"], method="REQUEST")
    good = mail.invitation(event, "olga@a.example", ["ana@b.example"])
    bad = mail.invitation("BEGIN:VCALENDAR\r\n", "olga@a.example", ["ana@b.example"])
    forged = mail.invitation(event, "eve@evil.example", ["ana@b.example"])

    def run(message, recipient, directory=data):
        return subprocess.run(
            [binary("artemisios"), "import-imip", "--directory", str(directory), "--multi-user", "--recipient", recipient],
            input=message, capture_output=True, check=False).returncode

    checks.equal("import-imip ends with 0", run(good, "ana@b.example"), 0)
    checks.equal("with 0 for ordinary mail", run(b"From: a@b.example\r\n\r\nHi\r\n", "ana@b.example"), 0)
    checks.equal("with 65 for bad data", run(bad, "ana@b.example"), 65)
    checks.equal("with 67 for nobody", run(good, "nobody@b.example"), 67)
    checks.equal("with 77 for a stranger", run(forged, "ana@b.example"), 77)
    checks.equal("with 75 to try again", run(good, "ana@b.example", "/proc/nowhere"), 75)


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
                    session = session or LMTP(str(self.socket))
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
            through_postfix(checks, data, socket, place)
            through_dovecot(checks, data, place)
            exit_codes(checks, data)
            many(checks, running.server, data, socket, messages)
            if checks.failed:
                print(running.server.tail(40))
    checks.finish()


if __name__ == "__main__":
    main()
