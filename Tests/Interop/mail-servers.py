"""The files of deploy/mail, with a real Postfix and a real Dovecot: an invitation by mail is in the calendar.

The files are used as they are; only paths, and the users that a test has not got, are replaced.
"""

import os
import shutil
import subprocess
import threading

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import binary, bounded, workplace
from lib.repository import objects
from lib.server import wait_for

ANA, BOB, CLEO, DORA = USERS = [f"{name}@calendar.example.org" for name in ("ana", "bob", "cleo", "dora")]


def has(data, user, uid):
    """Whether there is an event in the calendar of a user."""
    return any(f"UID:{uid}" in text for text in objects(data / user / "calendars" / "calendar").values())


def invite(server, uid, recipients):
    event = mail.event(uid, "olga@a.example", recipients[:1], method="REQUEST")
    server.send(mail.invitation(event, "olga@a.example", recipients[:1]), "olga@a.example", recipients)


def importer(place, directory, program):
    """Writes the shipped program for pipes, and gives the folder of shipped files that others name it by."""
    folder = place / "share"
    folder.mkdir(exist_ok=True)
    path = folder / "artemisios-import"
    path.write_text(mail.shipped("artemisios-import", {
        "/var/lib/artemisios": directory, "/usr/local/bin/artemisios": program}))
    path.chmod(0o755)
    return folder


def by_lmtp(checks, data, place, socket):
    """Postfix brings mails to the LMTP socket: postfix.cf and postfix-transport."""
    table = place / "transport"
    table.write_text(mail.shipped("postfix-transport", {"/run/artemisios/lmtp.sock": socket}))
    main = mail.shipped("postfix.cf", {"texthash:/etc/postfix/artemisios-transport": f"texthash:{table}"})
    (place / "lmtp").mkdir()
    with mail.Postfix(place / "lmtp", main=main) as postfix:
        invite(postfix, "lmtp@a.example", [ANA, "nobody@calendar.example.org"])
        checks("Postfix brings an invitation to the LMTP socket, and it is in the calendar",
               wait_for(lambda: has(data, ANA, "lmtp@a.example"), 20), postfix.tail())
        checks("and learns who is not there", wait_for(
            lambda: "to=<nobody@calendar.example.org>" in postfix.tail(99) and "status=bounced" in postfix.tail(99), 20),
            postfix.tail())
        postfix.send(b"From: olga@a.example\r\nSubject: Hello\r\n\r\nHello\r\n", "olga@a.example", [BOB])
        checks("ordinary mail does not bounce", wait_for(
            lambda: any(f"to=<{BOB}>" in line and "status=sent" in line for line in postfix.tail(99).splitlines()), 20),
            postfix.tail())


def by_copy(checks, data, place, socket):
    """Mailboxes get their mail, and the calendar a copy: postfix.cf with its last line, and postfix-bcc."""
    table, copies = place / "transport", place / "bcc"
    copies.write_text(mail.shipped("postfix-bcc", {}))
    main = mail.shipped("postfix.cf", {
        "texthash:/etc/postfix/artemisios-transport": f"texthash:{table}", "#recipient_bcc_maps": "recipient_bcc_maps",
        "regexp:/etc/postfix/artemisios-bcc": f"regexp:{copies}"})
    settings = data / CLEO / ".xandikos"
    settings.write_text((settings.read_text() if settings.exists() else "")
                        + f"\n[scheduling]\naddresses = mailto:{CLEO},mailto:cleo@example.org\n")
    mailboxes = mail.Sink()
    (place / "copy").mkdir()
    with mail.Postfix(place / "copy", main=main, others=f"smtp:[127.0.0.1]:{mailboxes.port}") as postfix:
        event = mail.event("copy@a.example", "olga@a.example", ["cleo@example.org"], method="REQUEST")
        postfix.send(mail.invitation(event, "olga@a.example", ["cleo@example.org"]), "olga@a.example", ["cleo@example.org"])
        checks("a copy of an invitation to a mailbox is in the calendar",
               wait_for(lambda: has(data, CLEO, "copy@a.example"), 20), postfix.tail())
        checks("and the mail is in the mailbox", wait_for(
            lambda: [taken["recipients"] for taken in mailboxes.mails] == [["cleo@example.org"]], 20), postfix.tail())
    mailboxes.close()


def by_pipe(checks, data, place):
    """Postfix runs the program: postfix-pipe.cf. It must not be root, so this one has a directory of its own."""
    own, switch = place / "own", place / "switch"
    subprocess.run(["cp", "-a", data, own], check=True)
    shutil.rmtree(own / ".artemisios", ignore_errors=True)
    subprocess.run(["chown", "-R", "nobody", own], check=True)
    switch.symlink_to("/proc/nowhere")
    (place / "bin").mkdir()
    program = shutil.copy(binary("artemisios"), place / "bin" / "artemisios")
    (place / "pipe").mkdir()
    folder = importer(place / "pipe", switch, program)
    table = place / "pipe" / "transport"
    table.write_text(mail.shipped("postfix-transport", {"lmtp:unix:/run/artemisios/lmtp.sock": "artemisios:"}))
    main = mail.shipped("postfix.cf", {"texthash:/etc/postfix/artemisios-transport": f"texthash:{table}"})
    services = mail.shipped("postfix-pipe.cf", {
        "user=artemisios": "user=nobody", "argv=/usr/local/share/artemisios/mail/": f"argv={folder}/"})
    with mail.Postfix(place / "pipe", main=main + "artemisios_destination_recipient_limit = 1\n",
                      services=services) as postfix:
        invite(postfix, "pipe@a.example", [DORA, "nobody@calendar.example.org"])
        checks("what the program ends with 75 for is deferred", wait_for(
            lambda: any(f"to=<{DORA}>" in line and "status=deferred" in line for line in postfix.tail(99).splitlines()), 40),
            postfix.tail())
        checks("and is not in the calendar", not has(own, DORA, "pipe@a.example"))
        switch.unlink()
        switch.symlink_to(own)
        checks("Postfix tries again, and then it is in the calendar",
               wait_for(lambda: has(own, DORA, "pipe@a.example"), 60), postfix.tail())
        checks("who is not there is bounced", wait_for(
            lambda: any("to=<nobody@" in line and "status=bounced" in line for line in postfix.tail(99).splitlines()), 60),
            postfix.tail())


def by_sieve(checks, data, place):
    """Dovecot runs the program from a Sieve script: one for all users, then those of users themselves."""
    switch = place / "sieve-switch"
    switch.symlink_to(data)
    (place / "sieve").mkdir()
    folder = importer(place / "sieve", switch, binary("artemisios"))
    script = folder / "artemisios.sieve"
    script.write_text(mail.shipped("artemisios.sieve", {}))
    settings = mail.shipped("dovecot.conf", {
        "/usr/local/share/artemisios/mail/artemisios-import": folder / "artemisios-import",
        "/usr/local/share/artemisios/mail/artemisios.sieve": script, "user = artemisios": "user = root",
        "user = vmail": "user = mail"})
    with mail.Dovecot(place / "sieve", settings) as dovecot:
        compiled = subprocess.run(["sievec", "-c", dovecot.folder / "dovecot.conf", "-x", "+vnd.dovecot.pipe", script],
                                  capture_output=True, text=True, check=False)
        checks.equal("sievec compiles the script as dovecot.conf says", (compiled.returncode, compiled.stderr), (0, ""))
        invite(dovecot, "before@a.example", [BOB])
        checks("sieve_before brings an invitation into the calendar",
               wait_for(lambda: has(data, BOB, "before@a.example"), 20), dovecot.tail())
        checks.equal("and into the mailbox", len(dovecot.mails(BOB)), 1)
        dovecot.send(b"From: olga@a.example\r\nSubject: Hello\r\n\r\nHello\r\n", "olga@a.example", [BOB])
        checks.equal("ordinary mail goes to the mailbox", len(dovecot.mails(BOB)), 2)

    with mail.Dovecot(place / "sieve", settings + mail.shipped("dovecot-user.conf", {}), name="user") as dovecot:
        invite(dovecot, "none@a.example", [CLEO])
        home = dovecot.folder / "mail" / CLEO
        (home / ".dovecot.sieve").write_text(mail.shipped("user.sieve", {}))
        subprocess.run(["chown", "-R", "mail:mail", home], check=True)
        invite(dovecot, "user@a.example", [CLEO])
        checks("the Sieve script of a user brings an invitation into the calendar",
               wait_for(lambda: has(data, CLEO, "user@a.example"), 20), dovecot.tail())
        checks.equal("and into the mailbox", len(dovecot.mails(CLEO)), 2)
        checks("without the script it was in the mailbox only", not has(data, CLEO, "none@a.example"))
        # A script that names somebody else is for its own user all the same.
        (home / ".dovecot.sieve").write_text(mail.shipped("user.sieve", {
            'pipe :copy :try "artemisios-import";': f'pipe :copy :try "artemisios-import" ["{ANA}"];'}))
        invite(dovecot, "whose@a.example", [CLEO])
        checks("nobody writes to the calendars of others by a script of theirs",
               wait_for(lambda: has(data, CLEO, "whose@a.example"), 20) and not has(data, ANA, "whose@a.example"),
               dovecot.tail())
        late(checks, data, dovecot, switch)


def late(checks, data, dovecot, switch):
    """Exit status 75 under Sieve, which has no way to defer a mail: the program waits itself."""
    os.replace(link(switch, "/proc/nowhere"), switch)
    delivery = threading.Thread(target=invite, args=(dovecot, "late@a.example", [CLEO]))
    delivery.start()
    checks("what may work later is not given up", not wait_for(lambda: not delivery.is_alive(), 0.7))
    os.replace(link(switch, data), switch)
    delivery.join(30)
    checks("and done when it works", wait_for(lambda: has(data, CLEO, "late@a.example"), 5), dovecot.tail())
    checks.equal("with one mail in the mailbox", len(dovecot.mails(CLEO)), 4)


def link(switch, target):
    """A new link beside another one, to take its place."""
    new = switch.with_name("new-link")
    new.symlink_to(target)
    return new


def main():
    bounded(400)
    checks = Checks("mail-servers")
    with workplace() as place:
        data, socket = place / "data", place / "lmtp.sock"
        data.mkdir()
        # As before the options had these names.
        os.environ.update({"XANDIKOS_IMIP_LISTEN": str(socket), "XANDIKOS_IMIP_LISTEN_MODE": "620",
                           "XANDIKOS_IMIP_LISTEN_GROUP": "postfix"})
        with site("nginx-fastcgi", place, data, users=dict.fromkeys(USERS, "x"), options=["--no-maintenance"]) as running:
            checks.equal("the socket is as the environment says", oct(socket.stat().st_mode & 0o777), "0o620")
            for user in USERS:
                running.client(user).get(f"/{user}/")
            by_pipe(checks, data, place)
            by_lmtp(checks, data, place, socket)
            by_copy(checks, data, place, socket)
            by_sieve(checks, data, place)
            if checks.failed:
                print(running.server.tail(40))
    checks.finish()


if __name__ == "__main__":
    main()
