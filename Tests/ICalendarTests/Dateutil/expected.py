"""Prints generated recurrence rules and the first dates python-dateutil gives for each.

Each line: kind TAB DTSTART TAB RRULE TAB horizon TAB dates, separated by commas. Dates after the horizon are
left out, so that a rule that gives few or none ends. The same seed gives the same lines.

DTSTART is always the first date and counts for COUNT (RFC 5545 section 3.8.5.3); dateutil leaves it out when
the rule does not give it. Where dateutil departs from the RFC in other ways, the line's kind names the departure
and the dates come from a question to dateutil that avoids it; each is explained where it is worked out.
"""
import datetime as datetime_module
import random
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

try:
    from dateutil import rrule
except ImportError as error:
    sys.exit(f"python-dateutil is needed to check recurrence rules against: {error}")

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
HORIZON_DAYS = {
    "YEARLY": 50 * 366, "MONTHLY": 15 * 366, "WEEKLY": 5 * 366, "DAILY": 4 * 366,
    "HOURLY": 400, "MINUTELY": 20, "SECONDLY": 2,
}
DATES = 12


def numbers(choose, low, high, most, signed=False):
    """Some distinct numbers in no order, negative ones among them when signed."""
    chosen = choose.sample(range(low, high + 1), choose.randint(1, most))
    return [-number if signed and choose.random() < 0.4 else number for number in chosen]


def weekdays(choose, ordinals):
    """Values of BYDAY: all with a number from `ordinals`, all without, or both."""
    days = choose.sample(range(7), choose.randint(1, 4))
    style = choose.choice(["plain", "plain", "ordinal", "ordinal", "mixed"]) if ordinals else "plain"
    values = []
    for place, day in enumerate(days):
        number = choose.choice(ordinals or [1]) * choose.choice([1, 1, -1])
        values.append((day, number if style == "ordinal" or (style == "mixed" and place % 2 == 0) else None))
    return values


def generate(choose):
    """A start and the parts of a rule that the table of RFC 5545 section 3.3.10 allows together."""
    start = datetime(1990, 1, 1) + timedelta(seconds=choose.randrange(45 * 365 * 86400))
    if choose.random() < 0.7:
        start = start.replace(minute=choose.choice([0, 15, 30, 45]), second=0)
    frequency = choose.choice(FREQUENCIES)
    level = FREQUENCIES.index(frequency)
    parts = {"FREQ": frequency}

    def maybe(probability):
        return choose.random() < probability

    if maybe(0.45):
        parts["INTERVAL"] = choose.choice([2, 3, 4, 5, 6, 7, 10, 13, 18, 25] if level > 0 else [2, 3, 4, 5])
    if maybe(0.3):
        months = set(numbers(choose, 1, 12, 4))
        parts["BYMONTH"] = sorted(months | {start.month}) if maybe(0.7) or level > 3 else list(months)
    if level == 0 and maybe(0.25):
        parts["BYWEEKNO"] = numbers(choose, 1, 53, 4, signed=True) + ([-53] if maybe(0.15) else [])
    if (level == 0 or level > 3) and maybe(0.15):
        days = set(numbers(choose, 1, 366, 6, signed=True))
        parts["BYYEARDAY"] = list(days | {start.timetuple().tm_yday} if level > 3 else days)
    if level != 2 and maybe(0.25):
        days = set(numbers(choose, 1, 31, 6, signed=True))
        parts["BYMONTHDAY"] = list(days | {start.day} if level > 3 else days)
    if maybe(0.4):
        ordinals = None
        if level == 1:
            ordinals = [1, 2, 3, 4, 5]
        elif level == 0 and "BYWEEKNO" not in parts:
            ordinals = [1, 2, 3, 4, 5] if "BYMONTH" in parts else [1, 2, 10, 20, 52, 53]
        parts["BYDAY"] = weekdays(choose, ordinals)
    probability = 0.2 if level < 4 else 0.3
    if maybe(probability):
        hours = set(numbers(choose, 0, 23, 5))
        parts["BYHOUR"] = list(hours | {start.hour} if level > 4 else hours)
    if maybe(probability):
        minutes = set(numbers(choose, 0, 59, 4))
        parts["BYMINUTE"] = list(minutes | {start.minute} if level > 5 else minutes)
    if maybe(probability):
        parts["BYSECOND"] = numbers(choose, 0, 59, 4)
    if len(parts) > 1 + ("INTERVAL" in parts) and maybe(0.3):
        size = 4
        if level > 3:
            # Positions that are there: dateutil would look for others second by second.
            size = len(parts.get("BYSECOND", [0])) if level < 6 else 1
            size *= len(parts.get("BYMINUTE", [0])) if level < 5 else 1
        parts["BYSETPOS"] = numbers(choose, 1, min(size, choose.choice([2, 4])), min(size, 2), signed=True)
    if maybe(0.3):
        parts["WKST"] = choose.randrange(7)
    if maybe(0.3):
        parts["COUNT"] = choose.randint(1, 20)
    elif maybe(0.3):
        reach = timedelta(days=choose.random() * HORIZON_DAYS[frequency] / 8)
        parts["UNTIL"] = start + timedelta(seconds=int(reach.total_seconds()))
    return start, parts


def text(parts):
    """The parts as an RRULE."""
    words = []
    for name, value in parts.items():
        if name == "BYDAY":
            value = ",".join(f"{number or ''}{DAYS[day]}" for day, number in value)
        elif name == "WKST":
            value = DAYS[value]
        elif name == "UNTIL":
            value = f"{value:%Y%m%dT%H%M%S}"
        elif isinstance(value, list):
            value = ",".join(map(str, value))
        words.append(f"{name}={value}")
    return ";".join(words)


def ask(start, parts, end):
    """The dates dateutil gives up to `end`, without COUNT and UNTIL."""
    names = {
        "INTERVAL": "interval", "BYMONTH": "bymonth", "BYWEEKNO": "byweekno", "BYYEARDAY": "byyearday",
        "BYMONTHDAY": "bymonthday", "BYHOUR": "byhour", "BYMINUTE": "byminute", "BYSECOND": "bysecond",
        "BYSETPOS": "bysetpos", "WKST": "wkst",
    }
    arguments = {names[name]: value for name, value in parts.items() if name in names}
    if "BYDAY" in parts:
        arguments["byweekday"] = [rrule.weekday(day, number) for day, number in parts["BYDAY"]]
    # Dateutil looks at `until` only when it has a date, and else goes on until its last year.
    rrule.datetime = SimpleNamespace(**{**vars(datetime_module), "MAXYEAR": end.year})
    try:
        yield from rrule.rrule(getattr(rrule, parts["FREQ"]), dtstart=start, until=end, **arguments)
    except ValueError as error:
        # No time of day can match.
        if "empty set" not in str(error) and "empty rule" not in str(error):
            raise


def week_numbers(date, week_start):
    """The number of a date's week, counted from the start and from the end of the year of its fourth day."""
    fourth = date + timedelta(days=3 - (date.weekday() - week_start) % 7)
    day_of_year = fourth.timetuple().tm_yday
    days_after = (datetime(fourth.year, 12, 31) - fourth.replace(hour=0, minute=0, second=0)).days
    return {(day_of_year - 1) // 7 + 1, -(days_after // 7 + 1)}


def candidates(start, parts, end):
    """The kind of the line, and the dates the rule gives up to `end`."""
    by_day = parts.get("BYDAY", [])
    has_plain = any(number is None for _, number in by_day)
    has_ordinal = any(number is not None for _, number in by_day)

    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # RFC 5545 section 3.3.10: "A set of recurrence instances starts at the beginning of the interval".
        # Dateutil's first week starts at DTSTART, so it is asked from the beginning of that week.
        back = (start.weekday() - parts.get("WKST", 0)) % 7
        explicit = {
            "BYDAY": [(start.weekday(), None)], "BYHOUR": [start.hour], "BYMINUTE": [start.minute],
            "BYSECOND": [start.second],
        }
        first = (start - timedelta(days=back)).replace(hour=0, minute=0, second=0)
        dates = ask(first, {**explicit, **parts}, end)
        return "weekly-set-starts-with-the-week", (date for date in dates if date >= start)

    if has_plain and has_ordinal:
        # RFC 5545 section 3.3.10: BYDAY is a list of days. Dateutil wants a day to match both a value with a
        # number and one without, so it is asked for each and the answers are joined.
        dates = set()
        for ordinal in (False, True):
            some = [value for value in by_day if (value[1] is not None) == ordinal]
            dates.update(ask(start, {**parts, "BYDAY": some}, end))
        return "byday-with-and-without-numbers", iter(sorted(dates))

    if {52, 53, -52, -53} & set(parts.get("BYWEEKNO", [])):
        # RFC 5545 section 3.3.10: week one has at least four days in the year, so the last days of December may lie
        # in week one of the next year, which is also its week -52 or -53: dateutil only sees the 1. The first days
        # of January may lie in week 52 or 53 of the year before: dateutil counts that year's weeks from the
        # length of the year after. So it is asked without BYWEEKNO.
        some = {name: value for name, value in parts.items() if name != "BYWEEKNO"}
        if not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & set(parts):
            some["BYDAY"] = [(start.weekday(), None)]
        wanted = set(parts["BYWEEKNO"])
        dates = ask(start, some, end)
        return "weeks-at-the-ends-of-the-year", (
            date for date in dates if wanted & week_numbers(date, parts.get("WKST", 0)))

    if "BYWEEKNO" in parts and not ({"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & set(parts)):
        # RFC 5545 section 3.3.10: "Information, not contained in the rule [...] [is] derived from [...] DTSTART":
        # the weekday. Dateutil gives all seven days of the week.
        return "weekday-of-weekno-from-dtstart", ask(start, {**parts, "BYDAY": [(start.weekday(), None)]}, end)

    return "plain", ask(start, parts, end)


def skipped(parts):
    """Whether the rule is one whose dates cannot be put together from several answers of dateutil."""
    by_day = parts.get("BYDAY", [])
    mixed = len({number is None for _, number in by_day}) == 2
    at_ends = {52, 53, -52, -53} & set(parts.get("BYWEEKNO", []))
    return bool(mixed or at_ends) and "BYSETPOS" in parts


def line(choose):
    start, parts = generate(choose)
    while skipped(parts):
        start, parts = generate(choose)
    span = timedelta(days=HORIZON_DAYS[parts["FREQ"]])
    # Most starts are made to match their rule, as they should.
    if choose.random() < 0.6:
        kind, dates = candidates(start, parts, start + span)
        moved = next(dates, None)
        if moved is not None and "UNTIL" not in parts:
            start = moved
    horizon = start + span
    end = min(horizon, parts.get("UNTIL", horizon))
    kind, dates = candidates(start, parts, end)
    found = [start]
    limit = min(DATES, parts.get("COUNT", DATES))
    for date in dates:
        if len(found) >= limit:
            break
        if date != start:
            found.append(date)
    columns = [kind, f"{start:%Y%m%dT%H%M%S}", text(parts), f"{horizon:%Y%m%dT%H%M%S}"]
    columns.append(",".join(f"{date:%Y%m%dT%H%M%S}" for date in found))
    print("\t".join(columns))


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    choose = random.Random(seed)
    for _ in range(count):
        line(choose)


main()
