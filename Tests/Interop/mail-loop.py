"""Two servers with domains of their own meet by mail: invited here, accepted there, moved, changed once, and cancelled.

Each hands its mails to the same Postfix, which brings them to the other one's LMTP socket. All that people do is PUT and
DELETE.
"""

import re

from lib import mail
from lib.checks import Checks
from lib.fronts import site
from lib.places import bounded, workplace
from lib.server import wait_for

ANA, BOB = "ana@a.example", "bob@b.example"


class Person:
    """Somebody with a calendar."""

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.calendar = f"/{name}/calendars/calendar/"
        client.get(f"/{name}/")

    def objects(self):
        """{href: text} of all objects."""
        answer = self.client.xml("PROPFIND", self.calendar, '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', depth=1)
        hrefs = re.findall(r"<[^>]*href>([^<]*\.ics)<", answer.body.decode())
        return {href: self.text(href) for href in hrefs}

    def text(self, href):
        return self.client.get(href).body.decode().replace("\r\n ", "")

    def event(self, uid):
        """The href and text of an event, both None when it is not there."""
        return next(((href, text) for href, text in self.objects().items() if f"UID:{uid}" in text), (None, ""))

    def put(self, href, text):
        return self.client.put(href, text.encode())


def partstat(text, address):
    """How an attendee answered, for each component in order."""
    return [re.search(r"PARTSTAT=([A-Z-]+)", line).group(1) if "PARTSTAT=" in line else "NEEDS-ACTION"
            for line in text.splitlines() if line.startswith("ATTENDEE") and address in line.lower()]


def answered(text, address, how):
    """The text with another answer of an attendee."""
    lines = []
    for line in text.splitlines():
        if line.startswith("ATTENDEE") and address in line.lower():
            line = re.sub(r";PARTSTAT=[A-Z-]+|;RSVP=[A-Z]+", "", line).replace("ATTENDEE", f"ATTENDEE;PARTSTAT={how}", 1)
        lines.append(line)
    return "\r\n".join(lines) + "\r\n"


def loop(checks, ana, bob):
    uid = "loop@a.example"
    href = ana.calendar + "loop.ics"
    event = mail.event(uid, ANA, [(ANA, "ACCEPTED"), BOB], more=["RRULE:FREQ=DAILY;COUNT=5"])
    checks.equal("Ana invites", ana.put(href, event).status, 201)
    checks("Bob has the invitation", wait_for(lambda: bob.event(uid)[0], 30))
    there, text = bob.event(uid)
    checks.equal("and has not answered", partstat(text, BOB), ["NEEDS-ACTION"])

    checks("Bob accepts", bob.put(there, answered(text, BOB, "ACCEPTED")).status in (200, 204))
    checks("Ana's event says so", wait_for(lambda: partstat(ana.text(href), BOB) == ["ACCEPTED"], 30), ana.text(href))

    # RFC 5546 §3.2.2.1: another time asks again.
    moved = ana.text(href).replace("T100000Z", "T140000Z").replace("T110000Z", "T150000Z").replace("SEQUENCE:0", "SEQUENCE:1")
    checks("Ana moves it", ana.put(href, moved).status in (200, 204))
    checks("Bob's event moves", wait_for(lambda: "T140000Z" in bob.event(uid)[1], 30), bob.event(uid)[1])
    checks.equal("and asks him again", partstat(bob.event(uid)[1], BOB)[:1], ["NEEDS-ACTION"])

    instance = mail.event(uid, ANA, [(ANA, "ACCEPTED"), BOB], summary="Coffee", sequence=2, start="20270303T160000Z",
                          end="20270303T170000Z", more=["RECURRENCE-ID:20270303T140000Z"])
    component = instance[instance.index("BEGIN:VEVENT"):instance.index("END:VCALENDAR")]
    text = ana.text(href)
    checks("Ana changes one instance", ana.put(href, text.replace("END:VCALENDAR", component + "END:VCALENDAR")).status in (
        200, 204))
    checks("Bob has the instance", wait_for(lambda: "SUMMARY:Coffee" in bob.event(uid)[1], 30), bob.event(uid)[1])
    checks("and the series", "RRULE" in bob.event(uid)[1], bob.event(uid)[1])

    checks("Ana deletes it", ana.client.request("DELETE", href).status in (200, 204))
    checks("Bob's event is cancelled",
           wait_for(lambda: bob.event(uid)[0] is None or "STATUS:CANCELLED" in bob.event(uid)[1], 30), bob.event(uid)[1])


def main():
    bounded(400)
    checks = Checks("mail-loop")
    with workplace() as place:
        sockets = {}
        for side in ("a", "b"):
            (place / side / "data").mkdir(parents=True)
            sockets[f"{side}.example"] = f"unix:{place}/{side}/lmtp.sock"
        with mail.Postfix(place, sockets) as postfix:
            def options(side):
                return ["--imip-listen", f"unix:{place}/{side}/lmtp.sock", "--imip-listen-group", "postfix",
                        "--imip-send", "smtp", "--smtp-host", "127.0.0.1", "--smtp-port", str(postfix.port),
                        "--smtp-from", f"calendar@{side}.example", "--no-maintenance"]

            with site("nginx-fastcgi", place / "a", place / "a" / "data", users={ANA: "x"}, options=options("a")) as here, \
                    site("nginx-fastcgi", place / "b", place / "b" / "data", users={BOB: "x"}, options=options("b")) as there:
                ana, bob = Person(here.client(ANA), ANA), Person(there.client(BOB), BOB)
                loop(checks, ana, bob)
                log = here.server.log.read_text() + there.server.log.read_text()
                sent = re.findall(r"mail \S+: (\w+) to (\S+) is sent", log)
                checks.equal("these mails, and no more, went out", sorted(sent), sorted(
                    [("REQUEST", BOB)] * 3 + [("REPLY", ANA), ("CANCEL", BOB)]))
                if checks.failed:
                    print(here.server.tail(60), there.server.tail(60), postfix.tail(60), sep="\n---\n")
    checks.finish()


if __name__ == "__main__":
    main()
