"""Workers are killed while clients write; only a request in a killed worker's hands may fail.

Usage: worker-kill.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]
"""

import os
import random
import signal
import threading
import time

from lib import repository, samples
from lib.fronts import site, through_one
from lib.server import wait_for

WORKERS = 4
WRITERS = 6
KILLS = 12
CALENDAR = "/anna/calendars/calendar/"


class Writer(threading.Thread):
    """Writes and reads until told to stop; remembers what was acknowledged and what failed."""

    def __init__(self, client, number):
        super().__init__(daemon=True)
        self.client, self.number = client, number
        self.acknowledged, self.possible, self.failures, self.answers = {}, {}, [], 0
        self.stopping = False

    def run(self):
        index = 0
        while not self.stopping:
            name = f"w{self.number}-{index % 40}.ics"
            body = samples.event(100 * self.number + index % 40, f" v{index}").encode()
            self.attempt(name, body)
            index += 1

    def attempt(self, name, body):
        try:
            answer = self.client.put(CALENDAR + name, body)
        except OSError as error:
            self.possible.setdefault(name, []).append(body)
            self.failures.append((time.monotonic(), repr(error)))
            return
        if answer.status in (200, 201, 204):
            self.acknowledged[name] = body
            self.possible.pop(name, None)
            self.answers += 1
        else:
            # The worker may have died between the commit and the answer.
            self.possible.setdefault(name, []).append(body)
            self.failures.append((time.monotonic(), answer.status))


def run(front, checks, place):
    data = place / "data"
    with site(front, place, data, users={"anna": "pw"}, workers=WORKERS) as server:
        pool = server.server
        server.client("anna").propfind("/", "D:current-user-principal")
        store = data / "anna/calendars/calendar"
        writers = [Writer(server.client("anna"), number) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(1)
        chance = random.Random(1)
        kills = []
        for _ in range(KILLS):
            victims = wait_for(pool.workers)
            victim = chance.choice(victims)
            os.kill(victim, signal.SIGKILL)
            kills.append(time.monotonic())
            time.sleep(chance.uniform(0.3, 0.7))
            before = sum(writer.answers for writer in writers)
            went_on = wait_for(lambda: sum(writer.answers for writer in writers) > before, 10)
            if not went_on:
                checks("other requests go on after a kill", False, f"kill {len(kills)}")
        complete = wait_for(lambda: len(pool.workers()) == WORKERS, 60)
        checks("every killed worker has been replaced", complete, pool.workers())
        # With the pool complete again nothing may fail.
        quiet = time.monotonic()
        time.sleep(2)
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(60)

        failures = [failure for writer in writers for failure in writer.failures]
        checks(f"at most one request fails for each of {KILLS} kills", len(failures) <= KILLS, failures)
        checks("no request fails but beside a kill",
               all(any(-0.5 <= at - kill <= 5 for kill in kills) for at, _ in failures), failures)
        checks("nothing fails once the pool is complete", all(at < quiet for at, _ in failures), failures)
        answers = sum(writer.answers for writer in writers)
        checks(f"{answers} writes were acknowledged meanwhile", answers > 10 * KILLS)

        reader = server.client("anna")
        wrong = []
        for writer in writers:
            for name, body in writer.acknowledged.items():
                answer = reader.get(CALENDAR + name)
                if answer.status != 200 or answer.body not in [body, *writer.possible.get(name, [])]:
                    wrong.append((name, answer.status))
        checks("every acknowledged write is there", not wrong, wrong[:5])
        checks.equal("git fsck --strict finds nothing", repository.fsck(store), "")
        answer = reader.put(CALENDAR + "after.ics", samples.event(9999))
        checks.equal("the collection still takes a write", answer.status, 201)
        checks.equal("no lock of Git's is left", repository.locks(store), [])
        checks.equal("the server stops cleanly", pool.stop(), 0)


if __name__ == "__main__":
    through_one("killed workers", run, seconds=240)
