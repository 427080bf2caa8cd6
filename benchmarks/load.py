"""How many calls at once the line bears: a real server on this machine, and one thread that is everybody who calls.

    python -m benchmarks.load [--calls 1 --calls 50 --calls 100] [--seconds 90] [--scenario tests/scenarios/demo]

Every caller speaks recorded words over the carrier's own protocol, in real time and over a quiet line's noise, answers
what is asked, and calls again when the call is over. Turn gaps are measured on the wire: from the caller's last sound,
as it was spoken, to the first byte of the line's next words. How late frames were dealt with tells the server's own log.
The thread and the server share this machine. What is measured and what it means: docs/capacity.md.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks.load_parts.crowd import Crowd
from benchmarks.load_parts.exchange import Exchange
from benchmarks.load_parts.figures import Spread, share_on_time, sort_turns
from benchmarks.load_parts.stream import FRAME_S
from benchmarks.load_parts.processes import Use, children, family, use
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
VOICES = 24
"""People who call, one after another."""
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


@dataclass
class Sampled:
    """What server and generator used, from when all calls were there to the end."""

    pids: list[int]
    from_s: float
    first: tuple[Use, Use, float] | None = None
    last: tuple[Use, Use, float] | None = None
    peak_mb: float = 0.0
    idle_mb: float = 0.0
    began: Use | None = None
    ended: Use | None = None

    def take(self) -> None:
        """Sample now."""
        server, own = use(self.pids), use([os.getpid()])
        self.began, self.ended = self.began or server, server
        self.peak_mb = max(self.peak_mb, server.memory_mb)
        now_s = time.monotonic()
        if now_s >= self.from_s:
            self.last = (server, own, now_s)
            self.first = self.first or self.last

    def cpu_ms(self, sound_s: float) -> float:
        """Return the server's CPU time for each second of a call, ms; `sound_s` is what all calls came to."""
        if self.began is None or self.ended is None or not sound_s:
            return 0.0
        return 1000 * (self.ended.cpu_s - self.began.cpu_s) / sound_s

    def cores(self) -> tuple[float, float]:
        """Return how many cores were busy for the server, and for the generator."""
        if self.first is None or self.last is None or self.last[2] <= self.first[2]:
            return 0.0, 0.0
        took_s = self.last[2] - self.first[2]
        server, own = (self.last[which].cpu_s - self.first[which].cpu_s for which in (0, 1))
        return server / took_s, own / took_s


def measure(server: ServerUnderTest, people: People, calls: int, seconds: float, log: Path) -> dict[str, object]:
    """Carry `calls` at once for `seconds` after all have begun; return the figures."""
    exchange = Exchange(server, people)
    crowd = Crowd(exchange)
    ramp_s = calls * EVERY_S
    pids = [pid for child in children(os.getpid()) for pid in family(child)]
    sampled = Sampled(pids, time.monotonic() + ramp_s, idle_mb=use(pids).memory_mb)
    logged = log.stat().st_size
    crowd.run(calls, every_s=EVERY_S, until_s=ramp_s + seconds, heed=sampled.take)
    gaps, red_flags, other = [], [], 0
    for ended in crowd.ended:
        call = server.store.find_by_sid(ended.call_sid)
        turns = sort_turns(server.store.load(call.call_id) if call else [], ended.stream.measured.gaps)
        gaps += turns.ordinary
        red_flags += turns.red_flag
        other += turns.other
    sent_late = [late for ended in crowd.ended for late in ended.stream.measured.late_ms]
    heard = _heard(log, logged)
    broken = [ended.how for ended in crowd.ended if ended.how not in {"closed", "cut", "hung up"}]
    server_cores, own_cores = sampled.cores()
    return {
        "calls": calls,
        "most_at_once": crowd.most,
        "placed": len(crowd.ended),
        "refused": len(crowd.refused),
        "broken": broken,
        "ordinary": Spread.of(gaps),
        "red_flag": Spread.of(red_flags),
        "other_turns": other,
        "frames_sent": len(sent_late),
        "sent_on_time": share_on_time(sent_late),
        "sent_late": Spread.of(sent_late),
        "frames_heard": heard["frames"],
        "heard_late": heard["late"],
        "heard_worst_ms": heard["worst_ms"],
        "webhooks": Spread.of(ms for took in exchange.webhooks.took_ms.values() for ms in took),
        "webhooks_failed": exchange.webhooks.failed,
        "server_cores": server_cores,
        "cpu_ms_a_call_second": sampled.cpu_ms(heard["frames"] * FRAME_S),
        "generator_cores": own_cores,
        "idle_mb": sampled.idle_mb,
        "mb_a_call": (sampled.peak_mb - sampled.idle_mb) / calls,
    }


def _heard(log: Path, from_byte: int) -> dict[str, int]:
    """Return what the server's log says of the streams that ended: frames taken, late ones, the worst."""
    total = {"frames": 0, "late": 0, "worst_ms": 0}
    with log.open(encoding="utf-8", errors="replace") as file:
        file.seek(from_byte)
        for line in file:
            if '"stream_ended"' not in line:
                continue
            told = json.loads(line)
            total["frames"] += told["count"]
            total["late"] += told["late"]
            total["worst_ms"] = max(total["worst_ms"], told["ms"])
    return total


def tell(told: dict[str, object]) -> str:
    """Return the figures as lines of text."""
    frames, late = told["frames_heard"], told["heard_late"]
    on_time = 100 * (1 - late / frames) if frames else 100.0
    return "\n".join(
        (
            f"{told['calls']} calls at once ({told['most_at_once']} reached, {told['placed']} placed, "
            f"{told['refused']} refused, {len(told['broken'])} broken {sorted(set(told['broken']))}):",
            f"  turn gap, ordinary questions: {told['ordinary']}",
            f"  turn gap, red flags:          {told['red_flag']}; other turns: {told['other_turns']}",
            f"  frames taken by the server:   {frames}, {on_time:.3f}% less than 40 ms late, "
            f"worst {told['heard_worst_ms']} ms",
            f"  frames sent:                  {told['frames_sent']}, {100 * told['sent_on_time']:.3f}% less than "
            f"40 ms late, worst {told['sent_late'].worst:.0f} ms",
            f"  webhooks:                     {told['webhooks']}, {len(told['webhooks_failed'])} failed",
            f"  cores busy:                   server {told['server_cores']:.2f}, generator "
            f"{told['generator_cores']:.2f}",
            f"  server's CPU time:            {told['cpu_ms_a_call_second']:.1f} ms a second of a call",
            f"  memory:                       server {told['idle_mb']:.0f} MB, and {told['mb_a_call']:.2f} MB a call",
        )
    )


@click.command()
@click.option("--calls", multiple=True, type=click.IntRange(1, 200), default=(1, 50, 100), show_default=True)
@click.option("--seconds", default=90.0, show_default=True, help="Measured for so long once all calls have begun.")
@click.option("--scenario", "paths", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each number of calls.")
def main(calls: tuple[int, ...], seconds: float, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Carry so many calls at once, one number after the other, and tell how the line bore it."""
    settings = load_settings()
    ruleset = load_ruleset(settings)
    load_voice(settings, ruleset)
    people = People(find_scenarios(list(paths) or [TESTS / "scenarios" / "demo"], ruleset), ruleset)
    gc.freeze()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {machine}, load before: {load:.1f}", err=as_json)
    for number in calls:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="voicebot-")))
            (folder / "prompts").symlink_to(private_folder(settings.prompt_cache))
            more = {"VOICEBOT_MAX_CALLS": "200"}
            server, _ = stack.enter_context(own_server(folder, settings=more))
            told = measure(server, people, number, seconds, folder / "server.log")
        click.echo(
            json.dumps(told, default=lambda spread: {n: getattr(spread, n) for n in spread.__slots__})
        ) if as_json else click.echo(tell(told))


if __name__ == "__main__":
    main()
