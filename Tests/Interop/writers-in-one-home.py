"""Eight clients change the settings of one home, and fill one quota, through four workers.

Plain directories and quotas belong to no collection, whose lock would keep writers apart.

Usage: writers-in-one-home.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]
"""

from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

from lib import samples
from lib.fronts import site, through_one

CLIENTS = 8
ROUNDS = 15
# Long values keep a writer long enough at it for others to come in between.
PADDING = "x" * 10_000
QUOTA = 40_000
OBJECT_BYTES = 3_000
PLAIN = ["/anna/", "/anna/calendars/"]


def name(number):
    return f"property-{number}"


def set_own(client, number):
    """Sets one property of one's own on each directory again and again: the statuses."""
    statuses = []
    for turn in range(ROUNDS):
        for path in PLAIN:
            answer = client.xml(
                "PROPPATCH", path,
                f'<D:propertyupdate xmlns:D="DAV:" xmlns:x="urn:example"><D:set><D:prop>'
                f'<x:{name(number)}>{turn} {PADDING}</x:{name(number)}></D:prop></D:set></D:propertyupdate>')
            # A property that could not be set is in a 207 as well.
            statuses.append(answer.status if b"200 OK" in answer.body else 0)
    return statuses


def properties(client, path):
    """The text of each client's property."""
    wanted = "".join(f"<x:{name(number)}/>" for number in range(CLIENTS))
    answer = client.xml(
        "PROPFIND", path, f'<D:propfind xmlns:D="DAV:" xmlns:x="urn:example"><D:prop>{wanted}</D:prop></D:propfind>', 0)
    root = ElementTree.fromstring(answer.body)
    texts = [root.findtext(f".//{{urn:example}}{name(number)}") for number in range(CLIENTS)]
    return [text and text.split()[0] for text in texts]


def fill(client, number):
    """Stores objects in a calendar of one's own until the principal's quota is used up: (statuses, bytes stored)."""
    statuses, stored = [], 0
    for index in range(QUOTA // OBJECT_BYTES + 1):
        text = samples.event(1000 * (number + 1) + index)
        filling = "X-FILL:" + "x" * 60 + "\r\n"
        count = (OBJECT_BYTES - len(text.encode())) // len(filling)
        text = text.replace("END:VEVENT", filling * count + "END:VEVENT", 1)
        answer = client.put(f"/anna/calendars/c{number}/{index}.ics", text)
        statuses.append(answer.status)
        stored += len(text.encode()) if answer.status == 201 else 0
    return statuses, stored


def run(front, checks, place):
    options = ["--quota-bytes", str(QUOTA)]
    with site(front, place, place / "data", users={"anna": "pw"}, workers=4, options=options) as server:
        clients = [server.client("anna", agent=f"writer-{number}") for number in range(CLIENTS)]
        clients[0].propfind("/", "D:current-user-principal")
        for number in range(CLIENTS):
            made = clients[0].request("MKCALENDAR", f"/anna/calendars/c{number}/").status
            checks.equal(f"calendar {number} is made", made, 201)
        with ThreadPoolExecutor(CLIENTS) as pool:
            statuses = [status for seen in pool.map(set_own, clients, range(CLIENTS)) for status in seen]
            checks.equal("every PROPPATCH of a directory succeeds", set(statuses), {207})
            for path in PLAIN:
                checks.equal(
                    f"nothing set on {path} is lost", properties(clients[0], path), [str(ROUNDS - 1)] * CLIENTS)
            outcomes = list(pool.map(fill, clients, range(CLIENTS)))
        statuses = {status for seen, _ in outcomes for status in seen}
        stored = sum(count for _, count in outcomes)
        checks.equal("an object is stored, or refused for the quota", statuses, {201, 507})
        checks(f"no more is stored than the quota: {stored} of {QUOTA} bytes", stored <= QUOTA)
        checks(f"and no less than fits: {stored} of {QUOTA} bytes", stored > QUOTA - OBJECT_BYTES)
        checks.equal("the server stops cleanly", server.server.stop(), 0)


if __name__ == "__main__":
    through_one("writers in one home", run, seconds=300)
