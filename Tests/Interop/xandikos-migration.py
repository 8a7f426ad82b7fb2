"""A directory made by the real Xandikos is served unchanged, written to, and served by Xandikos again."""

import os
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from lib import repository, samples
from lib.checks import Checks
from lib.dav import DECLARATIONS, Client, clark
from lib.fronts import site
from lib.places import bounded, free_port, workplace
from lib.server import xandikos_server

CALENDAR = "/user/calendars/work/"
CONTACTS = "/user/contacts/friends/"
COLLECTIONS = [
    "/user/", "/user/calendars/", "/user/contacts/", "/user/inbox/", "/user/outbox/",
    "/user/calendars/calendar/", "/user/contacts/addressbook/", CALENDAR, CONTACTS,
]
STORED = ["D:resourcetype", "D:displayname", "D:getetag", "D:getcontenttype", "D:getcontentlength"]
COLLECTION = STORED + [
    "CS:getctag", "D:sync-token", "ICAL:calendar-color", "ICAL:calendar-order", "C:calendar-description",
    "C:supported-calendar-component-set", "CARD:addressbook-description", "INFA:addressbook-color",
]
# Xandikos gives every home the same tag and token for ever, whatever is in it; here they move with what is in it.
HOMES, MOVING = ("/user/calendars/", "/user/contacts/"), ("CS:getctag", "D:sync-token")
DESCRIPTIONS = {clark("C:calendar-description"), clark("CARD:addressbook-description")}
PRINCIPAL = ["D:displayname", "C:calendar-home-set", "CARD:addressbook-home-set"]
# The names are chosen to be mangled by anything that decodes once too often or too seldom.
ITEMS = ["100%25.ics", "%C5%BDi%C5%BEkov.ics", "with%20space.ics", "plus+and%26.ics", "a%2525.ics",
         "mail@x:y.ics", "(round)!*,=$.ics"]

TASK = samples.crlf("""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//interop//EN
BEGIN:VTODO
UID:task@example.org
DTSTAMP:20260101T000000Z
SUMMARY:Žehlit
DUE;VALUE=DATE:20260202
END:VTODO
END:VCALENDAR
""")


@contextmanager
def xandikos(directory, place):
    """The real thing, and a client of it."""
    port = free_port()
    client = Client(port)
    with xandikos_server(
            directory, place, port, lambda: client.propfind("/user/", "D:displayname").status == 207):
        yield client


def expect(answer, *statuses):
    if answer.status not in statuses:
        raise RuntimeError(f"found {answer!r}, expected {statuses}")
    return answer


def fill(client):
    """Makes collections and objects as clients do; gives the sync states handed out on the way."""
    expect(client.xml("MKCALENDAR", CALENDAR, f"""<C:mkcalendar {DECLARATIONS}><D:set><D:prop>
        <D:displayname>Büro – 仕事 &amp; Sohn</D:displayname><ICAL:calendar-color>#ff8800ff</ICAL:calendar-color>
        <C:calendar-description>Was im Büro „ansteht“</C:calendar-description>
        </D:prop></D:set></C:mkcalendar>"""), 201)
    expect(client.xml("MKCOL", CONTACTS, f"""<D:mkcol {DECLARATIONS}><D:set><D:prop>
        <D:resourcetype><D:collection/><CARD:addressbook/></D:resourcetype>
        <D:displayname>Přátelé</D:displayname></D:prop></D:set></D:mkcol>"""), 201)
    expect(client.proppatch(CALENDAR, ICAL__calendar_order="7"), 207)
    expect(client.proppatch(CONTACTS, CARD__addressbook_description="Staří přátelé"), 207)
    expect(client.proppatch("/user/calendars/calendar/", ICAL__calendar_color="#0000ffff"), 207)
    states = [state(client)]
    for number, name in enumerate(ITEMS, 1):
        expect(client.put(CALENDAR + name, samples.event(number)), 201)
    expect(client.put(CALENDAR + "task.ics", TASK), 201)
    for number in range(10, 22):
        expect(client.put(f"{CALENDAR}e{number}.ics", samples.event(number)), 201)
    for number in range(1, 11):
        expect(client.put(f"{CONTACTS}c{number}.vcf", samples.contact(number), "text/vcard"), 201)
    states.append(state(client))
    expect(client.put(CALENDAR + "e10.ics", samples.event(10, " moved")), 204, 200, 201)
    expect(client.request("DELETE", CALENDAR + "e11.ics"), 200, 204)
    expect(client.request("DELETE", CONTACTS + "c3.vcf"), 200, 204)
    states.append(state(client))
    return states


def state(client):
    """Collection → (sync token, {href: ETag}) as a client remembers it after a sync."""
    remembered = {}
    for path in (CALENDAR, CONTACTS):
        token, members, answer = client.sync(path, "")
        expect(answer, 207)
        remembered[path] = (token, members)
    return remembered


def value(element):
    """What a property says, without the accidents of its XML; None when that is nothing."""
    tag, text = element.tag, (element.text or "").strip()
    if len(element):
        return sorted(ElementTree.canonicalize(ElementTree.tostring(child), strip_text=True) for child in element)
    if tag == clark("D:getcontenttype"):
        return text.split(";")[0]
    # Xandikos shows a description that nobody has set as an empty one.
    return text or (None if tag in DESCRIPTIONS else "")


def picture(client):
    """Everything that must not change: (path, property) → value, and path → bytes of each member."""
    properties, bodies = {}, {}
    for path in COLLECTIONS:
        names = PRINCIPAL if path == "/user/" else COLLECTION
        answer = expect(client.propfind(path, *names, depth=0 if path == "/user/" else 1), 207)
        for href, (_, found) in answer.responses().items():
            for name in names:
                element = found.get(clark(name))
                if element is not None and (said := value(element)) is not None:
                    properties[href, name] = said
            if not href.endswith("/"):
                bodies[href] = client.get(href).body
    return properties, bodies


def compare(checks, moment, before, after):
    for name in sorted({name for _, name in before[0]}):
        old = {href: text for (href, key), text in before[0].items()
               if key == name and not (key in MOVING and href in HOMES)}
        wrong = {href: (text, after[0].get((href, name))) for href, text in old.items()
                 if after[0].get((href, name)) != text}
        checks(f"{moment}: {name} is the same on all {len(old)} resources", not wrong, list(wrong.items())[:4])
    listed = {href for href, _ in before[0]} ^ {href for href, _ in after[0]}
    checks(f"{moment}: the hrefs are the same", not listed, sorted(listed))
    wrong = [href for href, body in before[1].items() if after[1].get(href) != body]
    checks(f"{moment}: all {len(before[1])} objects have the same bytes", not wrong, wrong)


def check_homes(checks, client, before):
    """The token that Xandikos gave of a home leads to all that is in it."""
    for home in HOMES:
        token, told, answer = client.sync(home, before[0][home, "D:sync-token"])
        inside = sorted(path for path in COLLECTIONS if path.startswith(home) and path != home)
        checks.equal(f"the token of {home} is taken, and tells of its collections", sorted(told), inside)
        checks.equal(f"the next token of {home} tells of nothing", client.sync(home, token)[1], {})


def changes(old, new):
    """What a sync from `old` to `new` reports: href → ETag, None when it is gone."""
    told = {href: etag for href, etag in new.items() if old.get(href) != etag}
    return {**told, **{href: None for href in old if href not in new}}


def check_tokens(checks, client, states):
    """Every token ever handed out leads to the state of now."""
    now = state(client)
    for number, remembered in enumerate(states):
        for path, (token, members) in remembered.items():
            fresh, told, answer = client.sync(path, token)
            checks.equal(f"token {number} of {path} is taken", answer.status, 207)
            # RFC 6578 §3.4: what came and went since need not be told.
            expected = changes(members, now[path][1])
            gone = {href for href, etag in told.items() if etag is None and href not in members}
            told = {href: etag for href, etag in told.items() if href not in gone}
            checks.equal(f"token {number} of {path} tells what has changed", told, expected)
            checks.equal(f"token {number} of {path} leads to the token of now", fresh, now[path][0])


def write(client):
    """One change of every kind."""
    expect(client.put(CALENDAR + "new%25.ics", samples.event(50)), 201)
    expect(client.put(CALENDAR + "e12.ics", samples.event(12, " neu")), 204)
    expect(client.request("DELETE", CALENDAR + "100%25.ics"), 204)
    expect(client.put(CONTACTS + "c20.vcf", samples.contact(20), "text/vcard"), 201)
    expect(client.request("DELETE", CONTACTS + "c1.vcf"), 204)
    expect(client.proppatch(CALENDAR, D__displayname="Práce 50%", ICAL__calendar_color="#00aa00ff",
                            C__calendar_description="Zeile eins\nZeile zwei"), 207)
    expect(client.xml("MKCALENDAR", "/user/calendars/later/", f"""<C:mkcalendar {DECLARATIONS}><D:set><D:prop>
        <D:displayname>Später</D:displayname><ICAL:calendar-color>#123456ff</ICAL:calendar-color>
        </D:prop></D:set></C:mkcalendar>"""), 201)
    expect(client.put("/user/calendars/later/e1.ics", samples.event(60)), 201)


def repositories(data):
    return sorted({path.parent for path in data.rglob("HEAD") if (path.parent / "objects").is_dir()})


def run(checks, place):
    data = place / "data"
    with xandikos(data, place) as client:
        states = fill(client)
        before = picture(client)
    commits = {str(path): repository.head(path) for path in repositories(data)}
    if os.geteuid() == 0:
        # Migrating means handing the directory to the user the server runs as: here the same.
        checks("Xandikos made its directory", len(commits) >= 8, commits)

    with site("nginx-fastcgi", place, data) as server:
        client = server.client()
        compare(checks, "served by Artemisios", before, picture(client))
        check_homes(checks, client, before)
        checks.equal("reading changes no repository", commits,
                     {str(path): repository.head(path) for path in repositories(data)})
        check_tokens(checks, client, states)
        write(client)
        states.append(state(client))
        check_tokens(checks, client, states)
        COLLECTIONS.append("/user/calendars/later/")
        after = picture(client)
    for path in repositories(data):
        checks.equal(f"{path.relative_to(data)}: git fsck --strict finds nothing", repository.fsck(path), "")
        if path.name == ".git":
            checks.equal(f"{path.relative_to(data)}: work tree, index and HEAD agree",
                         repository.git(path.parent, "status", "--porcelain", "-uno"), "")

    with xandikos(data, place) as client:
        compare(checks, "served by Xandikos again", after, picture(client))
        expect(client.put(CALENDAR + "last.ics", samples.event(70)), 201)
        expect(client.put("/user/calendars/later/last.ics", samples.event(71)), 201)
        expect(client.proppatch(CALENDAR, D__displayname="Zurück"), 207)
        states.append(state(client))
        last = picture(client)

    with site("nginx-fastcgi", place, data) as server:
        compare(checks, "and by Artemisios once more", last, picture(server.client()))
        check_tokens(checks, server.client(), states)


def main():
    bounded(300)
    checks = Checks("migration from and to Xandikos")
    with workplace() as place:
        run(checks, Path(place))
    checks.finish()


if __name__ == "__main__":
    main()
