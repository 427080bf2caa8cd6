"""Views of the list of calls that staff keep: a name and a query string, whose meaning is not known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from voicebot.errors import VoicebotError
from voicebot.storage.engine import transaction
from voicebot.storage.tables import SAVED_VIEWS

if TYPE_CHECKING:
    from sqlalchemy import Engine

MAX_NAME = 60
MAX_QUERY = 2000
MAX_VIEWS = 50
"""Of one member."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view."""

    name: str
    query: str
    """The query string of the list, without a question mark."""


class SavedViews:
    """Views in a database whose tables are there; any method raises VoicebotError `store_failed` when it refuses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, member_id: str) -> list[SavedView]:
        """Return the member's views by name."""
        query = select(SAVED_VIEWS).where(SAVED_VIEWS.c.member_id == member_id).order_by(SAVED_VIEWS.c.name)
        with transaction(self._engine) as connection:
            return [SavedView(row.name, row.query) for row in connection.execute(query)]

    def keep(self, member_id: str, view: SavedView) -> None:
        """Keep a view; one of the same name gives way. Raises VoicebotError `view_unusable`."""
        name = " ".join(view.name.split())
        if not 0 < len(name) <= MAX_NAME or len(view.query) > MAX_QUERY:
            raise _unusable(f"A view needs a name of at most {MAX_NAME} letters.")
        with transaction(self._engine) as connection:
            connection.execute(
                delete(SAVED_VIEWS).where(SAVED_VIEWS.c.member_id == member_id, SAVED_VIEWS.c.name == name)
            )
            kept = select(func.count()).select_from(SAVED_VIEWS).where(SAVED_VIEWS.c.member_id == member_id)
            if (connection.scalar(kept) or 0) >= MAX_VIEWS:
                raise _unusable(f"{MAX_VIEWS} views are kept already.")
            connection.execute(insert(SAVED_VIEWS).values(member_id=member_id, name=name, query=view.query))

    def forget(self, member_id: str, name: str) -> None:
        """Forget a view; does nothing when there is none of this name."""
        with transaction(self._engine) as connection:
            connection.execute(
                delete(SAVED_VIEWS).where(SAVED_VIEWS.c.member_id == member_id, SAVED_VIEWS.c.name == name)
            )


def _unusable(what: str) -> VoicebotError:
    return VoicebotError("view_unusable", what, "Give it a short name, or forget another view first.")
