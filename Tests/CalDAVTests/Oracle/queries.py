"""Prints generated calendars, queries of them and what is the right answer: queries.py SEED CALENDARS OBJECTS QUERIES

  object TAB calendar TAB name TAB the object in base64
  query TAB calendar TAB the content of CALDAV:filter TAB names of objects, separated by commas, or - where only the
        server's own ways to answer are compared
"""

import base64
import random
import sys
from datetime import datetime, timedelta, timezone

try:
    import objects
    from answers import Answers
except ImportError as error:
    sys.exit(f"icalendar and python-dateutil are needed to check queries against: {error}")

ALWAYS, NEVER = datetime(1, 1, 1, tzinfo=timezone.utc), datetime(9999, 1, 1, tzinfo=timezone.utc)
CONDITIONS = [
    '<C:prop-filter name="SUMMARY"><C:text-match>lunch</C:text-match></C:prop-filter>',
    '<C:prop-filter name="SUMMARY"><C:text-match negate-condition="yes">lunch</C:text-match></C:prop-filter>',
    '<C:prop-filter name="SUMMARY"><C:text-match collation="i;octet">Lunch</C:text-match></C:prop-filter>',
    '<C:prop-filter name="SUMMARY"><C:text-match collation="i;unicode-casemap">ŽIŽKOV</C:text-match></C:prop-filter>',
    '<C:prop-filter name="CATEGORIES"><C:text-match>work</C:text-match></C:prop-filter>',
    '<C:prop-filter name="STATUS"><C:is-not-defined/></C:prop-filter>', '<C:prop-filter name="class"/>',
    '<C:prop-filter name="DTSTART"><C:param-filter name="TZID"/></C:prop-filter>',
    '<C:prop-filter name="DTSTART"><C:param-filter name="TZID"><C:text-match>berlin</C:text-match></C:param-filter>'
    "</C:prop-filter>",
    '<C:prop-filter name="RRULE"/>', '<C:prop-filter name="RRULE"><C:is-not-defined/></C:prop-filter>',
]
ALARMS = ['<C:comp-filter name="VALARM"/>', '<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>']


def time_range(choose):
    """The element, and its two ends."""
    start = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=15 * choose.randrange(365 * 96))
    if choose.random() < 0.3:
        start = start.replace(year=choose.randint(2023, 2037), day=min(start.day, 28))
    end = start + choose.choice([timedelta(minutes=15), timedelta(hours=6), timedelta(days=1), timedelta(days=7),
                                 timedelta(days=31)])
    written = {"start": start, "end": end}
    if (form := choose.random()) < 0.06:
        del written["start"]
        start = ALWAYS
    elif form < 0.12:
        del written["end"]
        end = NEVER
    attributes = " ".join(f'{name}="{time:%Y%m%dT%H%M%SZ}"' for name, time in written.items())
    return f"<C:time-range {attributes}/>", start, end


def query(choose):
    """The content of a filter, and a function that says whether an object matches it, or None."""
    kind = choose.choice(["VEVENT", "VEVENT", "VEVENT", "VTODO", "VTODO", "VJOURNAL", "VFREEBUSY"])
    times, start, end = time_range(choose)
    style, right, more = choose.random(), None, ""
    if style < 0.6:
        content, right = times, lambda answers: answers.overlaps(kind, start, end)
    elif style < 0.7:
        kind = "VEVENT"
        content, right = f'<C:comp-filter name="VALARM">{times}</C:comp-filter>', lambda answers: answers.rings(start, end)
    elif style < 0.75:
        kind = "VTODO"
        content, right = f'<C:prop-filter name="COMPLETED">{times}</C:prop-filter>', lambda answers: answers.completed(start, end)
    elif style < 0.8 and kind != "VFREEBUSY":
        content, right = f'<C:prop-filter name="DTSTART">{times}</C:prop-filter>', lambda answers: answers.begins(kind, start, end)
    elif style < 0.85:
        kind = "VEVENT"
        content, right = f'<C:prop-filter name="DTEND">{times}</C:prop-filter>', lambda answers: answers.ends(start, end)
    else:
        conditions = CONDITIONS + (ALARMS if kind in ("VEVENT", "VTODO") else [])
        content = (times if choose.random() < 0.5 else "") + "".join(choose.sample(conditions, choose.randint(1, 2)))
    return (f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="{kind}">{content}</C:comp-filter></C:comp-filter>',
            right)


def main(seed, calendars, count, questions):
    choose = random.Random(seed)
    for calendar in range(calendars):
        answers = {}
        for number in range(count):
            name, text = f"{calendar}-{number}.ics", objects.make(choose, f"{calendar}-{number}@example.org")
            answers[name] = Answers(text)
            print("object", calendar, name, base64.b64encode(text.encode()).decode(), sep="\t")
        for _ in range(questions):
            content, right = query(choose)
            names = "-" if right is None else ",".join(sorted(name for name, one in answers.items() if right(one)))
            print("query", calendar, content, names, sep="\t")


main(*map(int, sys.argv[1:]))
