"""vdirsyncer's own tests of CalDAV and CardDAV storages, through nginx.

Usage: .cache/suites/bin/python3 vdirsyncer-storage.py [WORD-IN-NAMES-OF-TESTS]
"""

import shutil
import sys

from lib.checks import Checks
from lib.fronts import site
from lib.places import bounded, workplace
from lib.suites import pytest, source, tell

USERS = {"anna@example.org": "a-secret"}

# How the tests find the server.
MIXIN = """
import os

import pytest


class ServerMixin:
    @pytest.fixture
    def get_storage_args(self, item_type, slow_create_collection, aio_connector, request):
        async def arguments(collection="test"):
            found = {name: os.environ[f"ARTEMISIOS_{name.upper()}"] for name in ("url", "username", "password")}
            found["connector"] = aio_connector
            return found if collection is None else await slow_create_collection(self.storage_class, found, collection)

        return arguments
"""


def main():
    bounded(590)
    checks = Checks("vdirsyncer's storages")
    with workplace() as place:
        shutil.copytree(source("vdirsyncer") / "tests", place / "tests")
        target = place / "tests" / "storage" / "servers" / "target"
        target.mkdir()
        (target / "__init__.py").write_text(MIXIN)
        with site("nginx-fastcgi", place, place / "data", "/dav", users=USERS) as server:
            (username, password), = USERS.items()
            environment = {"DAV_SERVER": "target", "ARTEMISIOS_URL": server.front.url,
                           "ARTEMISIOS_USERNAME": username, "ARTEMISIOS_PASSWORD": password}
            names = ["-k", " and ".join(sys.argv[1:])] if sys.argv[1:] else []
            outcomes, output = pytest(place, environment, 560, *names, "tests/storage/dav")
    tell(checks, outcomes, output, {})
    checks.finish()


if __name__ == "__main__":
    main()
