"""A plain DAV client: it sends what it is told and follows nothing."""

import base64
import http.client
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CARD": "urn:ietf:params:xml:ns:carddav",
    "CS": "http://calendarserver.org/ns/",
    "ICAL": "http://apple.com/ns/ical/",
    "INFA": "http://inf-it.com/ns/ab/",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())


def clark(name):
    """`D:href` in the notation of ElementTree."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


class Answer:
    """The answer to one request."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"

    @property
    def etag(self):
        return self.headers.get("ETag")

    def xml(self):
        return ElementTree.fromstring(self.body)

    def responses(self):
        """Href → (status of the response or None, {property: element} of those found)."""
        found = {}
        for response in self.xml().findall(clark("D:response")):
            href = response.findtext(clark("D:href")).strip()
            status = response.findtext(clark("D:status"))
            properties = {}
            for propstat in response.findall(clark("D:propstat")):
                if " 200 " in propstat.findtext(clark("D:status")) + " ":
                    for element in propstat.find(clark("D:prop")):
                        properties[element.tag] = element
            found[href] = (int(status.split()[1]) if status else None, properties)
        return found


class Client:
    """One user at one web server; every request has a connection of its own."""

    def __init__(self, port, user=None, password=None, agent="interop/1.0", host="127.0.0.1"):
        self.host, self.port, self.agent = host, port, agent
        self.authorization = None
        if user is not None:
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            self.authorization = f"Basic {token}"

    def request(self, method, path, body=None, headers=None, chunked=False):
        sent = {"User-Agent": self.agent, **(headers or {})}
        if self.authorization:
            sent.setdefault("Authorization", self.authorization)
        if isinstance(body, str):
            body = body.encode()
        if chunked:
            sent["Transfer-Encoding"] = "chunked"
            body = (whole[start:start + 4000] for whole in [body] for start in range(0, len(whole), 4000))
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, sent, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def put(self, path, body, kind="text/calendar; charset=utf-8", headers=None, chunked=False):
        return self.request("PUT", path, body, {"Content-Type": kind, **(headers or {})}, chunked)

    def xml(self, method, path, body, depth=None):
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        if depth is not None:
            headers["Depth"] = str(depth)
        return self.request(method, path, '<?xml version="1.0" encoding="utf-8"?>\n' + body, headers)

    def propfind(self, path, *names, depth=0):
        wanted = "".join(f"<{name}/>" for name in names)
        return self.xml(
            "PROPFIND", path, f"<D:propfind {DECLARATIONS}><D:prop>{wanted}</D:prop></D:propfind>", depth)

    def proppatch(self, path, **values):
        """Sets properties given as `ICAL__calendar_color="#ff0000"`."""
        elements = ""
        for key, value in values.items():
            name = key.replace("__", ":").replace("_", "-")
            elements += f"<{name}>{escape(value)}</{name}>"
        return self.xml(
            "PROPPATCH", path,
            f"<D:propertyupdate {DECLARATIONS}><D:set><D:prop>{elements}</D:prop></D:set></D:propertyupdate>")

    def sync(self, path, token):
        """A sync-collection report: (token, {href: etag or None for a deleted one}, answer)."""
        answer = self.xml(
            "REPORT", path,
            f"<D:sync-collection {DECLARATIONS}><D:sync-token>{token}</D:sync-token>"
            "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>", 0)
        if answer.status != 207:
            return None, {}, answer
        changes = {}
        for href, (status, properties) in answer.responses().items():
            etag = properties.get(clark("D:getetag"))
            changes[href] = None if status == 404 else etag.text if etag is not None else ""
        return answer.xml().findtext(clark("D:sync-token")), changes, answer
