"""`voicebot simulate`: calls by people who are not there, from scenario files, judged by how they end."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from voicebot import assets
from voicebot.config import load_settings, serving_faults
from voicebot.errors import Exit, VoicebotError
from voicebot.simulate.audio_calls import AudioCalls
from voicebot.simulate.in_process import Clinic
from voicebot.simulate.report import write_report
from voicebot.simulate.runner import run_all
from voicebot.simulate.scenario import find_scenarios
from voicebot.simulate.server import ServerUnderTest, connect, own_server
from voicebot.simulate.text_calls import TextCalls
from voicebot.simulate.voices import Voices
from voicebot.simulate.wire_calls import CallsByHours, WireCalls
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore
from voicebot.storage.private import private_folder
from voicebot.telephony.transfer import numbers
from voicebot.wiring import load_ears, load_ruleset, load_voice, open_store, read_text

LATE_MS = 1000
"""A machine so far behind takes a living stream for dead, or a webhook for failed: what follows is its own doing."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.config import Settings
    from voicebot.dialog.effects import Target
    from voicebot.simulate.carrier import Carrier
    from voicebot.simulate.runner import Calls
    from voicebot.simulate.verdict import Run
    from voicebot.triage.ruleset import RuleSet


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--mode", type=click.Choice(["text", "audio", "wire"]), default="text", show_default=True)
@click.option(
    "--callers", type=click.IntRange(1, 100), default=1, help="So many call side by side, each every scenario."
)
@click.option(
    "--at-once", type=click.IntRange(1, 100), help="So many calls at the same time; left out: one for each caller."
)
@click.option("--seed", type=int, default=0, help="Chooses voices and noise; the next caller takes the next seed.")
@click.option("--check", is_flag=True, help="Print only what failed.")
@click.option(
    "--report", type=click.Path(file_okay=False, path_type=Path), help="Write an HTML page and JUnit XML here."
)
@click.option(
    "--audio", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of recorded voices."
)
@click.option("--server", help="wire: a running server's base URL; left out: one is started. Token from the settings.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a run.")
def simulate(
    scenarios: tuple[Path, ...],
    mode: str,
    callers: int,
    at_once: int | None,
    seed: int,
    check: bool,
    report: Path | None,
    audio: Path | None,
    server: str | None,
    as_json: bool,
) -> int:
    """Place simulated calls from SCENARIOS, files or folders. The exit code is 1 when one did not end as it should."""
    settings = load_settings()
    settings = settings.model_copy(update={"max_calls": max(settings.max_calls, at_once or callers)})
    ruleset = load_ruleset(settings)
    found = find_scenarios(scenarios, ruleset)
    runs: list[Run] = []
    with ExitStack() as stack:
        voices = audio or _audio_beside(scenarios[0])
        if mode == "wire":
            calls = _wire_calls({frozenset(one.line.closed) for one in found}, settings, ruleset, voices, server, stack)
        else:
            calls = _calls(mode, settings, ruleset, voices)
        for run in run_all(calls, found, callers=callers, seed=seed, at_once=at_once):
            runs.append(run)
            if not (check and run.passed):
                click.echo(json.dumps(run.to_json()) if as_json else _line(run))
    if report is not None:
        write_report(report, runs)
    passed = sum(run.passed for run in runs)
    if not as_json:
        click.echo(f"{passed} of {len(runs)} calls ended as they should.")
    return Exit.DONE if passed == len(runs) else Exit.VERDICT


def _calls(mode: str, settings: Settings, ruleset: RuleSet, audio: Path) -> Calls:
    """Return what places calls in this process."""
    grammars = Grammars.load(assets.GRAMMARS)
    clinic = Clinic(ruleset, read_text(settings.rules or assets.RULESET), grammars, MemoryStore())
    if mode == "audio":
        return AudioCalls(clinic, load_ears(settings), load_voice(settings, ruleset), Voices(audio))
    return TextCalls(clinic)


def _wire_calls(
    closed: set[frozenset[Target]],
    settings: Settings,
    ruleset: RuleSet,
    audio: Path,
    url: str | None,
    stack: ExitStack,
) -> Calls:
    """Return what places calls over the wire, to the server at `url`; what it needs to run is closed with `stack`.

    Without a URL it is a server of our own for each set of `closed` desks.
    """
    grammars, voices = Grammars.load(assets.GRAMMARS), Voices(audio)
    running = stack.enter_context(_running(url, settings)) if url else None
    servers = {desks: running or stack.enter_context(_started(settings, desks)) for desks in closed}
    return CallsByHours({desks: WireCalls(*server, ruleset, grammars, voices) for desks, server in servers.items()})


@contextmanager
def _started(settings: Settings, closed: frozenset[Target]) -> Iterator[tuple[ServerUnderTest, Carrier]]:
    """Run a server with a data folder that is thrown away; rendered prompts are kept with the others."""
    with TemporaryDirectory(prefix="voicebot-") as folder:
        Path(folder, "prompts").symlink_to(private_folder(settings.prompt_cache))
        seats = {"VOICEBOT_MAX_CALLS": str(settings.max_calls)}
        with own_server(Path(folder), closed=closed, settings=seats) as running:
            yield running


@contextmanager
def _running(url: str, settings: Settings) -> Iterator[tuple[ServerUnderTest, Carrier]]:
    """Use the server at `url`, which runs with the same settings as this command."""
    if faults := serving_faults(settings):
        raise VoicebotError("not_ready", " ".join(faults), "Give this command the server's own settings.")
    store = open_store(settings)
    public_url, token = settings.public_url or url, settings.auth_tokens[0]
    server = ServerUnderTest(url.rstrip("/"), public_url, token, numbers(settings), store)
    try:
        with connect(server) as carrier:
            yield server, carrier
    finally:
        store.close()


def _audio_beside(scenario: Path) -> Path:
    """Return the folder `audio` next to the scenarios' folder."""
    folder = scenario if scenario.is_dir() else scenario.parent
    return folder.resolve().parent / "audio"


def _line(run: Run) -> str:
    facts = run.facts
    urgency = "-" if facts.urgency is None else facts.urgency
    head = f"{'passed' if run.passed else 'FAILED'}  {run.scenario} [{run.seed}]: {facts.outcome}, urgency {urgency}, "
    head += f"{facts.questions_asked} questions ({', '.join(facts.rules) or 'no rule'})"
    if run.synthetic:
        head += f"; synthetic voice for: {', '.join(run.synthetic)}"
    if run.late_ms >= LATE_MS:
        head += f"; this machine fell {run.late_ms / 1000:.1f} s behind: place fewer calls at once"
    wrong = [f"\n        {one.check}: expected {one.expected}, got {one.got}" for one in run.failures]
    return head + "".join(wrong)
