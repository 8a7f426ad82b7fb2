"""Real mail servers with a configuration of their own, and mails."""

import base64
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy

from .fronts import site
from .places import ROOT, free_port
from .server import wait_for


def shipped(name, changes):
    """A file of deploy/mail, with no more than what `changes` names replaced; each must be in it."""
    text = (ROOT / "deploy" / "mail" / name).read_text()
    for old, new in changes.items():
        if old not in text:
            raise RuntimeError(f"deploy/mail/{name} has no {old}")
        text = text.replace(old, str(new))
    return text


class Postfix:
    """A Postfix that brings the mail of each domain to an LMTP socket, and nothing anywhere else.

    `main` and `services` are added to main.cf and master.cf.
    """

    def __init__(self, place, domains=None, main="", services="", others="error:no mail leaves this test"):
        self.folder = place / "postfix"
        self.port = free_port()
        self.domains = domains or {}
        self.main, self.services, self.others = main, services, others
        self.log = self.folder / "postfix.log"

    def __enter__(self):
        for name in ("etc", "spool", "data"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "data", "postfix")
        etc = self.folder / "etc"
        main = self.main
        if self.domains:
            (etc / "transport").write_text("".join(f"{domain} lmtp:{target}\n" for domain, target in self.domains.items()))
            main += f"relay_domains = {' '.join(self.domains)}\ntransport_maps = texthash:{etc}/transport\n"
        (etc / "main.cf").write_text(f"""compatibility_level = 3.6
queue_directory = {self.folder}/spool
data_directory = {self.folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {self.log}
maillog_file_prefixes = {self.folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
default_transport = {self.others}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
lmtp_host_lookup = native
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
lmtp_destination_concurrency_failed_cohort_limit = 1000
transport_retry_time = 2s
message_size_limit = 50000000
{main}""")
        services = [f"127.0.0.1:{self.port} inet n - n - - smtpd"]
        services += [f"{name} unix {private} - n {wake} {limit} {program}" for name, private, wake, limit, program in (
            ("pickup", "n", "60", "1", "pickup"), ("cleanup", "n", "-", "0", "cleanup"), ("qmgr", "n", "300", "1", "qmgr"),
            ("rewrite", "-", "-", "-", "trivial-rewrite"), ("bounce", "-", "-", "0", "bounce"),
            ("defer", "-", "-", "0", "bounce"), ("trace", "-", "-", "0", "bounce"), ("verify", "-", "-", "1", "verify"),
            ("flush", "n", "1000?", "0", "flush"), ("proxymap", "-", "-", "-", "proxymap"), ("smtp", "-", "-", "-", "smtp"),
            ("error", "-", "-", "-", "error"), ("retry", "-", "-", "-", "error"), ("lmtp", "-", "-", "-", "lmtp"),
            ("anvil", "-", "-", "1", "anvil"), ("tlsmgr", "-", "1000?", "1", "tlsmgr"), ("scache", "-", "-", "1", "scache"),
            ("postlog", "n", "-", "1", "postlogd"))]
        services[-1] = services[-1].replace("unix", "unix-dgram")
        (etc / "master.cf").write_text("\n".join(services) + "\n" + self.services)
        self.command("start")
        if not wait_for(self.answers):
            raise RuntimeError(f"Postfix did not start:\n{self.tail()}")
        return self

    def command(self, word):
        return subprocess.run(["postfix", "-c", str(self.folder / "etc"), word], capture_output=True, text=True, check=False)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def send(self, mail, sender, recipients):
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as session:
            return session.sendmail(sender, recipients, mail)

    def __exit__(self, *_):
        self.command("stop")
        wait_for(lambda: not self.answers())


class Dovecot:
    """A Dovecot that takes mails by LMTP for whoever they are for; `settings` are read after its own."""

    def __init__(self, place, settings, name="dovecot", passwords="nopassword=y"):
        self.folder = place / name
        self.port = free_port()
        self.settings, self.passwords = settings, passwords
        self.process = None

    def __enter__(self):
        for name in ("run", "mail"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "mail", "mail", "mail")
        (self.folder / "settings.conf").write_text(self.settings)
        (self.folder / "dovecot.conf").write_text(f"""base_dir = {self.folder}/run
protocols = lmtp
log_path = {self.folder}/dovecot.log
ssl = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{self.folder}/mail/%u
default_login_user = dovenull
passdb {{
  driver = static
  args = {self.passwords}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={self.folder}/mail/%u
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.port}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
}}
!include {self.folder}/settings.conf
""")
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")])
        if not wait_for(self.answers):
            raise RuntimeError(f"Dovecot did not start:\n{self.tail()}")
        return self

    answers = Postfix.answers

    def tail(self, lines=30):
        log = self.folder / "dovecot.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""

    def send(self, mail, sender, recipients):
        try:
            with smtplib.LMTP("127.0.0.1", self.port) as session:
                return session.sendmail(sender, recipients, mail)
        except smtplib.SMTPException as error:
            raise RuntimeError(f"{error}\n{self.tail()}") from error

    def mails(self, user):
        """What is in the mailbox of a user."""
        return [path for part in ("new", "cur") for path in (self.folder / "mail" / user / part).glob("*")]

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class LMTP(smtplib.LMTP):
    """A client of LMTP that tells what each recipient was answered."""

    def __init__(self, path):
        super().__init__(path)
        self.command_encoding = "utf-8"
        self.ehlo("test.example")

    def deliver(self, message, sender, recipients, options=""):
        answers = {}
        answer = self.docmd(f"MAIL FROM:<{sender}>{options}")
        if answer[0] != 250:
            return dict.fromkeys(recipients, answer)
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
        # As bytes: the mail may have eight bits.
        self.send(b"\r\n".join(b"." + line if line.startswith(b".") else line for line in message.splitlines()) + b"\r\n.\r\n")
        for recipient in accepted:
            answers[recipient] = self.getreply()
        return answers


class Sink:
    """A mail server that keeps all it was given to the end, and knows whether its acknowledgement was read.

    It acknowledges after `slow` seconds, and answers commands that begin with a key of `refusals` with their value. With `tls`, an
    `ssl.SSLContext`, it speaks TLS from the beginning.
    """

    def __init__(self, port=None, unknown=(), slow=0, refusals=None, tls=None):
        self.port = port or free_port()
        self.unknown, self.slow, self.refusals, self.tls = unknown, slow, refusals or {}, tls
        self.mails, self.commands = [], []
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=100)
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rwb", buffering=0) as stream:
                self.talk(stream)
        except OSError:
            pass

    def talk(self, stream):
        sender, recipients, last = None, [], None
        stream.write(b"220 sink.example ESMTP\r\n")
        while line := stream.readline():
            word = line.strip().upper()
            self.commands.append(word.decode(errors="replace"))
            if last:
                # Whoever goes on has read the acknowledgement.
                last["read"], last = True, None
            refusal = next((reply for command, reply in self.refusals.items() if word.startswith(command.encode())), None)
            if refusal:
                stream.write(refusal.encode() + b"\r\n")
            elif word.startswith(b"EHLO"):
                stream.write(b"250-sink.example\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n")
            elif word.startswith(b"MAIL"):
                sender, recipients = line[line.index(b"<") + 1:line.index(b">")].decode(), []
                stream.write(b"250 2.1.0 OK\r\n")
            elif word.startswith(b"RCPT"):
                recipient = line[line.index(b"<") + 1:line.index(b">")].decode()
                if recipient in self.unknown:
                    stream.write(b"550 5.1.1 nobody is called that\r\n")
                else:
                    recipients.append(recipient)
                    stream.write(b"250 2.1.5 OK\r\n")
            elif word == b"DATA":
                stream.write(b"354 go on\r\n")
                lines = []
                while (text := stream.readline()) not in (b".\r\n", b""):
                    lines.append(text[1:] if text.startswith(b"..") else text)
                if not text:
                    return
                last = {"sender": sender, "recipients": recipients, "text": b"".join(lines), "read": False}
                self.mails.append(last)
                time.sleep(self.slow)
                stream.write(b"250 2.0.0 taken\r\n")
            elif word == b"QUIT":
                stream.write(b"221 bye\r\n")
                return
            else:
                stream.write(b"250 OK\r\n")

    def close(self):
        self.closing = True
        self.listener.close()


def certificates(place):
    """Makes who vouches for 'localhost', and what for."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    new = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    openssl("req", "-x509", *new, "-subj", "/CN=Test authority", "-keyout", place / "ca.key", "-out", place / "ca.pem")
    openssl("req", *new[:3], "-subj", "/CN=localhost", "-keyout", place / "tls.key", "-out", place / "tls.csr")
    (place / "tls.ext").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", place / "tls.csr", "-CA", place / "ca.pem", "-CAkey", place / "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", place / "tls.ext", "-out", place / "tls.pem")


@contextmanager
def sending_to(sink, place, user, *more):
    """A server that sends its mails to a sink, and has a user already; the directory that it serves is `data`."""
    data = place / "data"
    data.mkdir()
    options = ["--imip-send", "smtp", "--smtp-host", "127.0.0.1", "--smtp-port", str(sink.port),
               "--smtp-from", "calendar@a.example", "--no-maintenance", *more]
    with site("nginx-fastcgi", place, data, users={user: "x"}, options=options) as running:
        running.client(user).get(f"/{user}/")
        yield running


def read(mail):
    return message_from_bytes(mail, policy=policy.SMTP)


def calendar_part(mail):
    """The iCalendar object of a mail, with its method."""
    for part in read(mail).walk():
        if part.get_content_type() == "text/calendar":
            return part.get_param("method"), part.get_payload(decode=True).decode()
    return None, ""


def event(uid, organizer, attendees, summary="Tea", method=None, sequence=0, start="20270301T100000Z",
          end="20270301T110000Z", stamp="20260101T000000Z", more=(), partstat="NEEDS-ACTION"):
    """A calendar with one event; attendees are addresses, or pairs of one and its PARTSTAT."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//interop//mail//EN"]
    lines += [f"METHOD:{method}"] if method else []
    lines += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{summary}",
              f"SEQUENCE:{sequence}", f"ORGANIZER;CN=Organizer:mailto:{organizer}"]
    for attendee in attendees:
        address, state = attendee if isinstance(attendee, tuple) else (attendee, partstat)
        lines.append(f"ATTENDEE;PARTSTAT={state};RSVP=TRUE:mailto:{address}")
    lines += [*more, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def invitation(calendar, sender, recipients, method="REQUEST", fields=()):
    """A mail with a calendar, as programs send it."""
    text = base64.encodebytes(calendar.encode()).decode().replace("\n", "\r\n")
    head = [f"From: {sender}", f"To: {', '.join(recipients)}", "Subject: Invitation",
            f"Message-ID: <{os.urandom(8).hex()}@test.example>", "Date: Thu, 01 Jan 2026 00:00:00 +0000", *fields,
            "MIME-Version: 1.0", 'Content-Type: multipart/alternative; boundary="part"']
    return ("\r\n".join(head) + "\r\n\r\n--part\r\nContent-Type: text/plain\r\n\r\nCome to tea.\r\n--part\r\n"
            f"Content-Type: text/calendar; charset=utf-8; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{text}\r\n--part--\r\n").encode()
