"""caldav-server-tester grades every feature it knows, with three users through nginx: all of them full.

Usage: .cache/suites/bin/python3 caldav-server-tester.py [CHECK]...    with names of its classes of checks
"""

import collections
import sys
import traceback

import caldav
from caldav.compatibility_hints import FeatureSet
from caldav_server_tester import ServerQuirkChecker
from caldav_server_tester.caldav_server_tester import _list_check_classes as check_names

from lib.checks import Checks
from lib.fronts import site
from lib.names import named_loopback
from lib.places import bounded, workplace

# Names that are addresses: some tests are only for these.
USERS = {f"{name}@example.org": f"{name}-secret" for name in ["anna", "boris", "carla"]}

# Where full is the wrong grade to want: the feature and why.
WRONG_EXPECTATIONS = {
    "create-calendar.auto": "reading a calendar that is not there must not make one: RFC 4791 §5.3.1 has MKCALENDAR for it",
    "scheduling.schedule-tag.stable-partstat":
        "the attendee changes the object by PUT, and then the tag MUST change: RFC 6638 §3.2.10, for an attendee's copy, 3",
    "url.encode-at.identity":
        "@ and %40 lead to the same resource, which clients count on that write either; the library's own default",
}


def run(url, only):
    """Runs the checks one by one, so that one that fails hides no other; gives the grades and what was raised."""
    clients = [caldav.DAVClient(url=url, username=name, password=password) for name, password in USERS.items()]
    for client in clients:
        # Nothing is known of the server: it is taken for a perfect one.
        client.features = FeatureSet()
        # The check of discovery asks beside the client, which alone knows the password.
        client.session.auth = (client.username, USERS[client.username])
    checker = ServerQuirkChecker(clients[0], extra_clients=clients[1:])
    raised = {}
    for name in only or check_names():
        try:
            checker.check_one(name)
        except Exception:
            raised[name] = traceback.format_exc()
    checker.cleanup(force=True)
    kinds = FeatureSet.FEATURES
    grades = {
        name: grade for name, grade in checker.features_checked.dotted_feature_set_list().items()
        if kinds.get(name, {}).get("type", "server-feature") == "server-feature"
    }
    return grades, raised


def main():
    bounded(500)
    checks = Checks("caldav-server-tester")
    with workplace() as place, named_loopback() as host:
        with site("nginx-fastcgi", place, place / "data", "/dav", users=USERS) as server:
            grades, raised = run(f"http://{host}:{server.front.port}/dav/", sys.argv[1:])
    for name, trace in raised.items():
        checks(f"{name} came to its end", False, trace)
    counts = collections.Counter()
    for name in sorted(grades):
        grade, behaviour = grades[name].get("support", "none"), grades[name].get("behaviour", "")
        counts[grade] += 1
        if grade == "unknown":
            print(f"  --    {name}: not tested: {behaviour}")
        elif name in WRONG_EXPECTATIONS and grade != "full":
            print(f"  --    {name}: {grade}: {WRONG_EXPECTATIONS[name]}")
        else:
            checks(f"{name}: {grade}", grade == "full" and name not in WRONG_EXPECTATIONS, behaviour)
    print(", ".join(f"{grade} {count}" for grade, count in counts.most_common()))
    checks.finish()


if __name__ == "__main__":
    main()
