"""Any process is killed between a change and its mail: each change is told of by exactly one mail, by its Message-ID.

A client that gets no answer sends its PUT again, as clients do. The mail server keeps what it has acknowledged. What comes twice all the same has one effect where it arrives.

Usage: mail-crash.py [KILLS]
"""

import collections
import os
import random
import re
import signal
import sys
import threading
import time

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import bounded, workplace
from lib.repository import commits, head, objects
from lib.server import children, runs, wait_for

ANA, BOB = "ana@a.example", "bob@b.example"


def put(client, href, text, answers):
    """Sends a PUT until it is answered."""
    end, attempt = time.monotonic() + 60, 0
    while time.monotonic() < end:
        try:
            answer = client().put(href, text.encode())
            if answer.status in (200, 201, 204):
                answers.append((href, attempt))
                return
        except OSError:
            pass
        attempt += 1
        time.sleep(0.05)


def victims(server, kind):
    """The processes to kill."""
    own = children(server.process.pid)
    if kind == "sender":
        return [pid for pid in own if runs(pid, "send-mail")]
    if kind == "workers":
        return server.workers()
    return [pid for pid in own if not runs(pid, "lmtp")]


def changes(checks, running, sink, kills):
    server, choice = running.server, random.Random(6047)
    answers, told = [], []
    for number in range(kills):
        uid = f"crash-{number}@a.example"
        text = mail.event(uid, ANA, [(ANA, "ACCEPTED"), "bob@b.example"], summary=f"Change {number}")
        told.append(uid)
        client = threading.Thread(target=put, args=(
            lambda: running.client(ANA), f"/{ANA}/calendars/calendar/crash-{number}.ics", text, answers))
        client.start()
        time.sleep(choice.uniform(0, 0.35))
        gone = children(server.process.pid)
        for pid in victims(server, choice.choice(["workers", "workers", "sender", "all"])):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if number % 4 == 3:
            # The supervisor goes too, and with it what it knows of how often the others have died.
            server.process.kill()
            server.process.wait()
            wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in gone), 20)
            server.__enter__()
        client.join(70)
    checks.equal("every change is answered in the end", len(answers), kills)
    print(f"  {sum(attempt > 0 for _, attempt in answers)} of {kills} changes were cut off and sent again", flush=True)

    def drained():
        # What a killed worker has left is looked for by those that are asked something.
        running.client(ANA).get(f"/{ANA}/")
        return len({uid_of(taken["text"]) for taken in sink.mails}) == kills

    wait_for(drained, 100, every=1)
    time.sleep(4)
    mails = {}
    for taken in sink.mails:
        mails.setdefault(mail.read(taken["text"])["Message-ID"], []).append(taken)
    counts = collections.Counter(uid_of(copies[0]["text"]) for copies in mails.values())
    checks.equal("no change is without its mail", [uid for uid in told if not counts[uid]], [])
    checks.equal("no change has two", [(uid, count) for uid, count in counts.items() if count > 1], [])
    # RFC 1047: who dies between the end of a mail and its acknowledgement cannot know that it was taken.
    again = {name: copies for name, copies in mails.items() if len(copies) > 1}
    checks.equal("no mail is sent again whose acknowledgement was read",
                 [name for name, copies in again.items() if any(copy["read"] for copy in copies[:-1])], [])
    print(f"  {len(again)} of {kills} were sent again under the same Message-ID, as nobody had read that they were taken",
          flush=True)
    checks("and those are few", len(again) <= max(1, kills // 20), len(again))


def effects(checks, place, sink, kills):
    """Bob's server takes every mail as often as it came, and once more: each change is made once."""
    socket, data = place / "lmtp.sock", place / "data"
    options = ["--imip-listen", f"unix:{socket}", "--no-maintenance"]
    with site("nginx-fastcgi", place, data, users={BOB: "x"}, options=options) as running:
        running.client(BOB).get(f"/{BOB}/")
        folders = [data / BOB / "calendars" / "calendar", data / BOB / "inbox"]
        before = [len(commits(folder)) if head(folder) else 0 for folder in folders]
        session = mail.LMTP(str(socket))
        replies = [session.deliver(taken["text"], "calendar@a.example", taken["recipients"])[BOB][0]
                   for taken in sink.mails + sink.mails]
        session.quit()
        checks.equal("every mail is taken, also one that came before", set(replies), {250})
        uids = sorted(uid for text in objects(folders[0]).values() for uid in re.findall(r"UID:(\S+)", text))
        checks.equal("every invitation is in the calendar once", uids, sorted(f"crash-{i}@a.example" for i in range(kills)))
        checks.equal("calendar and inbox were changed once for each", [
            len(commits(folder)) - old for folder, old in zip(folders, before)], [kills, kills])


def uid_of(text):
    return re.search(r"UID:(\S+)", mail.calendar_part(text)[1].replace("\r\n ", "")).group(1)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    bounded(900)
    checks = Checks("mail-crash")
    sink = mail.Sink()
    with workplace() as place:
        with mail.sending_to(sink, place, ANA) as running:
            changes(checks, running, sink, kills)
            if checks.failed:
                print(running.server.tail(80))
        (place / "bob" / "data").mkdir(parents=True)
        effects(checks, place / "bob", sink, kills)
    sink.close()
    checks.finish()


if __name__ == "__main__":
    main()
