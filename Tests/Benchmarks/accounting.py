"""What a server takes: processor time, memory and disk, as the kernel counts them."""

import os
import time
from collections import namedtuple
from pathlib import Path

from lib.server import children, is_maintenance

# Seconds. Maintenance is what packs histories beside the workers, with the programs that it starts.
Time = namedtuple("Time", "serving maintenance")


def family(root):
    """A process and all below it, each with whether it is maintenance."""
    pending = [(root, False)]
    while pending:
        pid, beside = pending.pop()
        beside = beside or is_maintenance(pid)
        yield pid, beside
        pending += [(child, beside) for child in children(pid)]


def own_seconds(pid):
    """Processor time of all threads of a process, ended ones too, to the nanosecond."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


def childrens_seconds(pid):
    """Processor time of the children that a process has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def processor(root):
    """The time that a server has taken since it started."""
    serving = maintenance = 0.0
    for pid, beside in family(root):
        if beside:
            maintenance += own_seconds(pid) + childrens_seconds(pid)
        else:
            serving += own_seconds(pid)
    return Time(serving, maintenance)


def shares(pid):
    """Bytes that a process holds: what it shares is divided by those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def memory(root):
    """The same for all processes of a server together."""
    return sum(shares(pid) for pid, _ in family(root))


def reset_peak(pid):
    """Has the kernel look for the largest size from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak(pid):
    """The largest size since then in bytes, with mapped files."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
