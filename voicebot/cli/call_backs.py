"""`voicebot calls callbacks` and `voicebot calls called-back`: who is to be called back, for staff. Layout only."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from voicebot.config import load_settings
from voicebot.errors import Exit
from voicebot.wiring import open_store

if TYPE_CHECKING:
    from voicebot.storage.rows import CallBackRow


@click.command("callbacks")
@click.option("--done", is_flag=True, help="Those already called back, without their numbers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def call_backs(done: bool, as_json: bool) -> None:
    """List who is to be called back: who asked first comes first, but who cannot wait before all others."""
    with closing(open_store(load_settings())) as store:
        rows = sorted(store.call_backs(done=done), key=lambda row: row.preferred != "soon")
        urgency = {row.call_id: store.call(row.call_id).urgency for row in rows}
    if as_json:
        click.echo(json.dumps([_row_json(row) | {"urgency": urgency[row.call_id]} for row in rows], indent=2))
        return
    for row in rows:
        level = "-" if urgency[row.call_id] is None else urgency[row.call_id]
        number = row.number or ("(done)" if done else "(number unknown)")
        click.echo(f"{row.call_id}  {row.asked_at:%Y-%m-%d %H:%M} UTC  {row.preferred:<9}  {level}  {number}")


@click.command("called-back")
@click.argument("call_id")
def called_back(call_id: str) -> int:
    """Mark a call back as done, and forget the caller's number."""
    with closing(open_store(load_settings())) as store:
        store.call(call_id)
        if store.call_back_done(call_id, datetime.now(UTC)):
            return Exit.DONE
    click.echo("voicebot: There is nothing left to be done for this call.", err=True)
    return Exit.VERDICT


def _row_json(row: CallBackRow) -> dict[str, Any]:
    return {
        "call_id": row.call_id,
        "asked_at": row.asked_at.isoformat(),
        "preferred": row.preferred,
        "number": row.number,
        "done_at": row.done_at.isoformat() if row.done_at else None,
    }
