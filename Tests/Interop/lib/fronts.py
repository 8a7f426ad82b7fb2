"""Real web servers on loopback, with the shipped files included as they are."""

import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

from .checks import Checks
from .dav import Client
from .places import ROOT, bounded, free_port, workplace
from .server import Server, wait_for

FRONTS = ["nginx-fastcgi", "nginx-scgi", "apache-fastcgi"]


def through_one(subject, run, seconds):
    """Runs a script behind the web server that its argument names: `run(front, checks, place)` within so many seconds."""
    bounded(seconds)
    front = sys.argv[1] if len(sys.argv) > 1 else FRONTS[0]
    checks = Checks(f"{subject} behind {front}")
    with workplace() as place:
        run(front, checks, place)
    checks.finish()


NGINX = """
{user}
daemon off;
worker_processes 1;
pid {place}/nginx.pid;
error_log {place}/front.log notice;
events {{ worker_connections 256; }}
http {{
    access_log {place}/access.log;
    client_body_temp_path {place}/body;
    fastcgi_temp_path {place}/fastcgi;
    scgi_temp_path {place}/scgi;
    proxy_temp_path {place}/proxy;
    uwsgi_temp_path {place}/uwsgi;
    server {{
        listen 127.0.0.1:{port};
        set $artemisios_socket unix:{socket};
        set $artemisios_prefix "{prefix}";
        {redirects}
        location {prefix}/ {{
            {authentication}
            include {root}/nginx/artemisios-{protocol}.conf;
        }}
    }}
}}
"""

NGINX_BASIC = """
            auth_basic "Calendars and contacts";
            auth_basic_user_file {place}/users;
            set $artemisios_user $remote_user;"""

APACHE = """
ServerRoot {place}
ServerName 127.0.0.1
PidFile {place}/apache.pid
ErrorLog {place}/front.log
LogLevel info
DefaultRuntimeDir {place}
Mutex file:{place}
{modules}
User www-data
Group www-data
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    Define ARTEMISIOS_SOCKET {socket}
    {prefix_definition}
    Include {root}/apache/artemisios.conf
    {authentication}
</VirtualHost>
"""

APACHE_BASIC = """
    <Location "{prefix}/">
        AuthType Basic
        AuthName "Calendars and contacts"
        AuthUserFile {place}/users
        Require valid-user
    </Location>"""

APACHE_MODULES = """mpm_event authn_core authn_file authz_core authz_user auth_basic alias filter deflate proxy proxy_fcgi""".split()


def program(*names):
    """The first of the programs that is installed; sbin is not in everybody's PATH."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    sys.exit(f"{names[0]} is not installed: ./deploy/test installs it.")


class Front:
    """A web server in front of the socket `socket_path`."""

    def __init__(self, name, place, socket_path, prefix="", users=None):
        kind, protocol = name.split("-")
        self.port = free_port()
        self.prefix = prefix
        self.log = place / "front.log"
        users = users or {}
        lines = [
            f"{user}:{{SHA}}{base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()}\n"
            for user, password in users.items()
        ]
        (place / "users").write_text("".join(lines))
        values = {"place": place, "port": self.port, "socket": socket_path, "prefix": prefix,
                  "protocol": protocol, "root": ROOT}
        if kind == "nginx":
            basic = NGINX_BASIC.format(**values) if users else 'set $artemisios_user "";'
            redirects = f"include {ROOT}/nginx/artemisios.conf;" if prefix else ""
            user = "user www-data;" if os.geteuid() == 0 else ""
            text = NGINX.format(authentication=basic, redirects=redirects, user=user, **values)
            self.command = [program("nginx"), "-p", str(place), "-c", str(place / "front.conf"),
                            "-e", str(self.log)]
        else:
            basic = APACHE_BASIC.format(**values) if users else ""
            modules = "\n".join(
                f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so"
                for module in APACHE_MODULES)
            definition = f"Define ARTEMISIOS_PREFIX {prefix}" if prefix else ""
            text = APACHE.format(authentication=basic, modules=modules, prefix_definition=definition, **values)
            self.command = [program("apache2", "httpd"), "-D", "FOREGROUND", "-f", str(place / "front.conf")]
        (place / "front.conf").write_text(text)
        self.output = place / "front.out"
        self.process = None

    def __enter__(self):
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        up = wait_for(lambda: self.process.poll() is not None or self.answers())
        if not up or self.process.poll() is not None:
            self.__exit__()
            log = self.log.read_text() if self.log.exists() else ""
            raise RuntimeError(f"the web server did not start: {self.output.read_text()}{log}")
        return self

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}{self.prefix}/"


class Site:
    """A server and the web server in front of it."""

    def __init__(self, server, front, users):
        self.server = server
        self.front = front
        self.users = users

    def client(self, user=None, **options):
        """A client that knows the password of `user`."""
        return Client(self.front.port, user, self.users.get(user), **options)


@contextmanager
def site(name, place, directory, prefix="", users=None, workers=2, options=()):
    """Starts both: multi-user behind Basic authentication when there are users, else single-user."""
    users = users or {}
    modes = ["--multi-user", "--defaults"] if users else ["--defaults"]
    protocol = name.split("-")[1]
    with Server(place, directory, protocol, workers, modes + list(options)) as server:
        with Front(name, place, server.socket, prefix, users) as front:
            try:
                yield Site(server, front, users)
            except BaseException:
                print(f"--- server log\n{server.tail()}", file=sys.stderr)
                if front.log.exists():
                    tail = front.log.read_text(errors="replace").splitlines()[-15:]
                    print("--- web server log", *tail, sep="\n", file=sys.stderr)
                raise
