"""How many calls in words this machine holds in a second: whole dialogs, rules and records, a store in memory.

    python -m benchmarks.text_calls [--seconds 10] [--processes N] [--seed K]

Every caller is another: one complaint, other signs with a small chance (as in questions.py), so that hardly two calls
are alike. Each process has a store of its own. Scenarios and voices are ready before the clock starts.
"""

from __future__ import annotations

import gc
import os
import platform
import random
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import click

from benchmarks.questions import draw
from voicebot import assets
from voicebot.config import load_settings
from voicebot.simulate.in_process import Clinic
from voicebot.simulate.scenario import Scenario
from voicebot.simulate.text_calls import TextCalls
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore
from voicebot.wiring import load_ruleset, read_text
from voicebot.worker import GARBAGE

DRAWN = 2000
"""Callers drawn before the clock starts; then they call once more."""


def hold(seed: int, seconds: float) -> tuple[int, int, float]:
    """Hold calls for so long; return how many, how many answers were given in them, and the CPU seconds they took."""
    settings = load_settings()
    ruleset = load_ruleset(settings)
    text = read_text(settings.rules or assets.RULESET)
    chance = random.Random(seed)
    callers = [
        Scenario(name=f"caller {number}", about="Drawn.", answers=draw(ruleset, chance)) for number in range(DRAWN)
    ]
    grammars = Grammars.load(assets.GRAMMARS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    calls, answers, began_s, began_cpu_s = 0, 0, time.monotonic(), time.process_time()
    while time.monotonic() < began_s + seconds:
        clinic = TextCalls(Clinic(ruleset, text, grammars, MemoryStore()))
        for caller in callers[calls % DRAWN : calls % DRAWN + 100]:
            answers += len(clinic.place(caller, seed).facts.asked)
            calls += 1
    return calls, answers, time.process_time() - began_cpu_s


@click.command()
@click.option("--seconds", default=10.0, show_default=True)
@click.option("--processes", default=os.cpu_count() or 1, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(seconds: float, processes: int, seed: int) -> None:
    """Hold calls in words, and tell how many."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {machine}, load before: {os.getloadavg()[0]:.1f}")
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        held = list(pool.map(hold, range(seed, seed + processes), [seconds] * processes))
    calls, asked, cpu_s = (sum(column) for column in zip(*held, strict=True))
    click.echo(
        f"{calls / seconds:.0f} calls a second in {processes} processes, {asked / calls:.1f} questions a call; "
        f"{1000 * cpu_s / calls:.2f} ms of CPU a call"
    )


if __name__ == "__main__":
    main()
