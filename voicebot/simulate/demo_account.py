"""The account a newcomer looks at the demonstration's calls with: made anew for each run, closed at its end."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError
from voicebot.staff.passwords import hash_password, made_up_password
from voicebot.staff.roles import Role
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.staff_store import StaffStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.simulate.server import ServerUnderTest

DEMO_NAME = "demo"


@contextmanager
def demo_account(server: ServerUnderTest) -> Iterator[str]:
    """Open the account in the server's own database until the end of the block; yields its password.

    The server lets it in on this machine alone, and not at all once a public URL is set or a proxy stands before it.
    """
    assert isinstance(server.store, SqlStore)
    staff, password = StaffStore(server.store.engine), made_up_password()
    kept = hash_password(password)
    try:
        staff.add(DEMO_NAME, Role.LEAD, kept, datetime.now(UTC), for_demo=True)
    except VoicebotError as error:
        if error.code != "user_exists":
            raise
        staff.change(DEMO_NAME, password_hash=kept, disabled_at=None, for_demo=True, role=Role.LEAD.value)
    try:
        yield password
    finally:
        staff.change(DEMO_NAME, password_hash=None, disabled_at=datetime.now(UTC))
