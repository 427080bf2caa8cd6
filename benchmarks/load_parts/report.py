"""What a load came to: the figures, as text, as JSON and as rows of a table. Measures nothing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.load_parts.figures import Spread

P50_MS, P95_MS, ON_TIME = 400, 600, 0.999
"""To be reached: turn gaps after ordinary questions, and the share of frames less than 40 ms late."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server's log says of the streams that ended."""

    streams: int = 0
    frames: int = 0
    late: int = 0
    worst_ms: int = 0
    errors: tuple[str, ...] = ()
    """What the server said went wrong."""

    @property
    def on_time(self) -> float:
        """The share of frames less than 40 ms late."""
        return 1 - self.late / self.frames if self.frames else 1.0


def read_log(log: Path, from_byte: int) -> Heard:
    """Return what the lines of a server's log from `from_byte` on say."""
    ended: list[dict[str, Any]] = []
    errors = []
    with log.open(encoding="utf-8", errors="replace") as file:
        file.seek(from_byte)
        for line in file:
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("event") == "stream_ended":
                ended.append(told)
            elif told.get("level") in {"error", "warning"}:
                errors.append(f"{told['event']} {told.get('code') or told.get('error', '')}".strip())
    frames, late = (sum(told[name] for told in ended) for name in ("count", "late"))
    return Heard(len(ended), frames, late, max((told["ms"] for told in ended), default=0), tuple(errors))


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of so many calls at once. Times are ms."""

    calls: int
    most_at_once: int
    placed: int
    refused: tuple[str, ...]
    broken: tuple[str, ...]
    """Why streams ended that nobody ended in order."""
    ordinary: Spread
    """Turn gaps after ordinary questions."""
    red_flag: Spread
    other_turns: int
    """Prompts after speech that no answer in the record belongs to: asked again after silence, talked over."""
    heard: Heard
    sent: int
    sent_on_time: float
    sent_worst_ms: float
    webhooks: Spread
    webhooks_failed: tuple[str, ...]
    server_cores: float
    generator_cores: float
    cpu_ms_a_call_second: float
    idle_mb: float
    peak_mb: float

    @property
    def lost(self) -> int:
        """Frames that were sent and never taken. Those still on their way when a stream was cut count as lost, too."""
        return self.sent - self.heard.frames

    @property
    def reached(self) -> bool:
        """Whether the figures were reached with so many calls."""
        return (
            self.ordinary.p50 <= P50_MS
            and self.ordinary.p95 <= P95_MS
            and self.heard.on_time >= ON_TIME
            and not self.broken
            and not self.refused
        )

    def rows(self) -> list[tuple[str, str]]:
        """Return what is told, as names and values."""
        return [
            ("calls at once", f"{self.most_at_once}"),
            (
                "placed, refused, broken",
                f"{self.placed}, {len(self.refused)}, {len(self.broken)}{_why([*self.refused, *self.broken])}",
            ),
            ("turn gap, ordinary questions: p50, p95, worst (of)", _gaps(self.ordinary)),
            ("turn gap, red flags: p50, p95, worst (of)", _gaps(self.red_flag)),
            ("other turns", f"{self.other_turns}"),
            ("errors in the server's log", f"{len(self.heard.errors)}{_why(self.heard.errors)}"),
            ("frames taken", f"{self.heard.frames} of {self.sent}"),
            ("of these less than 40 ms late; worst", f"{100 * self.heard.on_time:.3f}%; {self.heard.worst_ms} ms"),
            ("frames sent in time; worst", f"{100 * self.sent_on_time:.3f}%; {self.sent_worst_ms:.0f} ms"),
            ("webhooks: p50, p95, worst (of)", _gaps(self.webhooks) + _why(self.webhooks_failed)),
            ("cores busy: server, generator", f"{self.server_cores:.2f}, {self.generator_cores:.2f}"),
            ("server's CPU time for a second of a call", f"{self.cpu_ms_a_call_second:.1f} ms"),
            ("server's memory: before, most", f"{self.idle_mb:.0f} MB, {self.peak_mb:.0f} MB"),
            ("memory a call", f"{(self.peak_mb - self.idle_mb) / self.calls:.1f} MB"),
            ("figures", "reached" if self.reached else "missed"),
        ]

    def to_text(self) -> str:
        """Return one line for each figure."""
        return "\n".join(f"  {name:<52} {value}" for name, value in self.rows())

    def to_json(self) -> str:
        """Return all of it as one JSON line."""
        return json.dumps(asdict(self))


def table(reports: Sequence[Report]) -> str:
    """Return the figures of several loads side by side, as a table of Markdown."""
    columns = [report.rows() for report in reports]
    names = [name for name, _ in columns[0]]
    lines = [[name, *(column[place][1] for column in columns)] for place, name in enumerate(names)]
    lines.insert(1, ["---"] * (len(reports) + 1))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _gaps(spread: Spread) -> str:
    return f"{spread.p50:.0f}, {spread.p95:.0f}, {spread.worst:.0f} ms ({spread.count})"


def _why(codes: Iterable[str]) -> str:
    told = "; ".join(f"{count} x {code}" for code, count in Counter(codes).most_common(3))
    return f" ({told})" if told else ""
