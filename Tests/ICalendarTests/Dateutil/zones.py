"""Prints the offset changes of time zones from 1970 to 2100, as Python's zoneinfo has them.

Each line: zone TAB instant TAB offset before TAB offset from then on TAB local=instant pairs around the change.
Instants and local times are in seconds since 1970, offsets in seconds. A local time that is shown twice is given its
first instant and one in a gap is counted with the offset before (RFC 5545 section 3.3.5), which is what fold=0 means.
"""
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)


def offset(zone, seconds):
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    return int(moment.astimezone(zone).utcoffset().total_seconds())


def changes(zone, start, end, step):
    """Each change between start and end, provided that they are at least `step` apart."""
    before = offset(zone, start)
    for day in range(start + step, end, step):
        after = offset(zone, day)
        if after == before:
            continue
        low, high = day - step, day
        while high - low > 1:
            middle = (low + high) // 2
            if offset(zone, middle) == before:
                low = middle
            else:
                high = middle
        yield high, before, after
        before = after


def main():
    end = int((datetime(2100, 1, 1) - EPOCH).total_seconds())
    for name in sys.argv[1:]:
        zone = ZoneInfo(name)
        for at, before, after in changes(zone, 0, end, 2 * 86400):
            pairs = []
            for shown in (at + before, at + after):
                for local in (shown - 5400, shown - 60, shown, shown + 60, shown + 5400):
                    aware = (EPOCH + timedelta(seconds=local)).replace(tzinfo=zone)
                    pairs.append(f"{local}={local - int(aware.utcoffset().total_seconds())}")
            print(name, at, before, after, ",".join(pairs), sep="\t")


main()
