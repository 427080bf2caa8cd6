"""How fast the line answers, and what a call costs: whole calls over the wire against a real server on this machine.

    python benchmarks/calls.py [--callers N] [--scenario tests/scenarios/demo]

The callers call side by side, each one scenario after another, in real time, with recorded speech. The turn gap is
measured on the wire: from the last loud moment of the caller's answer to the first byte of the next prompt. The
server's CPU time is that of a run with calls less that of a run without.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import numpy as np

from voicebot import assets
from voicebot.config import load_settings
from voicebot.simulate.runner import run_all
from voicebot.simulate.scenario import Scenario, find_scenarios
from voicebot.simulate.server import own_server
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import WireCalls
from voicebot.speech.grammars import Grammars
from voicebot.storage.private import private_folder
from voicebot.wiring import load_ruleset, load_voice

if TYPE_CHECKING:
    from voicebot.simulate.verdict import Run
    from voicebot.triage.ruleset import RuleSet

TESTS = Path(__file__).resolve().parents[1] / "tests"


def children_cpu_s() -> float:
    """Return the CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def serve_calls(ruleset: RuleSet, scenarios: list[Scenario], callers: int) -> tuple[list[Run], float]:
    """Start a server, place the calls, stop it; return the runs and the server's CPU seconds."""
    before = children_cpu_s()
    with TemporaryDirectory(prefix="voicebot-") as folder:
        Path(folder, "prompts").symlink_to(private_folder(load_settings().prompt_cache))
        with own_server(Path(folder)) as (server, carrier):
            calls = WireCalls(server, carrier, ruleset, Grammars.load(assets.GRAMMARS), Voices(TESTS / "audio"))
            runs = list(run_all(calls, scenarios, callers=callers, seed=0)) if callers else []
    return runs, children_cpu_s() - before


@click.command()
@click.option("--callers", default=3, show_default=True, help="Side by side, each every scenario in turn.")
@click.option("--scenario", "path", type=click.Path(exists=True, path_type=Path), default=TESTS / "scenarios" / "demo")
def main(callers: int, path: Path) -> None:
    """Measure turn gaps and CPU time over whole calls."""
    settings = load_settings()
    ruleset = load_ruleset(settings)
    load_voice(settings, ruleset)
    scenarios = find_scenarios([path], ruleset)
    _, idle_cpu_s = serve_calls(ruleset, scenarios, 0)
    began = time.monotonic()
    runs, cpu_s = serve_calls(ruleset, scenarios, callers)
    wall_s = time.monotonic() - began
    gaps = np.array([gap for run in runs for gap in run.facts.turn_gap_ms])
    p50, p95 = np.percentile(gaps, [50, 95])
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    passed = sum(run.passed for run in runs)
    click.echo(f"{len(runs)} calls, {callers} at once, {passed} ended as they should, {wall_s:.0f} s")
    click.echo(f"turn gap over {len(gaps)} turns: p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {gaps.max():.0f} ms")
    click.echo(
        f"server CPU: {(cpu_s - idle_cpu_s) / len(runs):.2f} s a call beside {idle_cpu_s:.1f} s to start and stop"
    )


if __name__ == "__main__":
    main()
