"""`voicebot calls`: lists, shows and exports stored calls. Layout only; what a call tells is voicebot.calls's."""

from __future__ import annotations

import io
import json
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from voicebot import assets
from voicebot.calls.record import read_record
from voicebot.calls.transcript import Speaker, Spoken, transcript
from voicebot.cli.call_backs import call_backs, called_back
from voicebot.cli.pages import pages, seen_to
from voicebot.config import load_settings
from voicebot.dialog.spoken import spoken_texts
from voicebot.exports.csv_table import write_csv
from voicebot.exports.fhir import to_fhir
from voicebot.exports.json_lines import export_call, to_line
from voicebot.speech.prompts import Prompts
from voicebot.triage.ruleset import parse_ruleset
from voicebot.wiring import open_store

if TYPE_CHECKING:
    from voicebot.calls.document import StoredCall
    from voicebot.storage.rows import CallRow

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group()
def calls() -> None:
    """List, show and export stored calls, and those to be called back."""


calls.add_command(call_backs)
calls.add_command(called_back)
calls.add_command(pages)
calls.add_command(seen_to)


@calls.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@click.option("--before", metavar="CALL_ID", help="Only calls older than this one.")
@as_json_option
def list_calls(limit: int, before: str | None, as_json: bool) -> None:
    """List calls, the newest first."""
    with closing(open_store(load_settings())) as store:
        rows = store.list_calls(limit, before)
    if as_json:
        click.echo(json.dumps([_row_json(row) for row in rows], indent=2))
        return
    for row in rows:
        urgency = "-" if row.urgency is None else row.urgency
        ended = row.outcome or "(running)"
        click.echo(f"{row.call_id}  {row.started_at:%Y-%m-%d %H:%M:%S}  {row.channel:<6}  {urgency}  {ended}")


@calls.command()
@click.argument("call_id")
@as_json_option
def show(call_id: str, as_json: bool) -> None:
    """Show who said what, what was decided and why."""
    with closing(open_store(load_settings())) as store:
        row, call, sound = store.call(call_id), export_call(store, call_id), store.audio(call_id)
    record, lines = read_record(call.entries), list(transcript(call.entries, _texts(call)))
    if as_json:
        told = {
            **_row_json(row),
            **record.to_json(),
            "trace": record.trace,
            "transcript": [line.to_json() for line in lines],
            "audio": [asdict(file) for file in sound],
        }
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo(
        f"{row.call_id}  {row.started_at:%Y-%m-%d %H:%M:%S} UTC  {record.duration_ms / 1000:.0f} s  {row.channel}"
    )
    click.echo(f"ended: {record.outcome or '(running)'}  rules: {call.ruleset.id} {call.ruleset.version}")
    for rule in record.decision["rules"] if record.decision else ():
        because = ", ".join(f"{question} {answer}" for question, answer in rule["because"].items())
        click.echo(f"decided by: {rule['id']} (level {rule['level']})" + (f" because {because}" if because else ""))
    click.echo()
    for line in lines:
        click.echo(_line(line))
    for file in sound:
        click.echo(f"sound: {file.name}  {file.side}, {file.ms / 1000:.1f} s")


@calls.command()
@click.argument("call_ids", metavar="CALL_ID...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Export every stored call.")
@click.option("--format", "layout", type=click.Choice(["json", "csv", "fhir"]), default="json", show_default=True)
def export(call_ids: tuple[str, ...], every: bool, layout: str) -> None:
    """Print calls as JSON (which `voicebot replay` reads) or FHIR bundles, one a line, or as a table without words."""
    if every == bool(call_ids):
        raise click.UsageError("Name calls, or give --all.")
    with closing(open_store(load_settings())) as store:
        exported = (export_call(store, call_id) for call_id in call_ids or store.call_ids())
        if layout == "csv":
            table = io.StringIO(newline="")
            write_csv(exported, table)
            click.echo(table.getvalue(), nl=False)
        else:
            for call in exported:
                click.echo(to_line(call) if layout == "json" else to_fhir(call, _texts(call)))


def _row_json(row: CallRow) -> dict[str, Any]:
    """Return the call's facts; the stream token stays in the store."""
    facts = asdict(row)
    del facts["stream_token"]
    times = {name: value.isoformat() for name, value in facts.items() if isinstance(value, datetime)}
    return facts | times


def _texts(call: StoredCall) -> dict[str, str]:
    """Return the words of the prompts: today's, and those that came from the call's own rules."""
    written = {prompt.id: prompt.text for prompt in Prompts.load(assets.PROMPTS).by_id.values()}
    return written | spoken_texts(parse_ruleset(call.ruleset.text, call.ruleset.id))


def _line(line: Spoken) -> str:
    heard = [str(line.meaning or "no match"), f"{line.confidence:.2f}"] if line.confidence is not None else []
    gap = [f"{line.turn_gap_ms} ms to answer"] if line.turn_gap_ms is not None else []
    details = f"  ({', '.join(heard + gap)})" if heard else ""
    text = "[words deleted]" if line.text is None else " ".join(line.text.split())
    speaker = "-" if line.speaker is Speaker.NOTE else line.speaker
    return f"{line.at_ms / 1000:7.1f}  {speaker:<6}  {text}{details}"
