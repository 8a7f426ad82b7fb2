"""What a web server in front may spoil: discovery, mounting, identity, bodies, paths and ETags.

Usage: discovery.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]...
"""

import gzip
import socket
import sys
import time

from lib import repository, samples
from lib.checks import Checks
from lib.dav import DECLARATIONS, Client, clark
from lib.fronts import FRONTS, Front, site
from lib.places import bounded, workplace
from lib.server import Server, wait_for

USERS = {"anna": "a-secret", "boris": "b-secret"}
FORGED = {name: "anna" for name in [
    "Remote-User", "Remote_User", "X-Remote-User", "X-Forwarded-User", "Http-Remote-User", "X-Authenticated-User"]}


def principal(answer):
    found = [properties.get(clark("D:current-user-principal")) for _, properties in answer.responses().values()]
    return found[0].findtext(clark("D:href")) if found and found[0] is not None else None


def discovery(checks, server, prefix):
    client = server.client("anna")
    for name in ("caldav", "carddav"):
        for method in ("GET", "PROPFIND"):
            answer = client.request(method, f"/.well-known/{name}")
            checks(f"{method} /.well-known/{name} redirects to a path", answer.status in (301, 302, 303, 307, 308)
                   and answer.headers.get("Location", "").startswith(prefix + "/"), (answer.status, dict(answer.headers)))
    if prefix:
        answer = Client(server.front.port).request("GET", prefix)
        checks.equal("the mount point without its slash redirects", (answer.status, answer.headers.get("Location")),
                     (301, prefix + "/"))
    for path in ["/", "/anna/", "/anna", "/anna/calendars/", "/anna/calendars", "/anna/contacts/",
                 "/anna/calendars/calendar/", "/anna/calendars/calendar", "/anna/contacts/addressbook/"]:
        answer = client.propfind(prefix + path, "D:current-user-principal", "D:resourcetype")
        found = principal(answer) if answer.status == 207 else answer
        checks.equal(f"{path} names the principal", found, f"{prefix}/anna/")
    answer = client.propfind(f"{prefix}/anna/", "C:calendar-home-set", "CARD:addressbook-home-set", "D:principal-URL")
    _, properties = next(iter(answer.responses().values()))
    for name, home in (("C:calendar-home-set", "calendars"), ("CARD:addressbook-home-set", "contacts")):
        element = properties.get(clark(name))
        href = element.findtext(clark("D:href")) if element is not None else None
        checks.equal(f"{name} is below the principal", href, f"{prefix}/anna/{home}/")
    for home, kind, member in (("calendars", "C:calendar", "calendar"), ("contacts", "CARD:addressbook", "addressbook")):
        responses = client.propfind(f"{prefix}/anna/{home}/", "D:resourcetype", depth=1).responses()
        found = [href for href, (_, properties) in responses.items()
                 if properties[clark("D:resourcetype")].find(clark(kind)) is not None]
        checks.equal(f"{home}/ lists its default collection", found, [f"{prefix}/anna/{home}/{member}/"])
    answer = client.request("OPTIONS", f"{prefix}/anna/calendars/calendar/")
    features = answer.headers.get("DAV", "")
    checks("OPTIONS names calendar-access and addressbook",
           answer.status in (200, 204) and "calendar-access" in features and "addressbook" in features, features)


def identity(checks, server, prefix):
    path = f"{prefix}/anna/calendars/calendar/"
    for name, client in {
        "no password": Client(server.front.port), "a wrong one": Client(server.front.port, "anna", "wrong"),
        "an unknown user": Client(server.front.port, "mallory", "x"),
    }.items():
        statuses = {method: client.request(method, path, headers=FORGED).status for method in
                    ["OPTIONS", "GET", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL", "MOVE"]}
        checks(f"{name} and forged headers: 401 for every method", set(statuses.values()) == {401}, statuses)
    boris = server.client("boris")
    answer = boris.request("PROPFIND", prefix + "/", headers={"Depth": "0", **FORGED},
                           body=f"<D:propfind {DECLARATIONS}><D:prop><D:current-user-principal/></D:prop></D:propfind>")
    checks.equal("a forged header does not make boris anna", principal(answer), f"{prefix}/boris/")
    for method in ["GET", "PROPFIND", "DELETE", "PUT", "REPORT", "MKCALENDAR", "PROPPATCH"]:
        where = path if method not in ("PUT", "MKCALENDAR") else path + "x"
        answer = boris.request(method, where, samples.event(1) if method == "PUT" else None, headers=FORGED)
        checks.equal(f"{method} of what is anna's is refused to boris", answer.status, 403)


def bodies(checks, server, prefix, store):
    client = server.client("anna")
    path = f"{prefix}/anna/calendars/calendar/"
    start = repository.head(store)
    text = samples.event(42)
    answer = client.put(path + "chunked.ics", text.encode(), chunked=True)
    checks.equal("a chunked upload is stored", answer.status, 201)
    read = client.get(path + "chunked.ics")
    checks("and is what was sent", read.body == text.encode(), read)
    photo = samples.contact(10)
    answer = client.put(f"{prefix}/anna/contacts/addressbook/p.vcf", photo.encode(), "text/vcard", chunked=True)
    checks.equal("so is a contact with a photo of 200 KB", answer.status, 201)

    large = samples.contact(20).replace("NOTE:", "NOTE:" + "x" * 8_000_000)
    answer = client.put(f"{prefix}/anna/contacts/addressbook/large.vcf", large, "text/vcard")
    checks.equal("so is one of 8 MB", answer.status, 201)

    checks.equal("one commit for each object", len(repository.commits(store, start)), 1)
    start = repository.head(store)
    large = samples.event(1).replace("DURATION", "DESCRIPTION:" + "x" * 34_000_000 + "\r\nDURATION").encode()
    for chunked in (False, True):
        try:
            status = client.put(path + "large.ics", large, chunked=chunked).status
        except (BrokenPipeError, ConnectionResetError):
            status = "closed"
        checks(f"a body of 34 MB, {'chunked' if chunked else 'with a length'}, is refused with 413",
               status == 413, status)
    head = f"Host: x\r\nAuthorization: {client.authorization}\r\nContent-Type: text/calendar\r\n"
    half = text[:len(text) // 2].encode()
    for number, (fields, sent) in enumerate([
        (f"Content-Length: {len(text.encode())}", half),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (len(half), half)),
        ("Transfer-Encoding: chunked", b"%x\r\n%s" % (len(text.encode()), text.encode()[:-1])),
    ]):
        with socket.create_connection(("127.0.0.1", server.front.port)) as connection:
            connection.sendall(f"PUT {path}half{number}.ics HTTP/1.1\r\n{head}{fields}\r\n\r\n".encode() + sent)
            time.sleep(0.3)
    time.sleep(0.5)
    for number in range(3):
        checks.equal(f"body {number} that ends early is not stored", client.get(f"{path}half{number}.ics").status, 404)
    checks.equal("and there is no commit of any of them", repository.head(store), start)
    checks.equal("the server goes on", client.put(path + "after.ics", samples.event(3)).status, 201)


def paths(checks, server, prefix):
    client = server.client("anna")
    path = f"{prefix}/anna/calendars/calendar/"
    answer = client.put(path + "a%2Fb.ics", samples.event(4))
    checks("an encoded slash is no separator", answer.status in (400, 403, 404), answer)
    checks("it reaches the server as it was sent",
           wait_for(lambda: "a%2Fb.ics" in server.server.tail(5), 3), server.server.tail(5))
    checks.equal("and names nothing else", client.get(path + "a/b.ics").status, 404)
    for name in ["100%25.ics", "%C5%BEi%20x.ics", "semi;colon,=+&.ics", "q%3Fmark.ics", "hash%23.ics", "til%7Ede~.ics"]:
        number = sum(name.encode()) * 7
        put = client.put(path + name, samples.event(number))
        read = client.get(path + name)
        checks(f"{name} comes back as it was put", put.status == 201 and read.body == samples.event(number).encode(),
               (put, read))
        responses = client.propfind(path + name, "D:getetag").responses()
        href = next(iter(responses))
        checks(f"the href of {name} leads to it", client.get(href).etag == read.etag, href)
    for odd in [f"{prefix}/../etc/passwd", f"{prefix}/anna/%2e%2e/%2e%2e/x", f"{prefix}/anna/../boris/",
                f"/x/..{prefix}/anna/", f"{prefix}/anna/%00", f"{prefix}/%FF%FE/"]:
        for method in ("GET", "PROPFIND", "PUT", "DELETE"):
            status = client.request(method, odd, headers={"Depth": "0"}).status
            checks(f"{method} {odd} is refused", 400 <= status < 500, status)
    host = f"http://127.0.0.1:{server.front.port}"
    for destination in (f"{host}{path}moved%25.ics", f"{path}moved2%25.ics", f"https://public.example.org{path}moved3.ics"):
        source = "til%7Ede~.ics" if destination.startswith(host) else previous
        answer = client.request("MOVE", path + source, headers={"Destination": destination})
        previous = destination.rsplit("/", 1)[1]
        checks("MOVE takes " + destination, answer.status in (201, 204)
               and client.get(path + previous).status == 200, answer)


def etags(checks, server, prefix):
    client = server.client("anna")
    path = f"{prefix}/anna/calendars/calendar/"
    # Long enough to be worth compressing.
    text = samples.event(42).replace("event-42", "packed").encode()
    put = client.put(path + "packed.ics", text)
    packed = client.get(path + "packed.ics", **{"Accept-Encoding": "gzip"})
    unpacked = gzip.decompress(packed.body) if packed.headers.get("Content-Encoding") == "gzip" else packed.body
    checks("GET with gzip gives the object", unpacked == text, packed)
    checks.equal("under the same strong ETag", packed.etag, put.etag)
    answer = client.put(path + "packed.ics", text.replace(b"Treffen", b"Packed"), headers={"If-Match": packed.etag})
    checks("which If-Match takes", answer.status in (200, 204), answer)
    answer = client.get(path + "packed.ics", **{"If-None-Match": answer.etag or "", "Accept-Encoding": "gzip"})
    checks.equal("and If-None-Match too", answer.status, 304)
    answer = client.request("PROPFIND", path, headers={"Depth": "1", "Accept-Encoding": "gzip"})
    body = gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else answer.body
    checks("a multistatus with gzip is one", answer.status == 207 and b"packed.ics" in body, answer)


def unguarded(checks, front, place):
    """The site forgot to authenticate, or chose not to: a made-up password opens nothing."""
    with Server(place, place / "data", front.split("-")[1], 1, ["--multi-user", "--defaults"]) as server:
        with Front(front, place, server.socket) as web:
            for name, client in (("a made-up password", Client(web.port, "anna", "made-up")),
                                 ("none", Client(web.port))):
                statuses = [client.request(method, path, headers=FORGED).status for path in
                            ("/", "/anna/", "/anna/calendars/calendar/") for method in ("GET", "PROPFIND", "DELETE")]
                checks(f"without authentication in the site, {name}: 401", set(statuses) == {401}, statuses)


def run(front, checks):
    for prefix in ("", "/dav"):
        print(f"{front} at {prefix or '/'}", flush=True)
        with workplace() as place:
            with site(front, place, place / "data", prefix, USERS) as server:
                discovery(checks, server, prefix)
                identity(checks, server, prefix)
                bodies(checks, server, prefix, place / "data/anna/calendars/calendar")
                paths(checks, server, prefix)
                etags(checks, server, prefix)
                if not prefix:
                    continue
                checks.equal("outside the mount point there is nothing of ours",
                             server.client("anna").request("GET", "/anna/").status, 404)
            unguarded(checks, front, place)


def main():
    bounded(300)
    fronts = sys.argv[1:] or FRONTS
    checks = Checks("discovery and mounting")
    for front in fronts:
        run(front, checks)
    checks.finish()


if __name__ == "__main__":
    main()
