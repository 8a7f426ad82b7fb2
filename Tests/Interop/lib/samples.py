"""Events and contacts as real clients make them: seeded, so that every run has the same."""

import base64
import random

ZONE = """BEGIN:VTIMEZONE
TZID:Office/Upstairs
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:UPST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:UP
END:STANDARD
END:VTIMEZONE
"""


def crlf(text):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def fold(line):
    """RFC 5545 §3.1: at most 75 octets a line, never inside a character."""
    folded, width = "", 0
    for character in line:
        octets = len(character.encode())
        if width + octets > 75:
            folded += "\n "
            width = 1
        folded += character
        width += octets
    return folded


def event(number, note=""):
    """One event; every fifth recurs, every seventh has its own zone, one has a 60 KB description."""
    uid = f"event-{number}@example.org"
    summary = f"Treffen {number} – Žižkov, 東京 🎉{note}"
    zone = ZONE if number % 7 == 0 else ""
    start = "DTSTART;TZID=Office/Upstairs:2026%02d%02dT%02d0000" if zone else "DTSTART:2026%02d%02dT%02d0000Z"
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z",
             start % (number % 12 + 1, number % 28 + 1, number % 24), "DURATION:PT1H", f"SUMMARY:{summary}"]
    if number % 5 == 0:
        rules = ["FREQ=WEEKLY;BYDAY=MO,WE;COUNT=20", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;INTERVAL=2"]
        lines += [f"RRULE:{rules[number // 5 % 3]}"]
    if number == 42:
        words = random.Random(42).choices(["Kaffee", "und", "naïve", "Ωmega", "plan"], k=9000)
        lines += ["DESCRIPTION:" + " ".join(words)]
    if number % 3 == 0:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Gleich", "END:VALARM"]
    lines += ["END:VEVENT"]
    body = "\n".join(fold(line) for line in lines)
    return crlf(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//interop//EN\n{zone}{body}\nEND:VCALENDAR\n")


def contact(number, note=""):
    """One contact; every tenth has a photo of 200 KB, every other one is a vCard 4.0."""
    version = "4.0" if number % 2 else "3.0"
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"UID:contact-{number}@example.org",
             f"FN:Jörg Nº{number} Müller{note}", "N:Müller;Jörg;;;", f"EMAIL;TYPE=work:m{number}@example.org",
             f"TEL;TYPE=cell:+49 30 {number:06}", "NOTE:Zeile eins\\nZeile zwei\\, mit Komma"]
    if number % 10 == 0:
        picture = base64.b64encode(random.Random(number).randbytes(150_000)).decode()
        data = f":data:image/jpeg;base64,{picture}" if version == "4.0" else f";ENCODING=b;TYPE=JPEG:{picture}"
        lines += ["PHOTO" + data]
    lines += ["END:VCARD"]
    return crlf("\n".join(fold(line) for line in lines) + "\n")
