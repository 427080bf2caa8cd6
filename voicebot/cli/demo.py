"""`voicebot demo`: four calls by recorded people against a real server on this machine, told as they happen."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from voicebot import assets
from voicebot.config import load_settings
from voicebot.errors import Exit, VoicebotError
from voicebot.simulate.demo import Narrator, hold_calls
from voicebot.simulate.demo_account import DEMO_NAME, demo_account
from voicebot.simulate.scenario import find_scenarios
from voicebot.simulate.server import own_server
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import WireCalls
from voicebot.speech.grammars import Grammars
from voicebot.storage.private import private_folder
from voicebot.web.security import is_loopback
from voicebot.wiring import load_prompts, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.simulate.verdict import Run

LINE_WIDTH = 160
"""Columns of the summary where there is no terminal to ask."""
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--keep", is_flag=True, help="Leave the server up, with the staff console, until Ctrl-C.")
@click.option("--scenarios", type=_FOLDER, default=Path("tests/scenarios/demo"), show_default=True)
@click.option("--audio", type=_FOLDER, default=Path("tests/audio"), show_default=True, help="Recorded voices.")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="Data folder."
)
@click.option("--started", type=float, help="When whoever runs this began, in seconds since 1970.")
def demo(keep: bool, scenarios: Path, audio: Path, data: Path, started: float | None) -> int:
    """Place four recorded calls against a real server: scheduling, primary care, emergency room, nine one one.

    The exit code is 0 only if all of them end as they should.
    """
    began = time.time() if started is None else started
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=LINE_WIDTH)
    settings = load_settings()
    if keep and settings.public_url and not is_loopback(urlsplit(settings.public_url).hostname):
        raise VoicebotError(
            "demo_refused",
            "The demonstration opens no console on a machine whose line has a public URL.",
            "Leave out --keep, or unset VOICEBOT_PUBLIC_URL.",
        )
    ruleset = load_ruleset(settings)
    callers = find_scenarios([scenarios], ruleset)
    texts = {prompt_id: prompt.text for prompt_id, prompt in load_prompts(ruleset).by_id.items()}
    data_dir = private_folder(data.resolve())
    console.print(f"Starting a server of its own ({data}) ...")
    with own_server(data_dir) as (server, carrier):
        console.print(f"It answers on {server.url}. {len(callers)} people call it now, with recorded voices:")
        for caller in callers:
            console.print(f"  [bold]{caller.name}[/]: {caller.about}")
        narrator = Narrator(console, server, texts)
        calls = WireCalls(server, carrier, ruleset, Grammars.load(assets.GRAMMARS), Voices(audio), narrator.watch)
        runs = hold_calls(calls, callers, server, narrator)
        _summarize(console, runs, began, narrator.first_words_at or began)
        _show_commands(console, runs, data)
        if keep:
            with demo_account(server) as password:
                _show_console(console, server.url, password)
                _wait_for_interrupt()
    return Exit.DONE if all(run.passed for run in runs) else Exit.VERDICT


def _summarize(console: Console, runs: Sequence[Run], began: float, first_words_at: float) -> None:
    table = Table("call", "voice", "ended in", "urgency", "decided by", "questions", "length", "as it should")
    for run in runs:
        facts = run.facts
        wrong = "; ".join(f"{one.check}: expected {one.expected}, got {one.got}" for one in run.failures)
        table.add_row(
            run.scenario,
            run.voice,
            facts.outcome,
            str(facts.urgency),
            ", ".join(facts.rules),
            str(facts.questions_asked),
            f"{facts.duration_ms / 1000:.0f} s",
            "yes" if run.passed else f"NO: {wrong}",
        )
    console.print(table)
    if gaps := [gap_ms for run in runs for gap_ms in run.facts.turn_gap_ms]:
        p50, p95 = np.percentile(gaps, [50, 95])
        console.print(
            f"From the end of the caller's speech to the line's first word: p50 {p50:.0f} ms, p95 {p95:.0f} ms, "
            f"over {len(gaps)} answers (worst delay of the simulation itself: {max(run.late_ms for run in runs)} ms)."
        )
    for run in runs:
        if run.synthetic:
            console.print(f"A synthetic voice spoke for {run.voice}: {', '.join(run.synthetic)}")
    console.print(
        f"First words after {first_words_at - began:.0f} s, everything in {time.time() - began:.0f} s, since the start."
    )


def _show_commands(console: Console, runs: Sequence[Run], data: Path) -> None:
    console.print("\nTo look at a call and to run it again:")
    console.print(f"  export VOICEBOT_DATA_DIR={data}")
    for run in runs:
        console.print(f"  .venv/bin/voicebot calls show {run.call_id}    # {run.scenario}", soft_wrap=True)
    console.print("  .venv/bin/voicebot replay --all", soft_wrap=True)


def _show_console(console: Console, url: str, password: str) -> None:
    console.print("\nThe server stays up. The staff console shows the calls, with the sound of those who allowed it:")
    console.print(f"  {url}/console", soft_wrap=True)
    console.print(f"  name {DEMO_NAME}, password {password}", soft_wrap=True)
    console.print("(Who is told to call nine one one at once was not asked yet whether the call may be recorded.)")
    console.print("The account opens on this machine only, and is closed when Ctrl-C ends this.")


def _wait_for_interrupt() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
