"""A member of the staff, as every part of the console knows one. Secrets of an account are not in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.staff.roles import Role

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who is at the console."""

    id: str
    """Never used again, also when the name is."""
    name: str
    """What the member signs in with."""
    role: Role
    for_demo: bool = False
    """Somebody who tries the demonstration: gets in on this machine alone, never where a public URL is set."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member's account, for those who run the accounts."""

    member: StaffMember
    added_at: datetime
    disabled_at: datetime | None = None
    has_password: bool = True
    """Without one the member comes in through the identity provider alone."""


def checked_name(name: str) -> str:
    """Return a name to sign in with, in small letters. Raises VoicebotError `name_unusable`."""
    small = name.strip().lower()
    if not _NAME.fullmatch(small):
        raise VoicebotError(
            "name_unusable",
            "A name is 1 to 64 letters, digits and . _ @ + - and begins and ends with a letter or digit.",
            "Take the part before the @ of the e-mail address, or all of it.",
        )
    return small
