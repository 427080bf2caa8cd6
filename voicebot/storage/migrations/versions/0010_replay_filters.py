"""A bulk replay keeps the filter of the list it was asked with, instead of days and urgencies alone."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_HIGHEST = 5


def upgrade() -> None:
    """Write each choice that was made before as a filter."""
    replays = sa.table("replays", sa.column("replay_id", sa.String), sa.column("chosen", sa.JSON))
    connection = op.get_bind()
    for replay_id, chosen in connection.execute(sa.select(replays.c.replay_id, replays.c.chosen)).all():
        this_one = replays.c.replay_id == replay_id
        connection.execute(sa.update(replays).where(this_one).values(chosen=_as_filter(chosen)))


def _as_filter(chosen: dict[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if since := chosen["since"]:
        wanted["since"] = f"{since}T00:00:00+00:00"
    if until := chosen["until"]:
        wanted["until"] = f"{date.fromisoformat(until) + timedelta(days=1)}T00:00:00+00:00"
    lowest, highest = chosen["urgency_from"], chosen["urgency_to"]
    urgencies: list[int] = []
    if lowest is not None or highest is not None:
        urgencies = list(range(lowest or 0, (_HIGHEST if highest is None else highest) + 1))
        wanted["urgencies"] = urgencies
    parts = [f"from={since}"] * bool(since) + [f"to={until}"] * bool(until)
    return {"filter": wanted, "query": "&".join([*parts, *(f"urgency={number}" for number in urgencies)])}
