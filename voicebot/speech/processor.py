"""Which of its kernels Vosk's arithmetic should use. Nothing is loaded here: this must be settled before Vosk is.

Vosk carries an OpenBLAS that knows the processors of its time. On a later one it falls back to kernels for the oldest
(SSE3), although the processor has the wide instructions of those it knows. Its kernels for AVX-512 also multiply small
matrices without copying them first, and a phone network's are small.
"""

from __future__ import annotations

import os
from pathlib import Path

CHOICE = "OPENBLAS_CORETYPE"
"""The variable by which OpenBLAS is told (its README, "Environment variables"). Whoever sets it decides."""
WIDE = "SkylakeX"
"""OpenBLAS's name for the kernels that need NEEDED."""
NEEDED = frozenset({"avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"})
"""What those kernels are compiled for (GCC's -march=skylake-avx512), as Linux calls it."""
CPUINFO = Path("/proc/cpuinfo")


def kernels(cpuinfo: str) -> str | None:
    """Return the kernels that suit the processors in a text like /proc/cpuinfo; None leaves it to OpenBLAS."""
    processors = [set(line.split(":")[1].split()) for line in cpuinfo.splitlines() if line.startswith("flags")]
    return WIDE if processors and all(flags >= NEEDED for flags in processors) else None


def choose(cpuinfo: Path = CPUINFO) -> None:
    """Tell OpenBLAS in this process' environment, unless it was told already or it can find out by itself."""
    try:
        chosen = kernels(cpuinfo.read_text("utf-8", "replace"))
    except OSError:
        return
    if chosen:
        os.environ.setdefault(CHOICE, chosen)
