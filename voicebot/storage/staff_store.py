"""Accounts of the staff and who is signed in, in the database. Of a password and of a session only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from voicebot.errors import VoicebotError
from voicebot.staff.members import Account, StaffMember, checked_name
from voicebot.staff.roles import Role
from voicebot.staff.sessions import SessionLimits, is_over, worth_noting
from voicebot.storage.engine import transaction
from voicebot.storage.tables import STAFF, STAFF_SESSIONS

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Engine, Row


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an account to let its member in."""

    member: StaffMember
    password_hash: str | None
    provider_subject: str | None


class StaffStore:
    """Accounts in a database whose tables are there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Accounts

    def check_free(self, name: str) -> str:
        """Return a name as it is kept, if no account has it; raises VoicebotError as `add` does."""
        checked = checked_name(name)
        with transaction(self._engine) as connection:
            if connection.scalar(select(STAFF.c.id).where(STAFF.c.name == checked)):
                raise _user_exists()
        return checked

    def add(
        self, name: str, role: Role, password_hash: str | None, now: datetime, *, for_demo: bool = False
    ) -> StaffMember:
        """Add an account; without a password it opens through the identity provider alone.

        Raises VoicebotError `name_unusable`, `user_exists`.
        """
        member = StaffMember(secrets.token_hex(16), checked_name(name), role, for_demo)
        row = {
            "id": member.id,
            "name": member.name,
            "role": role.value,
            "password_hash": password_hash,
            "added_at": now,
            "for_demo": for_demo,
        }
        try:
            with transaction(self._engine) as connection:
                connection.execute(insert(STAFF).values(row))
        except IntegrityError:
            raise _user_exists() from None
        return member

    def accounts(self) -> list[Account]:
        """Return all accounts by name, the disabled ones too."""
        with transaction(self._engine) as connection:
            return [_account(row) for row in connection.execute(select(STAFF).order_by(STAFF.c.name))]

    def account(self, name: str) -> Account:
        """Return the account of this name; raises VoicebotError `unknown_user`."""
        with transaction(self._engine) as connection:
            return _account(_row(connection, name))

    def nobody_yet(self) -> bool:
        """Return whether no account can be signed in to."""
        with transaction(self._engine) as connection:
            return not connection.scalar(select(func.count()).select_from(STAFF).where(STAFF.c.disabled_at.is_(None)))

    def kept(self, name: str) -> Kept | None:
        """Return what lets the member of this name in; None when there is none, or it is disabled."""
        return self._kept(STAFF.c.name == name.strip().lower())

    def kept_of_subject(self, subject: str) -> Kept | None:
        """Return what is kept of who is `subject` to the identity provider; None as `kept` does."""
        return self._kept(STAFF.c.provider_subject == subject)

    def _kept(self, condition: Any) -> Kept | None:
        with transaction(self._engine) as connection:
            row = connection.execute(select(STAFF).where(condition, STAFF.c.disabled_at.is_(None))).one_or_none()
        return Kept(_member(row), row.password_hash, row.provider_subject) if row else None

    def change(self, name: str, **values: object) -> None:
        """Change `role`, `password_hash`, `provider_subject` or `disabled_at`, and end every session of the account.

        So nobody goes on with rights that were taken away, or with a secret that somebody else knows.

        Raises VoicebotError `unknown_user`.
        """
        with transaction(self._engine) as connection:
            changed = connection.execute(
                update(STAFF).where(STAFF.c.name == name).values(values).returning(STAFF.c.id)
            ).scalar_one_or_none()
            if changed is None:
                raise _unknown_user()
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.staff_id == changed))

    # Sessions

    def begin_session(self, member: StaffMember, now: datetime) -> str:
        """Sign a member in and return the secret that the browser is to hold."""
        token = secrets.token_urlsafe(32)
        with transaction(self._engine) as connection:
            connection.execute(
                insert(STAFF_SESSIONS).values(
                    token_sha256=_hashed(token), staff_id=member.id, started_at=now, seen_at=now
                )
            )
        return token

    def member_of(self, token: str, now: datetime, limits: SessionLimits, *, active: bool = True) -> StaffMember | None:
        """Return who is signed in with `token`, if anybody.

        With `active` the member is noted to have been here: what a page asks for by itself is not.
        """
        this_one = STAFF_SESSIONS.c.token_sha256 == _hashed(token)
        with transaction(self._engine) as connection:
            row = connection.execute(
                select(STAFF, STAFF_SESSIONS.c.started_at, STAFF_SESSIONS.c.seen_at)
                .join(STAFF_SESSIONS, STAFF_SESSIONS.c.staff_id == STAFF.c.id)
                .where(this_one, STAFF.c.disabled_at.is_(None))
            ).one_or_none()
        if row is None:
            return None
        if is_over(row.started_at, row.seen_at, now, limits):
            self.end_session(token)
            return None
        if active and worth_noting(row.seen_at, now):
            with transaction(self._engine) as connection:
                connection.execute(update(STAFF_SESSIONS).where(this_one).values(seen_at=now))
        return _member(row)

    def end_session(self, token: str) -> None:
        """Forget a session."""
        with transaction(self._engine) as connection:
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.token_sha256 == _hashed(token)))

    def forget_sessions_before(self, started_before: datetime) -> None:
        """Forget the sessions that are over by their age: nobody came back to end them."""
        with transaction(self._engine) as connection:
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.started_at < started_before))


def _row(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(STAFF).where(STAFF.c.name == name)).one_or_none()
    if row is None:
        raise _unknown_user()
    return row


def _user_exists() -> VoicebotError:
    return VoicebotError(
        "user_exists", "There is an account of this name.", "Choose another name, or change that account."
    )


def _unknown_user() -> VoicebotError:
    return VoicebotError("unknown_user", "There is no account of this name.", "`voicebot user list` shows all.")


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(row.id, row.name, Role(row.role), row.for_demo)


def _account(row: Row[Any]) -> Account:
    return Account(_member(row), row.added_at, row.disabled_at, row.password_hash is not None)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
