"""How fast webhooks are answered while many calls begin: a real server on this machine, a carrier that does not wait.

    python -m benchmarks.webhooks [--rate 20] [--seconds 30] [--length 3]

So many calls begin a second, whatever became of those before. Each is answered, its stream opened and its greeting
begun; after `length` seconds the caller hangs up. Times are the carrier's: connection, request and answer. One thread
carries all streams (load_parts), so that what is measured is the server and not who calls it.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks.load_parts.crowd import Crowd
from benchmarks.load_parts.exchange import Exchange
from benchmarks.load_parts.figures import Spread
from benchmarks.load_parts.sampling import Sampling
from voicebot.config import load_settings
from voicebot.simulate.carrier.caller import HangUp
from voicebot.simulate.server import own_server
from voicebot.storage.private import private_folder
from voicebot.wiring import load_ruleset, load_voice

if TYPE_CHECKING:
    from voicebot.simulate.carrier.caller import Action, Said
    from voicebot.simulate.server import ServerUnderTest

AT_A_TIME = 200
"""Webhooks that may wait for their answers: more than the line takes calls."""
PATIENCE_S = 30.0
"""So long after the last call began all must be over; what still goes on then is cut."""


class Brief:
    """A caller who says nothing and hangs up after a while."""

    def __init__(self, length_s: float) -> None:
        self._length_ms = 1000 * length_s

    def on_said(self, _said: Said, /) -> None:
        """Hear it."""

    def next_actions(self, now_ms: float, /) -> list[Action]:
        """Hang up when it is time."""
        return [HangUp()] if now_ms >= self._length_ms else []


def measure(server: ServerUnderTest, rate: float, seconds: float, length_s: float) -> list[str]:
    """Let calls begin at a steady rate; return the figures, one line each."""
    exchange = Exchange(server, lambda _number: Brief(length_s))
    crowd, calls = Crowd(exchange), round(rate * seconds)
    sampling = Sampling(time.monotonic() + length_s)
    until_s = seconds + length_s + PATIENCE_S
    crowd.run(calls, every_s=1 / rate, until_s=until_s, heed=sampling.take, again=False, asking=AT_A_TIME)
    sampling.take()
    broken = [ended.how for ended in crowd.ended if ended.how != "hung up"]
    server_cores, generator_cores = sampling.cores()
    spent_s = sampling.samples[-1].server.cpu_s - sampling.samples[0].server.cpu_s
    every = [ms for took in exchange.webhooks.took_ms.values() for ms in took]
    return [
        *(f"{path}: {Spread.of(took)}" for path, took in sorted(exchange.webhooks.took_ms.items())),
        f"all webhooks: {Spread.of(every)}",
        f"cores busy: server {server_cores:.2f}, generator {generator_cores:.2f}; {crowd.most} calls at once",
        f"server's CPU time a call: {1000 * spent_s / calls:.1f} ms",
        f"{calls} calls, {len(crowd.refused)} refused, {len(broken)} broken: {sorted({*crowd.refused, *broken})}",
        f"webhooks failed: {sorted(set(exchange.webhooks.failed))}",
    ]


@click.command()
@click.option("--rate", default=20.0, show_default=True, help="New calls a second.")
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--length", default=3.0, show_default=True, help="Seconds a caller stays.")
def main(rate: float, seconds: float, length: float) -> None:
    """Let calls begin at a steady rate, and tell how fast the webhooks were answered."""
    settings = load_settings()
    load_voice(settings, load_ruleset(settings))
    gc.freeze()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {machine}, load before: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(prefix="voicebot-") as folder:
        Path(folder, "prompts").symlink_to(private_folder(settings.prompt_cache))
        with own_server(Path(folder), settings={"VOICEBOT_MAX_CALLS": "200"}) as (server, _):
            for line in measure(server, rate, seconds, length):
                click.echo(line)


if __name__ == "__main__":
    main()
