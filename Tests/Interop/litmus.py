"""litmus, the test suite for WebDAV servers, through the shipped web server files: every test, none skipped.

Usage: litmus.py [nginx-fastcgi|nginx-scgi|apache-fastcgi]...
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from lib.checks import Checks
from lib.fronts import FRONTS, site
from lib.places import bounded, workplace

SETS = ["basic", "copymove", "props", "locks", "http"]
# Debian's package keeps the sets and their document here.
PROGRAMS = Path("/usr/libexec/litmus")
DOCUMENTS = Path("/usr/share/litmus/htdocs")
USERS = {"ana": "a-secret"}


def run(name, place, url):
    """Runs one set; gives its output and the numbers of tests run, passed, warned of and skipped."""
    command = [str(PROGRAMS / name), "--htdocs", str(DOCUMENTS), url, "ana", USERS["ana"]]
    environment = {**os.environ, "HTDOCS": str(DOCUMENTS)}
    result = subprocess.run(
        command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    output = result.stdout.decode(errors="replace")
    summary = re.search(r"of (\d+) tests run: (\d+) passed, (\d+) failed", output)
    ran, passed, _ = map(int, summary.groups()) if summary else (0, 0, 0)
    return output, ran, passed, output.count("WARNING"), output.count("SKIPPED")


def main():
    bounded(300)
    if not PROGRAMS.is_dir():
        sys.exit("litmus is not installed: ./deploy/test installs it.")
    checks = Checks("litmus")
    for name in sys.argv[1:] or FRONTS[:1]:
        with workplace() as place, site(name, place, place / "data", users=USERS) as server:
            client = server.client("ana")
            checks.equal("a plain collection is made", client.request("MKCOL", "/ana/files/").status, 201)
            for tests in SETS:
                output, ran, passed, warned, skipped = run(tests, place, f"{server.front.url}ana/files/")
                done = ran > 0 and ran == passed and warned == skipped == 0
                checks(f"{name}: {tests}: {passed} of {ran} passed, {warned} warnings, {skipped} skipped", done,
                       "\n" + output)
    checks.finish()


if __name__ == "__main__":
    main()
