"""The number a call comes from, as the carrier tells it: whether there is one to call back. Keeps and logs none."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WITHHELD = frozenset(
    "+" + word.translate(_KEYPAD) for word in ("ANONYMOUS", "BLOCKED", "RESTRICTED", "UNAVAILABLE", "UNKNOWN")
)
"""Carriers spell these words on the keypad where a caller hides the number (+266696687 is ANONYMOUS)."""


def shown_number(told: str) -> str | None:
    """Return the number in `told`, the carrier's From, if it can be called; None when it is withheld or no number."""
    return told if _E164.fullmatch(told) and told not in _WITHHELD else None
