"""Numbers callers keyed in to be called back at: their table, and what is done with it inside a transaction.

A number waits here while the call goes on. Once staff are asked to call back it stands in the call back as well, as the
number shown would; here it is forgotten at the end of the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, bindparam, delete, insert, select, update

from voicebot.storage.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

GIVEN_NUMBERS = Table(
    "given_numbers",
    METADATA,
    Column("call_id", ForeignKey("calls.call_id"), primary_key=True),
    Column("number", String(20), nullable=False, comment="forgotten at the end of the call"),
)
_FORGET = delete(GIVEN_NUMBERS).where(GIVEN_NUMBERS.c.call_id == bindparam("this_call"))


def give(connection: Connection, call_id: str, number: str) -> None:
    """Note a number, in the place of one given before."""
    this_call = GIVEN_NUMBERS.c.call_id == call_id
    if connection.execute(update(GIVEN_NUMBERS).where(this_call).values(number=number)).rowcount == 0:
        connection.execute(insert(GIVEN_NUMBERS).values(call_id=call_id, number=number))


def given(connection: Connection, call_id: str) -> str | None:
    """Return the number given on a call, while it goes on."""
    return connection.scalar(select(GIVEN_NUMBERS.c.number).where(GIVEN_NUMBERS.c.call_id == call_id))


def forget(connection: Connection, call_id: str) -> None:
    """Drop the number given on a call."""
    connection.execute(_FORGET, {"this_call": call_id})
