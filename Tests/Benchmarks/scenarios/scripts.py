"""Benchmarks that are scripts of their own: each prints its figures and checks them."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1]

SCRIPTS = {
    "durable": (BENCHMARKS / "durable.py", "a PUT against the least that a durable write can cost"),
    "growth": (BENCHMARKS.parent / "Interop" / "growth.py",
               "the disk and the wait of 10,000 writes into 10,000 objects"),
    "responder": (BENCHMARKS / "responder.py", "GET and an unchanged sync against a responder that does nothing"),
}


def run(options, _place):
    script = SCRIPTS[options.scenario][0]
    return subprocess.run([sys.executable, script, *options.options]).returncode == 0
