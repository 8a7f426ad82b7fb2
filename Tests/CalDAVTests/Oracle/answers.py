"""Which objects overlap a time range, by RFC 4791 section 9.9, worked out slowly with icalendar and python-dateutil.

Nothing here knows how the server does it: every instance is made, up to HORIZON, and asked one after the other.
Times without a zone are in the zone of the calendar.
"""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil import rrule
from icalendar import Calendar

HORIZON = datetime(2040, 1, 1)
FLOATING = ZoneInfo("America/New_York")
UTC = timezone.utc
DAY = timedelta(days=1)


class Moment:
    """A value of DATE or DATE-TIME as a local time, and the zone that it is in."""

    def __init__(self, value, like=None):
        self.is_date = not isinstance(value, datetime)
        if self.is_date:
            value = datetime(value.year, value.month, value.day)
        self.zone = value.tzinfo or FLOATING
        if value.tzinfo is not None and getattr(value.tzinfo, "key", None) is None:
            self.zone = UTC
        self.local = value.replace(tzinfo=None)

    def at(self, local):
        """The instant of another local time in the same zone."""
        # RFC 5545 §3.3.5: a time that there is twice is the first, one that there is not is counted as before the gap.
        return local.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def instant(self):
        return self.at(self.local)


class Length:
    """How long the instances of a component are, None when it does not say."""

    def __init__(self, component, end_name):
        self.exact = self.nominal = self.given = None
        start = component.get("DTSTART")
        if end_name and end_name in component and start is not None:
            end, begin = Moment(component.decoded(end_name)), Moment(start.dt)
            # RFC 5545 §3.8.5.3: the same exact duration for DTEND and DUE, the same nominal one for DURATION.
            self.given = "end"
            if begin.is_date:
                self.nominal = end.local - begin.local
            else:
                self.exact = end.instant() - begin.instant()
        elif "DURATION" in component:
            self.given, self.nominal = "duration", component.decoded("DURATION")

    def end(self, moment, local):
        """The end of the instance that starts at a local time."""
        if self.given is None:
            return None
        if self.exact is not None:
            return moment.at(local) + self.exact
        # RFC 5545 §3.3.6: days are nominal, what is less than a day is exact.
        days = timedelta(days=self.nominal.days)
        return moment.at(local + days) + (self.nominal - days)


class Instance:
    """One instance: its component, start and end as instants, and how long was said to be how."""

    def __init__(self, component, moment, local, length, end=None):
        self.component, self.is_date, self.given = component, moment.is_date, length.given
        self.start = moment.at(local)
        self.day_end = moment.at(local + DAY)
        self.end = end or length.end(moment, local)
        if end:
            self.given = "end"


def listed(component, name):
    """The values of a property that may be there several times, with several values each."""
    found = component.get(name, [])
    return [value for one in (found if isinstance(found, list) else [found]) for value in one.dts]


def series(components, end_name):
    """All instances of a recurring component and its exceptions."""
    master = next((one for one in components if "RECURRENCE-ID" not in one), None)
    others = [one for one in components if "RECURRENCE-ID" in one]
    instances = {}
    if master is not None and "DTSTART" in master:
        moment, length = Moment(master["DTSTART"].dt), Length(master, end_name)
        starts = {moment.local: (moment, None)}
        if "RRULE" in master:
            text = master["RRULE"].to_ical().decode()
            parts = dict(part.split("=") for part in text.split(";"))
            until = parts.pop("UNTIL", None)
            rule = rrule.rrulestr(";".join(f"{key}={value}" for key, value in parts.items()), dtstart=moment.local)
            for local in rule:
                if local > HORIZON or (until and not allowed(moment, local, until)):
                    break
                starts[local] = (moment, None)
        for value in listed(master, "RDATE"):
            period = value.dt if isinstance(value.dt, tuple) else (value.dt, None)
            at = Moment(period[0])
            end = period[1]
            starts[at.local] = (at, at.instant() + end if isinstance(end, timedelta) else end and Moment(end).instant())
        for value in listed(master, "EXDATE"):
            starts.pop(Moment(value.dt).local, None)
        # RFC 5545 §3.2.13: with THISANDFUTURE, all later instances move as the one that is named did.
        later = sorted(((Moment(one["RECURRENCE-ID"].dt).local, one) for one in others
                        if one["RECURRENCE-ID"].params.get("RANGE") == "THISANDFUTURE"), key=lambda pair: pair[0])
        for local, (at, end) in starts.items():
            moved = next((pair for pair in reversed(later) if pair[0] <= local), None)
            if moved is None:
                instances[local] = Instance(master, at, local, length, end)
            else:
                begin = Moment(moved[1]["DTSTART"].dt)
                shifted = local + (begin.local - moved[0])
                instances[local] = Instance(moved[1], begin, shifted, Length(moved[1], end_name))
    for one in others:
        moment = Moment(one["DTSTART"].dt)
        instances[Moment(one["RECURRENCE-ID"].dt).local] = Instance(
            one, moment, moment.local, Length(one, end_name))
    return list(instances.values())


def allowed(moment, local, until):
    """Whether a start is not after UNTIL, which is a date, a local time or one in UTC."""
    if len(until) == 8:
        return local.date() <= datetime.strptime(until, "%Y%m%d").date()
    if until.endswith("Z"):
        return moment.at(local) <= datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return local <= datetime.strptime(until, "%Y%m%dT%H%M%S")


def event(instance, start, end):
    if instance.given == "end":
        return start < instance.end and end > instance.start
    if instance.given == "duration" and instance.end > instance.start:
        return start < instance.end and end > instance.start
    if instance.given is None and instance.is_date:
        return start < instance.day_end and end > instance.start
    return start <= instance.start and end > instance.start


def todo(instance, start, end):
    if instance.given == "duration":
        return start <= instance.end and (end > instance.start or end >= instance.end)
    if instance.given == "end":
        return (start < instance.end or start <= instance.start) and (end > instance.start or end >= instance.end)
    return start <= instance.start and end > instance.start


def lone_todo(component, start, end):
    """A VTODO that does not say when it starts."""
    if "DUE" in component:
        due = Moment(component.decoded("DUE")).instant()
        return start < due and end >= due
    completed, created = (component.decoded(name) if name in component else None for name in ("COMPLETED", "CREATED"))
    if completed and created:
        return (start <= created or start <= completed) and (end >= created or end >= completed)
    if completed:
        return start <= completed and end >= completed
    return end > created if created else True


def journal(instance, start, end):
    if instance.is_date:
        return start < instance.day_end and end > instance.start
    return start <= instance.start and end > instance.start


def free_busy(component, start, end):
    if "DTSTART" in component and "DTEND" in component:
        return start <= component.decoded("DTEND") and end > component.decoded("DTSTART")
    found = component.get("FREEBUSY", [])
    for one in found if isinstance(found, list) else [found]:
        for period in one if isinstance(one, list) else [one]:
            if start < period.end and end > period.start:
                return True
    return False


def triggers(instance):
    """The times of the alarms of an instance."""
    for alarm in instance.component.walk("VALARM"):
        value = alarm.decoded("TRIGGER")
        if isinstance(value, datetime):
            first = value
        else:
            from_end = alarm["TRIGGER"].params.get("RELATED") == "END"
            end = instance.end or (instance.day_end if instance.is_date else instance.start)
            first = (end if from_end else instance.start) + value
        yield first
        for number in range(int(alarm.get("REPEAT", 0))):
            yield first + (number + 1) * alarm.decoded("DURATION")


class Answers:
    """What one object answers; its instances are made once."""

    def __init__(self, text):
        parts = [one for one in Calendar.from_ical(text).subcomponents if one.name != "VTIMEZONE"]
        self.kind, self.parts = parts[0].name, parts
        end_name = {"VEVENT": "DTEND", "VTODO": "DUE"}.get(self.kind)
        self.instances = [] if self.kind == "VFREEBUSY" else series(parts, end_name)

    def overlaps(self, kind, start, end):
        """Whether a component of that kind overlaps the range."""
        if kind != self.kind:
            return False
        if kind == "VFREEBUSY":
            return any(free_busy(part, start, end) for part in self.parts)
        if kind == "VTODO" and not self.instances:
            return lone_todo(self.parts[0], start, end)
        asked = {"VEVENT": event, "VTODO": todo, "VJOURNAL": journal}[kind]
        return any(asked(instance, start, end) for instance in self.instances)

    def rings(self, start, end):
        """Whether an alarm of an event goes off in the range."""
        if self.kind != "VEVENT":
            return False
        # An alarm at a time of its own rings then, whichever instances its component has left.
        own = [alarm.decoded("TRIGGER") for part in self.parts for alarm in part.walk("VALARM")
               if isinstance(alarm.decoded("TRIGGER"), datetime)]
        return any(start <= time < end for time in own) or any(
            start <= time < end for instance in self.instances for time in triggers(instance))

    def completed(self, start, end):
        """Whether a VTODO was completed in the range (a time-range of the property)."""
        return self.kind == "VTODO" and any(
            "COMPLETED" in part and start <= part.decoded("COMPLETED") < end for part in self.parts)

    def begins(self, kind, start, end):
        """Whether an instance starts in the range (a time-range of DTSTART)."""
        return kind == self.kind and any(start <= one.start < end for one in self.instances)

    def ends(self, start, end):
        """Whether an instance of an event ends in the range (a time-range of DTEND, which may follow from a duration)."""
        return self.kind == "VEVENT" and any(
            start <= one.end < end for one in self.instances
            if one.end and ("DTEND" in one.component or "DURATION" in one.component))
