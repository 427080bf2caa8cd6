"""What live audio hands over to be kept, and to whom. Keeps nothing itself: storage and simulations do."""

from __future__ import annotations

from typing import Protocol


class Recorder(Protocol):
    """Keeps the sound of both sides."""

    def write(self, caller: bytes, line: bytes) -> None:
        """Keep as many mu-law bytes of the caller as of the line; both happened at the same time."""

    def keep_number(self, number: str) -> None:
        """Keep the number (E.164) the caller keyed in, apart from the record."""

    def keep_place(self, mulaw: bytes, starts_at_ms: int) -> bool:
        """Keep where the caller is, as they said it; return whether there is such a recording now."""
