"""How often somebody tried to sign in within the last minute, counted in the database: all processes count together.

Who tried is kept as a hash, and for a minute: what was typed as a name may have been a password.
"""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite

from voicebot.storage.engine import transaction
from voicebot.storage.tables import ATTEMPTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

WINDOW = timedelta(minutes=1)
"""From the first attempt on."""


class Attempts:
    """Attempts in a database whose tables are there; methods raise VoicebotError `store_failed` when it refuses."""

    def __init__(self, engine: Engine, per_minute: int) -> None:
        self._engine = engine
        self._per_minute = per_minute

    def wait_s(self, whom: str, now: datetime) -> int:
        """Count an attempt by or at `whom`; return 0, or how many seconds to wait because there were too many."""
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        over = ATTEMPTS.c.until <= now
        counted = (
            insert(ATTEMPTS)
            .values(whom=hashlib.sha256(whom.encode()).hexdigest(), until=now + WINDOW, count=1)
            .on_conflict_do_update(
                index_elements=[ATTEMPTS.c.whom],
                set_={
                    "until": case((over, now + WINDOW), else_=ATTEMPTS.c.until),
                    "count": case((over, 1), else_=ATTEMPTS.c["count"] + 1),
                },
            )
            .returning(ATTEMPTS.c["count"], ATTEMPTS.c.until)
        )
        with transaction(self._engine) as connection:
            count, until = connection.execute(counted).one()
            connection.execute(delete(ATTEMPTS).where(over))
        return 0 if count <= self._per_minute else max(1, math.ceil((until - now).total_seconds()))
