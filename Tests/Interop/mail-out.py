"""Invitations go out: through sendmail, and by SMTP with TLS and a password; and what people and programs read in them.

Usage: mail-out.py [--show]     --show prints the mails as people see them
"""

import email.utils
import html.parser
import os
import re
import subprocess
import sys
import time

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import binary, bounded, workplace
from lib.server import wait_for

ANA, BOB, OLGA = "ana@a.example", "bob@b.example", "olga@b.example"
FROM = "calendar@a.example"


class Words(html.parser.HTMLParser):
    """The words of an HTML page, and what it has open at the end."""

    def __init__(self, text):
        super().__init__()
        self.words, self.open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, _):
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.open.append(f"/{tag}")

    def handle_data(self, data):
        self.words += data.split()


def tree(part):
    """The types of a mail's parts."""
    kind = part.get_content_type()
    return (kind, [tree(inner) for inner in part.iter_parts()]) if part.is_multipart() else kind


def part(message, kind):
    return next(one for one in message.walk() if one.get_content_type() == kind)


def form(checks, name, taken, recipient, author):
    """What is true of every mail (RFC 5322, RFC 6047 §2.4, RFC 7489 §3.1)."""
    message = mail.read(taken["text"])
    faults = [str(fault) for one in message.walk() for fault in one.defects]
    checks.equal(f"{name}: Python's parser finds no fault", faults, [])
    age = time.time() - email.utils.parsedate_to_datetime(message["Date"]).timestamp()
    checks(f"{name}: Date is now, Message-ID is of the own domain", -5 < age < 120 and re.fullmatch(
        r"<[\w.-]+@a\.example>", message["Message-ID"]), (age, message["Message-ID"]))
    checks.equal(f"{name}: From is of the own domain, as the envelope; Reply-To is who writes",
                 (message["From"].addresses[0].addr_spec, taken["sender"], message["Reply-To"].addresses[0].addr_spec),
                 (FROM, FROM, author))
    checks.equal(f"{name}: it goes to one", (taken["recipients"], message["To"].addresses[0].addr_spec), ([recipient], recipient))
    checks.equal(f"{name}: the calendar is an alternative to the text, and a file", tree(message), (
        "multipart/mixed", [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"]))
    calendar, file = part(message, "text/calendar"), part(message, "application/ics")
    own = calendar.get_payload(decode=True)
    checks(f"{name}: the method of the part is that of the calendar, and the file is the same",
           f"\r\nMETHOD:{calendar.get_param('method')}\r\n".encode() in own and file.get_payload(decode=True) == own
           and file.get_filename().endswith(".ics") and file.get_content_disposition() == "attachment", own)
    checks.equal(f"{name}: programs shall not answer", message["Auto-Submitted"], "auto-generated")
    page = Words(part(message, "text/html").get_content())
    checks.equal(f"{name}: the HTML is whole", page.open, [])
    text = part(message, "text/plain").get_content()
    lines = [line for line in taken["text"].split(b"\r\n") if len(line) > 998 or b"\n" in line]
    checks.equal(f"{name}: no line is too long", lines, [])
    if "--show" in sys.argv:
        head = [f"{field}: {message[field]}" for field in ("From", "Reply-To", "To", "Subject", "Date")]
        print("-" * 72, *head, "", text, "-" * 72, sep="\n")
    return message["Subject"], text, " ".join(page.words)


def says(checks, name, text, page, *words):
    """The text and the HTML both say it."""
    missing = [word for word in words if word not in text or " ".join(word.split()) not in page.replace(" :", ":")]
    checks.equal(f"{name}: text and HTML say when, where, who and what", missing, [])


def unchanged(checks, client, href, event, sink):
    """Puts what is nothing to the invited; gives the text as it then is."""
    stored = client.get(href).body.decode()
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
    for what, change in {
            "what was put": lambda text: event, "what is stored": lambda text: stored,
            "another DTSTAMP": lambda text: text.replace("DTSTAMP:20260101", "DTSTAMP:20260102"),
            "LAST-MODIFIED": lambda text: text.replace("END:VEVENT", "LAST-MODIFIED:20260102T000000Z\r\nEND:VEVENT"),
            "an alarm": lambda text: text.replace("END:VEVENT", f"{alarm}END:VEVENT"),
            "a property of the own program": lambda text: text.replace("END:VEVENT", "X-MOZ-GENERATION:2\r\nEND:VEVENT"),
            "nothing else": lambda text: text}.items():
        event = change(event)
        answer = client.put(href, event.encode())
        time.sleep(0.8)
        checks(f"it is put again with {what}: no mail", answer.status in (200, 204) and len(sink.mails) == 1,
               [mail.read(taken["text"])["Subject"] for taken in sink.mails])
    return event


def texts(checks, running, sink):
    """An invitation, the same again, another time and place, a cancellation, and an answer."""
    client, href = running.client(ANA), f"/{ANA}/calendars/calendar/out.ics"
    client.get(f"/{ANA}/")
    options = {"summary": "Frühstück & mehr", "more": ["LOCATION:Café <Nord>", "DESCRIPTION:Bring cups"]}
    event = mail.event("out@a.example", ANA, [(ANA, "ACCEPTED"), BOB], **options)
    checks.equal("the event is taken", client.put(href, event.encode()).status, 201)
    checks("sendmail brings the invitation to Postfix, and Postfix on", wait_for(lambda: len(sink.mails) == 1, 20), running.server.tail())
    subject, text, page = form(checks, "invitation", sink.mails[0], BOB, ANA)
    checks.equal("its subject is in words", subject, "Invitation: Frühstück & mehr")
    says(checks, "invitation", text, page, "Monday, 1 March 2027, 10:00 to 11:00 (UTC)", "Café <Nord>", "Organizer",
         "<ana@a.example>", "bob@b.example", "Bring cups")

    same = unchanged(checks, client, href, event, sink)
    moved = same.replace("T100000Z", "T120000Z").replace("T110000Z", "T130000Z").replace("Café <Nord>", "Park").replace(
        "DESCRIPTION:Bring cups\r\n", "").replace("SEQUENCE:0", "SEQUENCE:1")
    checks("it is moved", client.put(href, moved.encode()).status in (200, 204))
    checks("one mail says so, and none was sent when nothing had changed", wait_for(lambda: len(sink.mails) > 1, 20))
    subject, text, page = form(checks, "another time", sink.mails[1], BOB, ANA)
    checks.equal("its subject says it is an update", subject, "Updated invitation: Frühstück & mehr")
    says(checks, "another time", text, page, "12:00 to 13:00", "Park", "(changed)",
         "Bring cups")
    changed = [line.split(":")[0] for line in text.splitlines() if "(changed)" in line]
    checks.equal("and what has changed, and no more", sorted(changed), ["When", "Where"])
    checks("and what is no longer so", "No longer: Description Bring cups" in text, text)

    checks("it is deleted", client.request("DELETE", href).status in (200, 204))
    checks("one mail says so", wait_for(lambda: len(sink.mails) > 2, 20))
    subject, text, page = form(checks, "cancellation", sink.mails[2], BOB, ANA)
    checks.equal("its subject says so", subject, "Cancelled: Frühstück & mehr")
    says(checks, "cancellation", text, page, "cancelled", "12:00 to 13:00", "Park")

    invited = mail.event("in@b.example", OLGA, [(OLGA, "ACCEPTED"), (ANA, "ACCEPTED")], summary="Tea")
    checks.equal("an invitation from outside is accepted", client.put(f"/{ANA}/calendars/calendar/in.ics", invited.encode()).status, 201)
    checks("one mail says so", wait_for(lambda: len(sink.mails) > 3, 20), running.server.tail())
    subject, text, page = form(checks, "answer", sink.mails[3], OLGA, ANA)
    checks.equal("its subject says so", subject, "Accepted: Tea")
    says(checks, "answer", text, page, "accepts", "10:00 to 11:00")
    time.sleep(1.5)
    checks.equal("nobody was sent another mail, and nobody one to themselves", len(sink.mails), 4)


def waiting(data):
    """The names of the mails that wait."""
    return sorted(path.name for path in (data / ".artemisios" / "mail" / "ready").glob("*"))


def once(data, variables, *options):
    """Runs the sender once, and gives what it says."""
    environment = {name: value for name, value in os.environ.items() if "SMTP" not in name and "IMIP" not in name}
    outcome = subprocess.run([binary("artemisios"), "send-mail", "--directory", data, "--multi-user", "--once", *options],
                             env=environment | variables, capture_output=True, text=True, check=False, timeout=60)
    return outcome.stdout + outcome.stderr


def variables(prefix, **values):
    """The environment that says what the options would."""
    common = {"IMIP_SEND": "smtp", "SMTP_FROM": FROM, "SMTP_HOST": "localhost", "SMTP_USER": "calendar"}
    return {f"{prefix}_{name}": str(value) for name, value in (common | values).items()}


def failures(checks, place, data, port, sink):
    """What cannot be sent now stays, and the log says why."""
    good, bad, bundle = place / "password", place / "wrong", place / "ca.pem"
    good.write_text("secret\n")
    bad.write_text("guess\n")
    options = ["--imip-send", "smtp", "--smtp-host", "localhost", "--smtp-port", str(port), "--smtp-encryption", "starttls",
               "--smtp-user", "calendar", "--smtp-password-file", str(bad), "--smtp-ca-file", str(bundle),
               "--smtp-from", FROM, "--no-maintenance"]
    place = place / "wrong-password"
    place.mkdir(mode=0o755)
    with site("nginx-fastcgi", place, data, users={ANA: "x"}, options=options) as running:
        event = mail.event("starttls@a.example", ANA, [(ANA, "ACCEPTED"), BOB])
        started = time.monotonic()
        status = running.client(ANA).put(f"/{ANA}/calendars/calendar/starttls.ics", event.encode()).status
        checks.equal("a PUT does not wait for the mail server", status, 201)
        log = running.server.log
        refused = r"mail \S+: bob@b\.example: localhost does not let calendar in: .*; again in (\d+) s"
        checks("a wrong password: the log says so, and when it is tried again",
               wait_for(lambda: re.findall(refused, log.read_text()) == ["15"], 20), running.server.tail())
        checks("then it waits twice as long", wait_for(lambda: re.findall(refused, log.read_text()) == ["15", "30"], 30)
               and time.monotonic() - started > 14, running.server.tail())
    names = waiting(data)
    checks.equal("the mail waits", len(names), 1)
    common = {"SMTP_PORT": port, "SMTP_PASSWORD_FILE": good, "SMTP_ENCRYPTION": "starttls"}
    said = once(data, variables("ARTEMISIOS", **common))
    checks("a certificate that is not trusted: the log says so",
           "the certificate of localhost is not trusted: SSL certificate problem" in said, said)
    said = once(data, variables("ARTEMISIOS", **common, SMTP_CA_FILE=bundle), "--smtp-host", "127.0.0.1")
    checks("one of another name too, and an option counts more than the environment",
           "the certificate of 127.0.0.1 is not trusted" in said, said)
    said = once(data, variables("ARTEMISIOS", **common | {"SMTP_PORT": sink.port}, SMTP_CA_FILE=bundle))
    checks("a server without STARTTLS: the log says so", "localhost does not offer STARTTLS" in said, said)
    said = once(data, variables("ARTEMISIOS", **common | {"SMTP_ENCRYPTION": "ssl"}, SMTP_CA_FILE=bundle))
    checks("TLS where there is none: the log says so", "again in" in said and "SSL" in said, said)
    said = once(data, variables("ARTEMISIOS", **common | {"SMTP_ENCRYPTION": "twice"}, SMTP_CA_FILE=bundle))
    checks("a word in the environment that is none is refused", "SMTP_ENCRYPTION in the environment cannot be twice" in said, said)
    said = once(data, variables("ARTEMISIOS", **common, SMTP_CA_FILE="/nowhere"))
    checks("no certificates to trust: the log says so", "the certificates to trust cannot be read" in said, said)
    checks.equal("it still waits, and nothing was sent", (waiting(data), len(sink.mails)), (names, 0))
    said = once(data, variables("ARTEMISIOS", **common, SMTP_CA_FILE=bundle) | variables("XANDIKOS", SMTP_PORT=1, SMTP_FROM="x@y"))
    checks("with STARTTLS and the password it is sent, and ARTEMISIOS_ counts more than XANDIKOS_",
           wait_for(lambda: len(sink.mails) == 1, 20) and "is sent" in said, said)
    checks.equal("and waits no more", waiting(data), [])


def tls(checks, place, data, port, sink):
    """TLS from the beginning, all of it said by the environment as it was before."""
    os.environ.update(variables("XANDIKOS", SMTP_PORT=port, SMTP_ENCRYPTION="ssl", SMTP_PASSWORD_FILE=place / "password",
                                SMTP_CA_FILE=place / "ca.pem"))
    place = place / "tls"
    place.mkdir(mode=0o755)
    with site("nginx-fastcgi", place, data, users={ANA: "x"}, options=["--no-maintenance"]) as running:
        event = mail.event("tls@a.example", ANA, [(ANA, "ACCEPTED"), BOB])
        running.client(ANA).put(f"/{ANA}/calendars/calendar/tls.ics", event.encode())
        checks("with TLS from the beginning it is sent, as XANDIKOS_ in the environment says",
               wait_for(lambda: len(sink.mails) == 2, 20), running.server.tail())
    for name in [name for name in os.environ if name.startswith("XANDIKOS_")]:
        del os.environ[name]


def by_sendmail(checks, place):
    sink = mail.Sink()
    (place / "sendmail" / "data").mkdir(parents=True)
    with mail.Postfix(place / "sendmail", others=f"smtp:[127.0.0.1]:{sink.port}") as postfix:
        # Where Postfix's sendmail finds its configuration.
        os.environ.update({"MAIL_CONFIG": str(postfix.folder / "etc"), "XANDIKOS_IMIP_SEND": "sendmail",
                           "XANDIKOS_SMTP_FROM": FROM, "XANDIKOS_SENDMAIL_BINARY": "/usr/sbin/sendmail"})
        with site("nginx-fastcgi", place / "sendmail", place / "sendmail" / "data", users={ANA: "x"},
                  options=["--no-maintenance"]) as running:
            texts(checks, running, sink)
        for name in ("MAIL_CONFIG", "XANDIKOS_IMIP_SEND", "XANDIKOS_SMTP_FROM", "XANDIKOS_SENDMAIL_BINARY"):
            del os.environ[name]
    sink.close()


def by_smtp(checks, place):
    sink, data = mail.Sink(), place / "smtp-data"
    data.mkdir()
    mail.certificates(place)
    (place / "smtp").mkdir(mode=0o755)
    others = f"smtp:[127.0.0.1]:{sink.port}"
    main = (f"smtpd_tls_cert_file = {place}/tls.pem\nsmtpd_tls_key_file = {place}/tls.key\nsmtpd_tls_auth_only = yes\n"
            "smtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n")
    ports = mail.free_port(), mail.free_port()
    login = "-o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
    services = (f"127.0.0.1:{ports[0]} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {login}\n"
                f"127.0.0.1:{ports[1]} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {login}\n")
    with mail.Postfix(place / "smtp", main=main, services=services, others=others) as postfix:
        settings = ("service auth {\n  unix_listener " f"{postfix.folder}/spool/private/auth {{\n    mode = 0666\n  }}\n}}\n")
        with mail.Dovecot(place / "smtp", settings, passwords="password=secret"):
            failures(checks, place, data, ports[0], sink)
            tls(checks, place, data, ports[1], sink)
            if checks.failed:
                print(postfix.tail(60))
    sink.close()


def main():
    bounded(300)
    checks = Checks("mail-out")
    with workplace() as place:
        by_sendmail(checks, place)
        by_smtp(checks, place)
    checks.finish()


if __name__ == "__main__":
    main()
