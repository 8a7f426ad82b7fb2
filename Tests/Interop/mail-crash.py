"""Any process is killed between a change and its mail: exactly one mail arrives for each change.

A client that gets no answer sends its PUT again, as clients do. The mail server keeps what it has acknowledged. Then all processes are
killed at once: nobody is left who could read an acknowledgement, and few mails come twice, under the same Message-ID (RFC 1047). What
comes twice has one effect where it arrives.

Usage: mail-crash.py [KILLS]
"""

import collections
import os
import random
import re
import signal
import ssl
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
# How often all are killed at once, after the kills of one.
ALL = 16
# How often one is killed that speaks TLS, and how often one that runs sendmail.
TLS, SENDMAIL = 12, 12


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


def descendants(pid):
    """All processes that a process has made, and those that these have made."""
    return [other for child in children(pid) for other in [child, *descendants(child)]]


def victims(server, kind):
    """The processes to kill."""
    own = children(server.process.pid)
    senders = [pid for pid in own if runs(pid, "send-mail")]
    if kind == "sender":
        return senders
    if kind == "witness":
        return [pid for sender in senders for pid in children(sender)]
    if kind == "workers":
        return server.workers()
    if kind == "supervisor":
        return [server.process.pid]
    return [pid for pid in descendants(server.process.pid) if not runs(pid, "lmtp")]


def kill(server, kind):
    """Kills what is meant; what else there was ends by itself where the supervisor is gone, and that is started again."""
    gone = descendants(server.process.pid)
    for pid in victims(server, kind):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if kind in ("supervisor", "all"):
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in gone), 20)
        server.__enter__()


def at_the_sink(sink, count):
    """Waits until a mail has come, most of the time: the place where a kill would do the most harm."""
    wait_for(lambda: len(sink.mails) > count, 1, every=0.0005)


def at_sendmail(server, sent, count):
    """Waits until what came before is noted, for a mail outlives one kill and not two, and sendmail runs again."""
    wait_for(lambda: sent.is_dir() and len(list(sent.iterdir())) >= count, 15, every=0.01)
    wait_for(lambda: any(children(pid) for sender in victims(server, "sender") for pid in children(sender)), 1, every=0.002)


def changes(checks, running, sink, kills, kinds, prefix, harmful=None):
    server, choice = running.server, random.Random(6047)
    answers, told, before = [], [], len(sink.mails)
    for number in range(kills):
        uid = f"{prefix}-{number}@a.example"
        text = mail.event(uid, ANA, [(ANA, "ACCEPTED"), "bob@b.example"], summary=f"Change {number}")
        told.append(uid)
        client = threading.Thread(target=put, args=(
            lambda: running.client(ANA), f"/{ANA}/calendars/calendar/{prefix}-{number}.ics", text, answers))
        count = len(sink.mails)
        client.start()
        if harmful:
            harmful(number)
        elif number % 2:
            at_the_sink(sink, count)
        else:
            time.sleep(choice.uniform(0, 0.35))
        kill(server, kinds[number % len(kinds)])
        client.join(70)
    checks.equal("every change is answered in the end", len(answers), kills)
    print(f"  {sum(attempt > 0 for _, attempt in answers)} of {kills} changes were cut off and sent again", flush=True)

    def drained():
        # What a killed worker has left is looked for by those that are asked something.
        running.client(ANA).get(f"/{ANA}/")
        return len({uid_of(taken["text"]) for taken in sink.mails[before:]}) == kills

    wait_for(drained, 100, every=1)
    time.sleep(4)
    mails = {}
    for taken in sink.mails[before:]:
        mails.setdefault(mail.read(taken["text"])["Message-ID"], []).append(taken)
    counts = collections.Counter(uid_of(copies[0]["text"]) for copies in mails.values())
    checks.equal("no change is without its mail", [uid for uid in told if not counts[uid]], [])
    checks.equal("no change has two", [(uid, count) for uid, count in counts.items() if count > 1], [])
    again = {name: copies for name, copies in mails.items() if len(copies) > 1}
    print(f"  {len(again)} of {kills} were sent again under the same Message-ID", flush=True)
    return again


def effects(checks, place, sink, uids_told):
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
        checks.equal("every invitation is in the calendar once", uids, sorted(uids_told))
        checks.equal("calendar and inbox were changed once for each", [
            len(commits(folder)) - old for folder, old in zip(folders, before)], [len(uids_told)] * 2)


def by_sendmail(checks, place):
    """Postfix takes mails through its sendmail, which here takes its time to say so."""
    sink, sent = mail.Sink(), place / "data" / ".artemisios" / "mail" / "sent"
    place.mkdir()
    slow = place / "slow-sendmail"
    slow.write_text('#!/bin/sh\n/usr/sbin/sendmail "$@"\nstatus=$?\nsleep 0.1\nexit $status\n')
    slow.chmod(0o755)
    with mail.Postfix(place, others=f"smtp:[127.0.0.1]:{sink.port}") as postfix:
        # Where Postfix's sendmail finds its configuration.
        os.environ["MAIL_CONFIG"] = str(postfix.folder / "etc")
        with mail.sending_to(sink, place, ANA, "--imip-send", "sendmail", "--sendmail-binary", str(slow)) as running:
            again = changes(checks, running, sink, SENDMAIL, ["witness", "sender"], "sendmail",
                            lambda number: at_sendmail(running.server, sent, number))
            checks.equal("nor with sendmail", list(again), [])
            if checks.failed:
                print(running.server.tail(80))
    sink.close()


def uid_of(text):
    return re.search(r"UID:(\S+)", mail.calendar_part(text)[1].replace("\r\n ", "")).group(1)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    bounded(900)
    checks = Checks("mail-crash")
    # A mail server that takes its time to keep what it was given, as those with disks do.
    sink = mail.Sink(slow=0.06)
    with workplace() as place:
        with mail.sending_to(sink, place, ANA) as running:
            # The two that speak with the mail server, those that take changes, and the one that minds them all: one at a time.
            again = changes(checks, running, sink, kills, ["sender", "witness", "sender", "workers", "supervisor"], "one")
            checks.equal("no mail is sent twice when one is killed", list(again), [])
            again = changes(checks, running, sink, ALL, ["all"], "all")
            # RFC 1047: who dies between the end of a mail and its acknowledgement cannot know that it was taken.
            checks.equal("no mail is sent again whose acknowledgement was read",
                         [name for name, copies in again.items() if any(copy["read"] for copy in copies[:-1])], [])
            if checks.failed:
                print(running.server.tail(80))
        (place / "bob" / "data").mkdir(parents=True)
        tls_place = place / "tls"
        tls_place.mkdir()
        mail.certificates(tls_place)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls_place / "tls.pem", tls_place / "tls.key")
        safe = mail.Sink(slow=0.06, tls=context)
        with mail.sending_to(safe, tls_place, ANA, "--smtp-host", "localhost", "--smtp-encryption", "ssl", "--smtp-ca-file",
                             str(tls_place / "ca.pem")) as running:
            again = changes(checks, running, safe, TLS, ["witness", "sender"], "tls")
            checks.equal("nor with TLS", list(again), [])
            if checks.failed:
                print(running.server.tail(80))
        safe.close()
        by_sendmail(checks, place / "sendmail")
        told = [f"one-{i}@a.example" for i in range(kills)] + [f"all-{i}@a.example" for i in range(ALL)]
        effects(checks, place / "bob", sink, told)
    sink.close()
    checks.finish()


if __name__ == "__main__":
    main()
