"""Generated iCalendar objects: zones, rules, exceptions and every kind of component; the same seed gives the same."""

from datetime import datetime, timedelta

# The rules of these zones have been the same since 2007, so that the system's zones say the same.
ZONES = {
    "Europe/Berlin": ("+0100", "+0200", "19700329T020000", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
                      "19701025T030000", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    "America/New_York": ("-0500", "-0400", "19700308T020000", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
                         "19701101T020000", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
    "Asia/Kolkata": ("+0530", None, None, None, None, None),
}
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FIRST, LAST = datetime(2024, 1, 1), datetime(2027, 1, 1)


def zone(name):
    """The lines of a VTIMEZONE."""
    standard, daylight, spring, spring_rule, autumn, autumn_rule = ZONES[name]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD"]
    if daylight:
        lines += [f"DTSTART:{autumn}", f"RRULE:{autumn_rule}", f"TZOFFSETFROM:{daylight}", f"TZOFFSETTO:{standard}",
                  "END:STANDARD", "BEGIN:DAYLIGHT", f"DTSTART:{spring}", f"RRULE:{spring_rule}",
                  f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{daylight}", "END:DAYLIGHT"]
    else:
        lines += ["DTSTART:19700101T000000", f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{standard}", "END:STANDARD"]
    return [*lines, "END:VTIMEZONE"]


class Form:
    """How an object writes its times: as dates, in UTC, floating, or in a zone."""

    def __init__(self, choose):
        self.name = choose.choice(["date", "utc", "floating", *ZONES])

    def parameters(self):
        if self.name == "date":
            return ";VALUE=DATE"
        return f";TZID={self.name}" if self.name in ZONES else ""

    def value(self, local):
        if self.name == "date":
            return local.strftime("%Y%m%d")
        return local.strftime("%Y%m%dT%H%M%S") + ("Z" if self.name == "utc" else "")

    def property(self, name, *locals):
        return f"{name}{self.parameters()}:{','.join(map(self.value, locals))}"


def some_time(choose, form):
    """A local time in the three years in which objects start; most are in the middle one."""
    if choose.random() < 0.7:
        local = datetime(2026, 1, 1) + timedelta(minutes=15 * choose.randrange(365 * 96))
    else:
        local = FIRST + timedelta(minutes=15 * choose.randrange((LAST - FIRST).days * 96))
    return local.replace(hour=0, minute=0) if form.name == "date" else local


def rule(choose, form, start):
    """A rule that gives its start, so that all count alike."""
    day, days = DAYS[start.weekday()], sorted({start.weekday(), choose.randrange(7), choose.randrange(7)})
    parts = choose.choice([
        f"FREQ=DAILY;INTERVAL={choose.randint(4, 9)}", f"FREQ=WEEKLY;BYDAY={','.join(DAYS[one] for one in days)}",
        f"FREQ=WEEKLY;INTERVAL={choose.randint(2, 5)}", f"FREQ=MONTHLY;BYMONTHDAY={start.day}",
        f"FREQ=MONTHLY;BYDAY={(start.day - 1) // 7 + 1}{day}", "FREQ=YEARLY", "FREQ=DAILY",
    ])
    if parts == "FREQ=DAILY" or choose.random() < 0.4:
        return f"{parts};COUNT={choose.randint(2, 40)}"
    if choose.random() < 0.4:
        end = start + timedelta(days=choose.randint(10, 500))
        return parts + ";UNTIL=" + (end.strftime("%Y%m%d") if form.name == "date" else
                                    end.strftime("%Y%m%dT%H%M%S") + ("" if form.name == "floating" else "Z"))
    return parts


def length(choose, form, start, end_name):
    """The property that says how long, if any."""
    kind = choose.choice(["none", "end", "duration"])
    if kind == "duration":
        return [f"DURATION:{choose.choice(['P1D', 'P2D', 'P1W'] + ([] if form.name == 'date' else ['PT1H', 'PT0S', 'P1DT30M']))}"]
    if kind == "end":
        step = timedelta(days=choose.randint(1, 4)) if form.name == "date" else timedelta(minutes=15 * choose.randint(1, 150))
        return [form.property(end_name, start + step)]
    return []


def alarm(choose):
    """A VALARM before or after the start or the end, or at a time of its own, perhaps repeated."""
    trigger = choose.choice(["TRIGGER:-PT15M", "TRIGGER:PT2H", "TRIGGER;RELATED=END:PT5M", "TRIGGER:-P1D",
                             "TRIGGER;VALUE=DATE-TIME:2026%02d%02dT100000Z" % (choose.randint(1, 12), choose.randint(1, 28))])
    again = [f"DURATION:PT{choose.randint(1, 90)}M", f"REPEAT:{choose.randint(1, 4)}"] if choose.random() < 0.3 else []
    return ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", trigger, *again, "END:VALARM"]


def texts(choose):
    lines = [f"SUMMARY:{choose.choice(['Lunch', 'LUNCH with Ana', 'Žižkov', 'Straße', ''])}"]
    if choose.random() < 0.3:
        lines.append(f"CATEGORIES:{choose.choice(['work,home', 'Work', 'a'])}")
    if choose.random() < 0.3:
        lines.append(choose.choice(["STATUS:CONFIRMED", "STATUS:CANCELLED", "CLASS:PRIVATE"]))
    return lines


def series(choose, component, form, start, end_name, uid):
    """The master of a series and its exceptions, as lists of lines."""
    lines = [form.property("DTSTART", start), *(length(choose, form, start, end_name) if end_name else [])]
    others = []
    if choose.random() < 0.55:
        lines.append("RRULE:" + rule(choose, form, start))
        # Days on which many of the rules have an instance; some name none.
        named = [start + timedelta(days=choose.choice([0, 7, 14, 21, 28, 30, 365])) for _ in range(3)]
        if choose.random() < 0.3:
            lines.append(form.property("EXDATE", named[0]))
        if choose.random() < 0.25:
            lines.append(form.property("RDATE", some_time(choose, form), some_time(choose, form)))
        elif component == "VEVENT" and form.name != "date" and choose.random() < 0.15:
            at = form.value(some_time(choose, form))
            lines.append(f"RDATE;VALUE=PERIOD{form.parameters()}:{at}/PT3H")
        if choose.random() < 0.4:
            others.append((named[1], ""))
        if choose.random() < 0.12:
            others.append((named[2], ";RANGE=THISANDFUTURE"))
    replaced = []
    for instance, following in dict((at, (at, following)) for at, following in others).values():
        step = timedelta(days=choose.randint(-3, 3)) + (timedelta() if form.name == "date" else timedelta(hours=choose.randint(-5, 5)))
        moved = instance + (timedelta(days=1) if following else step)
        replaced.append([f"BEGIN:{component}", f"UID:{uid}", "DTSTAMP:20260101T000000Z",
                         form.property("RECURRENCE-ID" + following, instance), form.property("DTSTART", moved),
                         *(length(choose, form, moved, end_name) if end_name else []), *texts(choose),
                         f"END:{component}"])
    return lines, replaced


def utc_time(choose):
    return (datetime(2026, 1, 1) + timedelta(minutes=15 * choose.randrange(365 * 96))).strftime("%Y%m%dT%H%M%SZ")


def make(choose, uid):
    """The text of one object."""
    component = choose.choice(["VEVENT"] * 5 + ["VTODO"] * 3 + ["VJOURNAL", "VFREEBUSY"])
    form, replaced = Form(choose), []
    start = some_time(choose, form)
    lines = [f"UID:{uid}", "DTSTAMP:20260101T000000Z"]
    if component == "VEVENT":
        told, replaced = series(choose, component, form, start, "DTEND", uid)
        lines += told + texts(choose) + (alarm(choose) if choose.random() < 0.4 else [])
    elif component == "VTODO":
        kind = choose.choice(["series", "series", "due", "completed"])
        if kind == "series":
            told, replaced = series(choose, component, form, start, "DUE", uid)
            lines += told
        elif kind == "due":
            lines.append(form.property("DUE", start))
        if kind == "completed" or choose.random() < 0.2:
            lines += [f"{name}:{at}" for name in choose.sample(["COMPLETED", "CREATED"], choose.randint(0, 2))
                      for at in [utc_time(choose)]]
        lines += texts(choose)
    elif component == "VJOURNAL":
        if choose.random() < 0.8:
            told, replaced = series(choose, component, form, start, None, uid)
            lines += told
        lines += texts(choose)
    else:
        form.name = "utc"
        if choose.random() < 0.5:
            lines += [form.property("DTSTART", start), form.property("DTEND", start + timedelta(hours=choose.randint(1, 90)))]
        if choose.random() < 0.7:
            at = utc_time(choose)
            lines.append(f"FREEBUSY:{at}/PT{choose.randint(1, 9)}H,{utc_time(choose)}/P1D")
    used = zone(form.name) if form.name in ZONES else []
    body = [*used, f"BEGIN:{component}", *lines, f"END:{component}", *[line for one in replaced for line in one]]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//oracle//EN", *body, "END:VCALENDAR", ""])
