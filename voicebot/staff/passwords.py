"""Passwords: which are good enough, and how they are kept. A password is never returned, stored or told."""

from __future__ import annotations

import secrets
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from voicebot.errors import VoicebotError

MIN_LENGTH = 12
"""Characters."""
MAX_LENGTH = 256
"""Characters; more would only keep the processor busy."""
MIN_DIFFERENT = 5
"""Different characters."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id as OWASP's password storage sheet asks for at least: 19 MiB and about 30 ms of one processor."""
_ONE_AT_A_TIME = Lock()
"""Signing in never takes more than one processor from the callers."""
_NOBODYS = _HASHER.hash("nobody has this password")


_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is read as something else."""
_GROUPS, _GROUP_LENGTH = 4, 4


def made_up_password() -> str:
    """Return a random password that can be read out, of 79 bits: for an account that somebody else has to open."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def check_password(password: str, name: str) -> None:
    """Raise VoicebotError `password_weak` unless `password` may be the one of the member `name`."""
    if len(password) < MIN_LENGTH or len(password) > MAX_LENGTH:
        fault = f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters."
    elif name and name.lower() in password.lower():
        fault = "The password holds the name of the account."
    elif len(set(password)) < MIN_DIFFERENT:
        fault = f"A password has at least {MIN_DIFFERENT} different characters."
    else:
        return
    raise VoicebotError("password_weak", fault, "Four or five words in a row are easy to keep in mind.")


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _ONE_AT_A_TIME:
        return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Return whether `kept` was made of `password`; takes as long when nothing is kept."""
    with _ONE_AT_A_TIME:
        try:
            return _HASHER.verify(kept or _NOBODYS, password[: MAX_LENGTH + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False
