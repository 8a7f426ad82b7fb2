"""Test suites of other projects, which come with the sources of their packages."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

LIST = Path(__file__).parents[1] / "suites.txt"


def source(name):
    """The unpacked source of a package of suites.txt, fetched once into the Python environment."""
    version = re.search(rf"^{name}==(\S+)$", LIST.read_text(), re.MULTILINE)[1]
    directory = Path(sys.prefix) / "sources" / f"{name}-{version}"
    if not directory.is_dir():
        directory.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps",
                   "--no-binary", name, "-d", str(directory.parent), f"{name}=={version}"]
        subprocess.run(command, check=True, timeout=200)
        subprocess.run(["tar", "xzf", f"{directory}.tar.gz"], cwd=directory.parent, check=True)
    return directory


def pytest(place, environment, seconds, *arguments):
    """Runs pytest in `place`; gives the outcomes, {test: (passed, failed or skipped, why)}, and all it printed."""
    (place / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n")
    report = place / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=60", "--tb=short",
               f"--junitxml={report}", *arguments]
    # A home of its own: what the user has set up for the packages is no part of it.
    environment = {**os.environ, "HOME": str(place), "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    output = subprocess.run(
        command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
    ).stdout.decode(errors="replace")
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase") if report.exists() else []:
        failures = case.findall("failure") + case.findall("error")
        skipped = case.find("skipped")
        outcome = "failed" if failures else "skipped" if skipped is not None else "passed"
        why = "\n".join(part.text or "" for part in failures) or (skipped.get("message") if skipped is not None else "")
        outcomes[f"{case.get('classname').rsplit('.', 1)[-1]}.{case.get('name')}"] = (outcome, why)
    return outcomes, output


def tell(checks, outcomes, output, wrong, some=False):
    """Checks that all passed, but for those with a wrong expectation, {test: (a pattern in the failure, the reason)}.

    Unless only some were to run, none of these may be missing: then no test of their class would run.
    """
    counts = {kind: sum(outcome == kind for outcome, _ in outcomes.values()) for kind in ("passed", "failed", "skipped")}
    checks(", ".join(f"{count} {kind}" for kind, count in counts.items()), counts["passed"] > 0, output[-3000:])
    if not some:
        checks.equal("all that were expected to fail have run", sorted(wrong.keys() - outcomes.keys()), [])
    for test, (outcome, why) in sorted(outcomes.items()):
        pattern, reason = wrong.get(test, (None, None))
        if outcome == "skipped":
            print(f"  --    {test}: skipped: {why}")
        elif outcome == "failed" and pattern and re.search(pattern, why):
            print(f"  --    {test}: failed: {reason}")
        elif outcome == "failed":
            checks(f"{test} passes", False, why)
        elif pattern:
            checks(f"{test} fails because its expectation is wrong", False, "it passes now: take it off the list")
