"""What server and generator use while calls are carried: sampled about once a second. Judges nothing."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from benchmarks.load_parts.processes import Use, children, family, use


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment."""

    at_s: float
    server: Use
    generator: Use


@dataclass
class Sampling:
    """The moments of one measurement; `steady_s` is when all calls are there, on the monotonic clock."""

    steady_s: float
    pids: list[int] = field(default_factory=lambda: [pid for child in children(os.getpid()) for pid in family(child)])
    samples: list[Sample] = field(default_factory=list)

    def take(self) -> None:
        """Sample now."""
        self.samples.append(Sample(time.monotonic(), use(self.pids), use([os.getpid()])))

    def cores(self) -> tuple[float, float]:
        """Return how many cores were busy once all calls were there: for the server, and for the generator."""
        steady = [sample for sample in self.samples if sample.at_s >= self.steady_s]
        if len(steady) < 2:  # noqa: PLR2004 - a difference needs two
            return 0.0, 0.0
        first, last = steady[0], steady[-1]
        took_s = last.at_s - first.at_s
        server_s = last.server.cpu_s - first.server.cpu_s
        return server_s / took_s, (last.generator.cpu_s - first.generator.cpu_s) / took_s

    def cpu_ms_a_call_second(self, sound_s: float) -> float:
        """Return the server's CPU time for each second of a call, ms; all calls together came to `sound_s`."""
        spent_s = self.samples[-1].server.cpu_s - self.samples[0].server.cpu_s
        return 1000 * spent_s / sound_s if sound_s else 0.0

    def memory_mb(self) -> tuple[float, float]:
        """Return the server's memory before the first call, and the most it had."""
        return self.samples[0].server.memory_mb, max(sample.server.memory_mb for sample in self.samples)
