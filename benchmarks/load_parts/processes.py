"""What processes use, as Linux tells it under /proc. Reads, judges nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_MB = 1024


@dataclass(frozen=True, slots=True)
class Use:
    """What a process and all that it started have used."""

    cpu_s: float
    memory_mb: float
    """Memory of their own, or shared with one another and counted once (PSS)."""
    threads: int


def children(pid: int) -> list[int]:
    """Return the processes that process `pid` started and that are still there."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def family(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def use(pids: list[int]) -> Use:
    """Return what these processes have used together."""
    told = [_use(pid) for pid in pids]
    return Use(sum(one.cpu_s for one in told), sum(one.memory_mb for one in told), sum(one.threads for one in told))


def _use(pid: int) -> Use:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return Use(0.0, 0.0, 0)
    pss_kb = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    user, system, threads = int(fields[11]), int(fields[12]), int(fields[17])
    return Use((user + system) / _TICKS, pss_kb / _MB, threads)
