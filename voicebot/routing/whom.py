"""Who is rung: one table of decisions over who is closed and how much the caller needs a person."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Target

if TYPE_CHECKING:
    from collections.abc import Collection


class Need(Enum):
    """How much a caller needs somebody at this hour."""

    CAN_WAIT = auto()
    """A call back does as well."""
    PERSON = auto()
    """The caller wants a person: whoever is on call, else a call back."""
    NOW = auto()
    """Somebody is rung whatever the hours say: a warning sign, or doubt whether there is one."""


def whom(wanted: Target, need: Need, closed: Collection[Target]) -> Target | None:
    """Return whom to ring for a caller who should get to `wanted`; None when a call back is to be offered instead.

    `closed` are those whom it makes no sense to ring. Nobody in it means that every number is tried.
    """
    if wanted not in closed:
        return wanted
    if need is Need.CAN_WAIT:
        return None
    if Target.AFTER_HOURS not in closed:
        return Target.AFTER_HOURS
    return wanted if need is Need.NOW else None


def next_after(rung: Target, closed: Collection[Target]) -> Target | None:
    """Return who is rung when `rung` did not take the call: the front desk once, then nobody."""
    return None if rung is Target.FRONT_DESK or Target.FRONT_DESK in closed else Target.FRONT_DESK
