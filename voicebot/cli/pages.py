"""`voicebot calls pages` and `voicebot calls seen-to`: what staff were paged for, for staff. Layout only."""

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
    from voicebot.storage.rows import PageRow


@click.command("pages")
@click.option("--all", "every", is_flag=True, help="Those that somebody has seen to as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def pages(every: bool, as_json: bool) -> None:
    """List what staff were paged for and nobody has seen to yet, the oldest first."""
    with closing(open_store(load_settings())) as store:
        rows = store.pages(open_only=not every)
    if as_json:
        click.echo(json.dumps([_row_json(row) for row in rows], indent=2))
        return
    for row in rows:
        delivery = f"delivered {row.sent_at:%H:%M} UTC" if row.sent_at else "not delivered"
        seen_to = f"  seen to by {row.acknowledged_by}" if row.acknowledged_by else ""
        click.echo(f"{row.page_id}  {row.at:%Y-%m-%d %H:%M} UTC  {row.reason:<11}  {delivery}{seen_to}")


@click.command("seen-to")
@click.argument("page_id")
@click.option("--by", required=True, help="Who has seen to it.")
def seen_to(page_id: str, by: str) -> int:
    """Mark a page as seen to: it is sent no more, and open no more."""
    with closing(open_store(load_settings())) as store:
        if store.acknowledge_page(page_id, by, datetime.now(UTC)):
            return Exit.DONE
    click.echo("voicebot: There is no open page of this id; `voicebot calls pages` lists them.", err=True)
    return Exit.VERDICT


def _row_json(row: PageRow) -> dict[str, Any]:
    return {
        "page_id": row.page_id,
        "call_id": row.call_id,
        "reason": row.reason,
        "at": row.at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "acknowledged_by": row.acknowledged_by,
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
    }
