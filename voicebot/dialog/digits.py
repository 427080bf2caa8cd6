"""A telephone number keyed in digit by digit: when it is whole, and what it is. Pure; keeps nothing.

The number goes to storage and nowhere else: the event for the record only tells whether there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from voicebot.dialog.events import KeyPressed, NumberEntered

PAUSE_MS = 4000
"""No further key for so long: that was all."""
COUNTRY = "1"
"""Callers may press it first; no area code begins with it."""
ENDS = frozenset("#*")
"""Keys that end a number early."""
_NORTH_AMERICAN = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")


@dataclass(frozen=True, slots=True)
class Digits:
    """The keys pressed so far."""

    wanted: int
    """Digits of a whole number, without the country's."""
    pressed: str = ""
    last_ms: int = 0
    """When the last one was pressed, on the call's clock."""

    def press(self, key: str, now_ms: int) -> Digits:
        """Return the keys with one more."""
        return replace(self, pressed=self.pressed + key, last_ms=now_ms)

    def is_over(self, now_ms: int) -> bool:
        """Return whether no more keys are to be waited for at `now_ms`."""
        if not self.pressed:
            return False
        wanted = self.wanted + self.pressed.startswith(COUNTRY)
        return self.pressed[-1] in ENDS or len(self.pressed) >= wanted or now_ms - self.last_ms >= PAUSE_MS

    @property
    def number(self) -> str | None:
        """The number in E.164; None when the keys make none that can be called."""
        digits = self.pressed.removesuffix("#").removeprefix(COUNTRY)
        return f"+{COUNTRY}{digits}" if _NORTH_AMERICAN.fullmatch(digits) else None

    def event(self, now_ms: int) -> KeyPressed | NumberEntered:
        """Return what the keys are to the dialog: a number, or an ordinary key pressed by itself."""
        last = self.pressed[-1:]
        if len(self.pressed) == 1 or last == "*":
            return KeyPressed(now_ms, last)
        return NumberEntered(now_ms, complete=self.number is not None)
