"""Measures what the server takes: processor, memory, disk and time, beside other servers on the same objects.

All servers run one after the other on one machine, which should have nothing else to do, and have eight clients at the
same time unless told otherwise: with a single one a worker sleeps between any two requests, and what waking up costs
then counts for more than what is measured. Latencies have the wait for the other seven in them; `--clients 1` shows
those of a server with nothing else to do. Processor time is that of all processes of the server; the web server in
front of it is not counted, nor are the clients. Absolute figures are of one machine; compare the ratios.
"""

import argparse
import sys

import data  # noqa: F401
from lib.places import bounded, workplace
from scenarios import cold, curve, memory, requests, scripts

SCENARIOS = {"requests": requests, "curve": curve, "memory": memory, "cold": cold,
             **{name: scripts for name in scripts.SCRIPTS}}


def arguments():
    told = {name: module.__doc__.splitlines()[0] for name, module in SCENARIOS.items() if module is not scripts}
    told |= {name: about for name, (_, about) in scripts.SCRIPTS.items()}
    parser = argparse.ArgumentParser(
        prog="bench", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__,
        epilog="scenarios:\n" + "\n".join(f"  {name:10} {about}" for name, about in told.items()))
    parser.add_argument("scenario", nargs="?", choices=SCENARIOS, default="requests", help="(default: requests)")
    parser.add_argument("--items", type=lambda text: [int(part) for part in text.split(",")],
                        help="objects of a collection, such as 100,1000,10000; 100000 takes its time")
    parser.add_argument("--peer", action="append", choices=["xandikos", "radicale"], default=[],
                        help="another server to measure beside, for `requests`; may be given twice")
    parser.add_argument("--put", action="store_true",
                        help="each server gets the objects by PUT, one by one, and so keeps them as it does for its "
                             "users; else they are there before it starts, in one packed commit")
    parser.add_argument("--seconds", type=float, default=2, help="time for each kind of request (default: 2)")
    parser.add_argument("--workers", type=int, default=1, help="workers (default: 1)")
    parser.add_argument("--clients", type=int, default=8,
                        help="connections at the same time, for `requests` and `curve` (default: 8)")
    parser.add_argument("--only", action="append", help="kinds of request whose name has this in it")
    parser.add_argument("--layout", choices=["bare", "worktrees"], default="bare",
                        help="of the repositories served here (default: bare)")
    parser.add_argument("options", nargs="*", help="after --: options for artemisios serve, or for the script")
    return parser.parse_args()


def main():
    options = arguments()
    if script := scripts.SCRIPTS.get(options.scenario):
        if not script[0].exists():
            sys.exit(f"{script[0]} is missing")
    bounded(6 * 3600)
    with workplace() as place:
        met = SCENARIOS[options.scenario].run(options, place)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
