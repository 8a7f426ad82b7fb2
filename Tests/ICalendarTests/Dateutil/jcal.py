"""Prints the calendars of a folder as jCal (RFC 7265), made by the Python package icalendar.

Each line has the name of a file and its calendar, a tab between them. Files that icalendar cannot read are left out.
"""

import json
import pathlib
import sys

from icalendar import Calendar

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.ics")):
    try:
        calendar = Calendar.from_ical(path.read_bytes())
        print(path.stem, json.dumps(calendar.to_jcal()), sep="\t")
    except Exception:
        continue
