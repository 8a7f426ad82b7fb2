"""The requests that are measured, and what a right answer to each has in it."""

from collections import namedtuple

import data
from data import ADDRESSBOOK, CALENDAR
from lib.dav import DECLARATIONS

# make(n) gives (method, path, headers, body) of the n-th request; `counts` names what is counted in the answer, which
# must come out the same for all servers; `least` is how many times less of the processor than Xandikos the request is
# to take at 1,000 objects; `alone`: beside peers one client asks for it, as Xandikos refuses (423) to change what
# changes just then.
Kind = namedtuple("Kind", "name make status counts least alone", defaults=[None, False])

XML = {"Content-Type": "application/xml; charset=utf-8"}


def xml(method, path, depth, root, content):
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} {DECLARATIONS}>{content}</{root}>'
    return lambda n: (method, path, {**XML, "Depth": depth}, body.encode())


def comp_filter(content):
    return (f'<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">{content}'
            "</C:comp-filter></C:comp-filter></C:filter>")


def hrefs(path, kind, ending, count):
    return "".join(f"<D:href>{path}{kind}-{number * 7 % count}.{ending}</D:href>" for number in range(min(50, count)))


def kinds(count, token, calendar=CALENDAR):
    """All kinds for collections of `count` objects; `token` gives the sync state of the calendar, at `calendar`."""
    month = comp_filter('<C:time-range start="20260601T000000Z" end="20260701T000000Z"/>')
    week = 'start="20260601T000000Z" end="20260608T000000Z"'
    text = comp_filter('<C:prop-filter name="SUMMARY"><C:text-match>Treffen 7</C:text-match></C:prop-filter>')
    etag, whole = "<D:prop><D:getetag/></D:prop>", "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
    sync = "<D:sync-token>{}</D:sync-token><D:sync-level>1</D:sync-level>" + etag
    seven = ("<D:resourcetype/><D:displayname/><D:getetag/><D:sync-token/><CS:getctag/>"
             "<D:current-user-principal/><C:supported-calendar-component-set/>")
    three = "<D:resourcetype/><D:getetag/><D:getcontenttype/>"

    def get(n):
        return "GET", f"{calendar}calendar-{n * 13 % count}.ics", {}, None

    def put_new(n):
        return put(f"new-{n}", data.new_event(n), {"If-None-Match": "*"})

    def put_changed(n):
        number = n * 13 % count
        return put(f"calendar-{number}", data.event(number, f" {n}"), {})

    def put(name, body, headers):
        kind = {"Content-Type": "text/calendar; charset=utf-8", **headers}
        return "PUT", f"{calendar}{name}.ics", kind, body.encode()

    def unchanged(n):
        return xml("REPORT", calendar, "0", "D:sync-collection", sync.format(token()))(n)

    response, instance = b"response>", b"BEGIN:VEVENT"
    report = lambda root, content, path=calendar: xml("REPORT", path, "1", root, content)
    return [
        Kind("GET of an event", get, 200, instance, 10),
        Kind("PROPFIND Depth 0, seven properties",
             xml("PROPFIND", calendar, "0", "D:propfind", f"<D:prop>{seven}</D:prop>"), 207, response, 10),
        Kind("PROPFIND Depth 1, three properties",
             xml("PROPFIND", calendar, "1", "D:propfind", f"<D:prop>{three}</D:prop>"), 207, response, 100),
        Kind("sync-collection, initial, etags",
             xml("REPORT", calendar, "0", "D:sync-collection", sync.format("")), 207, response, 100),
        Kind("sync-collection, no change", unchanged, 207, response, 100),
        Kind("calendar-query of a month, etags", report("C:calendar-query", etag + month), 207, response, 100),
        Kind("calendar-query of a month, data", report("C:calendar-query", whole + month), 207, instance, 100),
        Kind("calendar-query of a week, expand",
             report("C:calendar-query", f"<D:prop><C:calendar-data><C:expand {week}/></C:calendar-data></D:prop>"
                    + comp_filter(f"<C:time-range {week}/>")), 207, instance, 100),
        Kind("calendar-query by text in SUMMARY", report("C:calendar-query", etag + text), 207, response, 50),
        Kind("free-busy-query of a month",
             report("C:free-busy-query", '<C:time-range start="20260601T000000Z" end="20260701T000000Z"/>'),
             200, b"BEGIN:VFREEBUSY", 100),
        Kind("calendar-multiget of 50",
             report("C:calendar-multiget", whole + hrefs(calendar, "calendar", "ics", count)), 207, instance, 50),
        Kind("addressbook-query by e-mail",
             report("CARD:addressbook-query", etag + '<CARD:filter><CARD:prop-filter name="EMAIL"><CARD:text-match>'
                    "m77@example.org</CARD:text-match></CARD:prop-filter></CARD:filter>", ADDRESSBOOK),
             207, response, 50),
        Kind("addressbook-multiget of 50",
             report("CARD:addressbook-multiget", "<D:prop><D:getetag/><CARD:address-data/></D:prop>"
                    + hrefs(ADDRESSBOOK, "addressbook", "vcf", count), ADDRESSBOOK), 207, b"BEGIN:VCARD"),
        Kind("PUT of a changed event", put_changed, 204, b"", 40, alone=True),
        Kind("PUT of a new event", put_new, 201, b"", 40),
    ]
