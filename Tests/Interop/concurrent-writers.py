"""Eight clients write into one collection through four workers; nothing acknowledged may be missing.

Usage: concurrent-writers.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]
"""

import re
from concurrent.futures import ThreadPoolExecutor

from lib import repository, samples
from lib.fronts import site, through_one

CLIENTS = 8
OBJECTS = 25
ROUNDS = 12
CALENDAR = "/anna/calendars/calendar/"


def counter(value):
    return samples.event(1).replace("Treffen 1 ", f"Treffen {value} ").replace("event-1@", "counter@")


def write_own(client, number):
    """Creates, changes and deletes objects of its own: (name → bytes or None, changes, statuses)."""
    held, changes, statuses = {}, 0, []
    for index in range(OBJECTS):
        name = f"c{number}-{index}.ics"
        text = samples.event(1000 * (number + 1) + index)
        answer = client.put(CALENDAR + name, text, headers={"If-None-Match": "*"})
        statuses.append(answer.status)
        if answer.status != 201:
            continue
        held[name] = text.encode()
        changes += 1
        if index % 3 == 1:
            text = text.replace("Treffen", "Anders")
            answer = client.put(CALENDAR + name, text, headers={"If-Match": answer.etag})
            statuses.append(answer.status)
            if answer.status in (200, 204):
                held[name] = text.encode()
                changes += 1
        if index % 5 == 2:
            answer = client.request("DELETE", CALENDAR + name)
            statuses.append(answer.status)
            if answer.status in (200, 204):
                held[name] = None
                changes += 1
    return held, changes, statuses


def count_up(client):
    """Reads, adds one, writes with If-Match until it wins, ROUNDS times: the statuses it saw."""
    statuses = []
    for _ in range(ROUNDS):
        for _attempt in range(500):
            read = client.get(CALENDAR + "counter.ics")
            value = int(re.search(rb"Treffen (\d+) ", read.body)[1])
            answer = client.put(CALENDAR + "counter.ics", counter(value + 1), headers={"If-Match": read.etag})
            statuses.append(answer.status)
            if answer.status in (200, 204):
                break
        else:
            statuses.append(0)
    return statuses


def create_same(client):
    """All of them create the same object; one may."""
    return client.put(CALENDAR + "same.ics", samples.event(7), headers={"If-None-Match": "*"}).status


def run(front, checks, place):
    data = place / "data"
    with site(front, place, data, users={"anna": "pw"}, workers=4) as server:
        clients = [server.client("anna", agent=f"writer-{number}") for number in range(CLIENTS)]
        clients[0].propfind("/", "D:current-user-principal")
        store = data / "anna/calendars/calendar"
        start = repository.head(store)
        with ThreadPoolExecutor(CLIENTS) as pool:
            outcomes = list(pool.map(write_own, clients, range(CLIENTS)))
            held = {name: text for outcome in outcomes for name, text in outcome[0].items()}
            changes = sum(outcome[1] for outcome in outcomes)
            statuses = [status for outcome in outcomes for status in outcome[2]]
            checks("every write of an object of one's own succeeds", set(statuses) <= {200, 201, 204},
                   {status: statuses.count(status) for status in set(statuses)})

            checks.equal("the counter is made", clients[0].put(CALENDAR + "counter.ics", counter(0)).status, 201)
            statuses = [status for seen in pool.map(count_up, clients) for status in seen]
            checks("a read-modify-write sees 204 or 412 and nothing else", set(statuses) <= {200, 204, 412},
                   {status: statuses.count(status) for status in set(statuses)})
            changes += 1 + CLIENTS * ROUNDS
            found = clients[0].get(CALENDAR + "counter.ics").body
            checks.equal("no update of the counter is lost", found, counter(CLIENTS * ROUNDS).encode())

            statuses = sorted(pool.map(create_same, clients))
            checks.equal("one of eight creates the same object", statuses, [201] + [412] * (CLIENTS - 1))
            changes += 1

        wrong = [name for name, text in held.items()
                 if (answer := clients[0].get(CALENDAR + name)).status != (404 if text is None else 200)
                 or text is not None and answer.body != text]
        checks(f"all {len(held)} acknowledged writes are there", not wrong, wrong[:5])
        log = repository.commits(store, start)
        checks.equal("one commit for every acknowledged change", len(log), changes)
        checks("each commit names the client that made it", {c["requester"] for c in log} == {
            f"writer-{number}" for number in range(CLIENTS)}, {c["requester"] for c in log})
        checks.equal("the history is one line", repository.git(store, "rev-list", "--merges", "HEAD"), "")
        checks.equal("git fsck --strict finds nothing", repository.fsck(store), "")
        checks.equal("no lock of Git's is left", repository.locks(store), [])
        checks.equal("the server stops cleanly", server.server.stop(), 0)


if __name__ == "__main__":
    through_one("concurrent writers", run, seconds=300)
