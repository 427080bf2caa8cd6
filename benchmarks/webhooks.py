"""How fast webhooks are answered while many calls begin: a real server on this machine, a carrier that does not wait.

    python -m benchmarks.webhooks [--rate 20] [--seconds 30] [--length 3]

So many calls begin a second, whatever became of those before. Each is answered, its stream opened and its greeting
begun; after `length` seconds the caller hangs up. Times are the carrier's: connection, request and answer.
"""

from __future__ import annotations

import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks.load_parts.exchange import Exchange
from benchmarks.load_parts.figures import Spread
from benchmarks.load_parts.wire import WireBroken
from voicebot.config import load_settings
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.server import own_server
from voicebot.storage.private import private_folder
from voicebot.wiring import load_ruleset, load_voice

if TYPE_CHECKING:
    from voicebot.simulate.carrier.caller import Action, Said

SILENCE_S = 0.02


class _Nobody:
    """A caller who says nothing."""

    def on_said(self, _said: Said, /) -> None:
        """Hear it."""

    def next_actions(self, _now_ms: float, /) -> list[Action]:
        """Do nothing."""
        return []


def call(exchange: Exchange, number: int, length_s: float) -> str:
    """Place one call, hang up after `length_s`; return what went wrong, if anything."""
    try:
        leg = exchange.begin(number)
    except (CarrierError, WireBroken) as error:
        return str(error)
    how = ""
    try:
        for message in leg.stream.opening(leg.parameters):
            leg.wire.send(message)
        until = time.monotonic() + length_s
        while (now := time.monotonic()) < until:
            for message in leg.stream.frame(now):
                leg.wire.send(message)
            leg.wire.receive()
            time.sleep(SILENCE_S)
        leg.wire.send(leg.stream.ending())
    except WireBroken as error:
        how = str(error)
    leg.wire.close()
    exchange.end(leg.call_sid, "hung up")
    return how


@click.command()
@click.option("--rate", default=20.0, show_default=True, help="New calls a second.")
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--length", default=3.0, show_default=True, help="Seconds a caller stays.")
def main(rate: float, seconds: float, length: float) -> None:
    """Let calls begin at a steady rate, and tell how fast the webhooks were answered."""
    settings = load_settings()
    load_voice(settings, load_ruleset(settings))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {machine}, load before: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(prefix="voicebot-") as folder:
        Path(folder, "prompts").symlink_to(private_folder(settings.prompt_cache))
        with own_server(Path(folder), settings={"VOICEBOT_MAX_CALLS": "200"}) as (server, _):
            exchange = Exchange(server, lambda _number: _Nobody())
            with ThreadPoolExecutor(200) as pool:
                began = time.monotonic()
                placed = []
                for number in range(round(rate * seconds)):
                    time.sleep(max(0.0, began + number / rate - time.monotonic()))
                    placed.append(pool.submit(call, exchange, number, length))
                wrong = [what for one in placed if (what := one.result())]
    for path, took in sorted(exchange.webhooks.took_ms.items()):
        click.echo(f"{path}: {Spread.of(took)}")
    click.echo(f"{len(placed)} calls, {len(wrong)} broken {sorted(set(wrong))}; failed: {exchange.webhooks.failed}")


if __name__ == "__main__":
    main()
