"""python-caldav's own functional tests, with three users through nginx and no hints: the server is taken for perfect.

Usage: .cache/suites/bin/python3 python-caldav.py [WORD-IN-NAMES-OF-TESTS]
"""

import json
import shutil
import sys

from lib.checks import Checks
from lib.fronts import site
from lib.places import bounded, workplace
from lib.suites import pytest, source, tell

# Names that are addresses: some tests are only for these.
USERS = {f"{name}@example.org": f"{name}-secret" for name in ["anna", "boris", "carla"]}

# No hint of anything that is missing; but what is here without the library counting on it.
MORE = {name: {"support": "full"} for name in [
    "scheduling", "search.text.comp-type-optional", "search.time-range.comp-type-optional"]}

# Tests that want what is wrong: how that shows, and why it is wrong.
TAG = ("Schedule-Tag changed after PARTSTAT-only update",
       "the attendee changes the object by PUT, and then the tag MUST change: RFC 6638 §3.2.10, for an attendee's copy, 3")
WRONG_EXPECTATIONS = {
    "TestAsyncSchedulingFortarget.test_schedule_tag_stable_on_partstate_update": TAG,
    "TestSchedulingForServertarget.testScheduleTagStableOnPartstateUpdate": TAG,
    # caldav-server-tester once more, against the hints.
    "TestForServertarget.testCheckCompatibility":
        (r"AssertionError: 1 compatibility mismatch\(es\): scheduling\.schedule-tag\.stable-partstat", TAG[1]),
}


def main():
    bounded(590)
    checks = Checks("python-caldav")
    with workplace() as place:
        shutil.copytree(source("caldav") / "tests", place / "tests")
        with site("nginx-fastcgi", place, place / "data", "/dav", users=USERS) as server:
            accounts = [{"url": server.front.url, "username": name, "password": password}
                        for name, password in USERS.items()]
            target = {"type": "external", "enabled": True, "features": MORE, "scheduling_users": accounts, **accounts[0]}
            (place / "tests" / "caldav_test_servers.json").write_text(json.dumps({"test-servers": {"target": target}}))
            kinds = {f"PYTHON_CALDAV_TEST_{kind}": value for kind, value in
                     [("EMBEDDED", "0"), ("DOCKER", "0"), ("EXTERNAL", "1")]}
            names = " and ".join(["target", *sys.argv[1:]])
            outcomes, output = pytest(
                place, kinds, 560, "-k", names, "tests/test_caldav.py", "tests/test_async_integration.py")
    tell(checks, outcomes, output, WRONG_EXPECTATIONS, some=bool(sys.argv[1:]))
    checks.finish()


if __name__ == "__main__":
    main()
