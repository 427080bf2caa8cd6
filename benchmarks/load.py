"""How many calls at once the line bears: a real server on this machine, and one thread that is everybody who calls.

    python -m benchmarks.load [--calls 1 --calls 50 --calls 100] [--seconds 90] [--scenario PATH]

Every caller speaks recorded words over the carrier's own protocol, in real time and over a quiet line's noise, answers
what is asked, and calls again when the call is over. Turn gaps are measured on the wire: from the caller's last sound,
as it was spoken, to the first byte of the line's next words. How late frames were dealt with the server's own log
tells. The thread and the server share this machine. What is measured and what it means: docs/capacity.md.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks.load_parts.crowd import Crowd, Ended
from benchmarks.load_parts.exchange import Exchange
from benchmarks.load_parts.figures import Spread, Turns, share_on_time, sort_turns
from benchmarks.load_parts.report import Heard, Report, read_log, table
from benchmarks.load_parts.sampling import Sampling
from benchmarks.load_parts.stream import FRAME_S
from voicebot import assets
from voicebot.config import load_settings
from voicebot.dialog.asking import GRAMMAR
from voicebot.simulate.caller import SimulatedCaller, vocabulary
from voicebot.simulate.phone import CallerOnPhone
from voicebot.simulate.scenario import find_scenarios
from voicebot.simulate.server import own_server
from voicebot.simulate.voices import Voices
from voicebot.speech.grammars import Grammars
from voicebot.storage.private import private_folder
from voicebot.wiring import load_ruleset, load_voice

if TYPE_CHECKING:
    from voicebot.simulate.scenario import Scenario
    from voicebot.simulate.server import ServerUnderTest
    from voicebot.simulate.voices import Voice
    from voicebot.triage.ruleset import RuleSet

TESTS = Path(__file__).resolve().parents[1] / "tests"
CALLERS = [TESTS / "scenarios" / "demo" / f"{name}.toml" for name in ("call-911", "primary-care", "scheduling")]
VOICES = 24
"""People who call, one after another."""
IN_ORDER = frozenset({"closed", "cut", "hung up"})
"""How a stream may end."""
BEGIN, END = "<!-- load: measured -->", "<!-- load: end -->"
"""What stands between them on a page is written anew."""
LOG_S = 10.0
"""So long the server may take to write down that streams ended."""
EVERY_S = 0.25
"""A new caller begins so often, until all are there."""


class People:
    """Who calls."""

    def __init__(self, scenarios: list[Scenario], ruleset: RuleSet) -> None:
        voices = Voices(TESTS / "audio")
        self._ruleset = ruleset
        self._understand = partial(Grammars.load(assets.GRAMMARS).understand, GRAMMAR)
        self._cast: list[tuple[Scenario, Voice]] = []
        for seed in range(VOICES):
            scenario = scenarios[seed % len(scenarios)]
            self._cast.append((scenario, voices.cast(scenario.speaker, vocabulary(scenario), seed)))

    def __call__(self, number: int) -> CallerOnPhone:
        """Return caller `number`."""
        scenario, voice = self._cast[number % len(self._cast)]
        return CallerOnPhone(SimulatedCaller(scenario, self._ruleset, self._understand), voice)


def measure(server: ServerUnderTest, people: People, calls: int, seconds: float, log: Path) -> Report:
    """Carry `calls` at once for `seconds` after all have begun; return the figures."""
    exchange = Exchange(server, people)
    crowd = Crowd(exchange)
    ramp_s = calls * EVERY_S
    sampling = Sampling(time.monotonic() + ramp_s)
    sampling.take()
    logged = log.stat().st_size
    crowd.run(calls, every_s=EVERY_S, until_s=ramp_s + seconds, heed=sampling.take)
    heard = _heard(log, logged, len(crowd.ended))
    turns = [_turns(server, ended) for ended in crowd.ended]
    late_ms = [late for ended in crowd.ended for late in ended.stream.measured.late_ms]
    server_cores, generator_cores = sampling.cores()
    idle_mb, peak_mb = sampling.memory_mb()
    return Report(
        calls=calls,
        most_at_once=crowd.most,
        placed=len(crowd.ended),
        refused=tuple(crowd.refused),
        broken=tuple(ended.how for ended in crowd.ended if ended.how not in IN_ORDER),
        ordinary=Spread.of(gap for one in turns for gap in one.ordinary),
        red_flag=Spread.of(gap for one in turns for gap in one.red_flag),
        other_turns=sum(one.other for one in turns),
        heard=heard,
        sent=len(late_ms),
        sent_on_time=share_on_time(late_ms),
        sent_worst_ms=max(late_ms, default=0.0),
        webhooks=Spread.of(ms for took in exchange.webhooks.took_ms.values() for ms in took),
        webhooks_failed=tuple(exchange.webhooks.failed),
        server_cores=server_cores,
        generator_cores=generator_cores,
        cpu_ms_a_call_second=sampling.cpu_ms_a_call_second(heard.frames * FRAME_S),
        idle_mb=idle_mb,
        peak_mb=peak_mb,
    )


def _heard(log: Path, from_byte: int, streams: int) -> Heard:
    """Return what the server says of so many streams, after it had a moment to say it."""
    until_s = time.monotonic() + LOG_S
    while (heard := read_log(log, from_byte)).streams < streams and time.monotonic() < until_s:
        time.sleep(0.2)
    return heard


def _turns(server: ServerUnderTest, ended: Ended) -> Turns:
    call = server.store.find_by_sid(ended.call_sid)
    return sort_turns(server.store.load(call.call_id) if call else [], ended.stream.measured.gaps)


@click.command()
@click.option("--calls", multiple=True, type=click.IntRange(1, 200), default=(1, 50, 100), show_default=True)
@click.option("--seconds", default=90.0, show_default=True, help="Measured for so long once all calls have begun.")
@click.option("--scenario", "paths", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each number of calls.")
@click.option("--out", type=click.Path(exists=True, path_type=Path), help="Page whose marked part is written anew.")
def main(calls: tuple[int, ...], seconds: float, paths: tuple[Path, ...], out: Path | None, *, as_json: bool) -> None:
    """Carry so many calls at once, one number after the other, and tell how the line bore it."""
    settings = load_settings()
    ruleset = load_ruleset(settings)
    load_voice(settings, ruleset)
    people = People(find_scenarios(list(paths) or CALLERS, ruleset), ruleset)
    gc.freeze()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    about = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, load before: {os.getloadavg()[0]:.1f}"
    click.echo(about, err=as_json)
    reports = []
    for number in calls:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="voicebot-")))
            (folder / "prompts").symlink_to(private_folder(settings.prompt_cache))
            server, _ = stack.enter_context(own_server(folder, settings={"VOICEBOT_MAX_CALLS": "200"}))
            reports.append(measure(server, people, number, seconds, folder / "server.log"))
        click.echo(reports[-1].to_json() if as_json else reports[-1].to_text() + "\n")
    if out is not None:
        page = out.read_text("utf-8")
        before, after = page[: page.index(BEGIN)], page[page.index(END) :]
        out.write_text(f"{before}{BEGIN}\n{about}\n\n{table(reports)}\n{after}", "utf-8")


if __name__ == "__main__":
    main()
