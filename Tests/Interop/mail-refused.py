"""A mail server refuses an invitation: the organizer's event says so (RFC 6638 §3.2.9), and nothing else changes.

Usage: mail-refused.py
"""

import re
import subprocess
import time

from lib import mail
from lib.checks import Checks
from lib.places import bounded, workplace
from lib.server import wait_for

ANA, BOB, NOBODY = "ana@a.example", "bob@b.example", "nobody@b.example"
HOME = f"/{ANA}/calendars/calendar"


def status(text, address):
    """The SCHEDULE-STATUS of an attendee."""
    for line in text.replace("\r\n ", "").split("\r\n"):
        if line.startswith("ATTENDEE") and line.endswith(address):
            found = re.search(r"SCHEDULE-STATUS=\"?([0-9.]+)", line)
            return found and found.group(1)
    return None


def failed(data):
    """Mails that were given up."""
    return list((data / ".artemisios/mail/failed").glob("*"))


def refused(checks, running, sink, data):
    client = running.client(ANA)
    people = [(ANA, "ACCEPTED"), BOB, NOBODY]
    answer = client.put(f"{HOME}/lunch.ics", mail.event("lunch@a.example", ANA, people, summary="Lunch").encode())
    checks.equal("the event is stored", answer.status, 201)
    tag = client.get(f"{HOME}/lunch.ics").headers["Schedule-Tag"]

    def text():
        return client.get(f"{HOME}/lunch.ics").body.decode()

    checks("the event says that nobody was reached", wait_for(lambda: status(text(), NOBODY) == "5.2", 30), text())
    checks.equal("Bob's mail is on its way", status(text(), BOB), "1.1")
    checks.equal("and has arrived", [taken["recipients"] for taken in sink.mails], [[BOB]])
    checks("the mail is kept for people to look at", wait_for(lambda: len(failed(data)) == 1, 20), failed(data))
    checks.equal("the Schedule-Tag is the same", client.get(f"{HOME}/lunch.ics").headers["Schedule-Tag"], tag)
    log = subprocess.run(["git", "-C", str(data / HOME[1:]), "log", "-1", "--format=%an: %s"], capture_output=True,
                         text=True, check=True).stdout.strip()
    checks.equal("the history tells of it", log, f"artemisios@localhost: Note that {NOBODY} was not reached")
    time.sleep(2)
    checks.equal("noting it sends nothing", len(sink.mails), 1)


def gone(checks, running, sink, data):
    client, before = running.client(ANA), len(failed(data))
    client.put(f"{HOME}/dinner.ics", mail.event("dinner@a.example", ANA, [(ANA, "ACCEPTED"), NOBODY]).encode())
    checks.equal("an event is deleted at once", client.request("DELETE", f"{HOME}/dinner.ics").status, 204)
    checks("its mails are refused", wait_for(lambda: len(failed(data)) == before + 2, 40), failed(data))
    checks.equal("it does not come back", client.get(f"{HOME}/dinner.ics").status, 404)


def ours(checks, running, sink, data):
    """What is about the server and not about the mail is no reason to give the mail up: somebody can put it right."""
    client, before = running.client(ANA), len(failed(data))
    replies = {"MAIL": ["530 5.7.0 Authentication required", "550 5.1.8 no such sender domain", "550 5.7.1 sender not allowed",
                        "503 5.5.1 EHLO first", "451 4.3.0 later"],
               "RCPT": ["535 5.7.8 log in again", "530 5.7.0 Authentication required"],
               "EHLO": ["554 5.7.1 go away"], "HELO": ["554 5.7.1 go away"]}
    expected = len(sink.mails)
    for number, (command, reply) in enumerate((command, reply) for command, all_of in replies.items() for reply in all_of):
        if command == "HELO":
            continue
        sink.refusals = {command: reply, "HELO": reply} if command == "EHLO" else {command: reply}
        seen = len(sink.commands)
        client.put(f"{HOME}/ours-{number}.ics", mail.event(f"ours-{number}@a.example", ANA, [(ANA, "ACCEPTED"), BOB]).encode())
        wait_for(lambda: any(line.startswith(command) for line in sink.commands[seen:]), 20)
        time.sleep(0.5)
        expected += 1
        checks.equal(f"{reply} to {command} is tried again", len(failed(data)), before)
        text = client.get(f"{HOME}/ours-{number}.ics").body.decode()
        checks.equal("and the event still says that the mail is on its way", status(text, BOB), "1.1")
    said = running.server.tail(200)
    checks("the log says what the mail server said", "takes no mail from us at all" in said and "5.1.8 no such sender" in said, said)
    sink.refusals = {}
    checks("all go when the fault is mended", wait_for(lambda: len(sink.mails) >= expected, 60, every=0.5), len(sink.mails))
    for number, (command, reply) in enumerate([("MAIL", "552 5.3.4 too big"), ("MAIL", "550 no"), ("RCPT", "550 5.7.1 not you"),
                                               ("DATA", "554 5.6.0 not that")]):
        sink.refusals = {command: reply}
        client.put(f"{HOME}/mail-{number}.ics", mail.event(f"mail-{number}@a.example", ANA, [(ANA, "ACCEPTED"), BOB]).encode())
        checks(f"{reply} to {command} is about the mail", wait_for(lambda: len(failed(data)) == before + number + 1, 20),
               failed(data))
    sink.refusals = {}


def slow(checks, running, sink):
    """RFC 6638 does not have clients wait for mail: neither a slow mail server nor one that is not there slows a PUT."""
    client, before = running.client(ANA), len(sink.mails)
    sink.slow = 6
    longest = 0
    for number in range(4):
        start = time.monotonic()
        event = mail.event(f"slow-{number}@a.example", ANA, [(ANA, "ACCEPTED"), BOB])
        client.put(f"{HOME}/slow-{number}.ics", event.encode())
        longest = max(longest, time.monotonic() - start)
    sink.slow = 0
    checks("a slow mail server slows no PUT", longest < 3, longest)
    checks("all mails go", wait_for(lambda: len(sink.mails) >= before + 4, 60, every=0.5), len(sink.mails))


def main():
    bounded(200)
    checks = Checks("mail-refused")
    sink = mail.Sink(unknown=(NOBODY,))
    with workplace() as place:
        with mail.sending_to(sink, place, ANA) as running:
            refused(checks, running, sink, place / "data")
            gone(checks, running, sink, place / "data")
            ours(checks, running, sink, place / "data")
            slow(checks, running, sink)
            if checks.failed:
                print(running.server.tail(60))
    sink.close()
    checks.finish()


if __name__ == "__main__":
    main()
