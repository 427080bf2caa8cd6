"""The caller's side of a call: what whoever is on the phone hears, and what they can do.

A simulation or a test brings an object with these two methods; the emulator calls them from the call's own thread,
every 20 ms of the call. Neither method may block.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class SaidKind(StrEnum):
    """How the line came to say something."""

    MARK = "mark"
    """Media on a stream, ended by a mark: the name is the mark's."""
    PLAY = "play"
    """A Play verb: the name is its URL."""
    SAY = "say"
    """A Say verb: the name is its text. No speech is made: the ear hears silence of a likely length."""
    BEEP = "beep"
    """Record is listening."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the line says. On a stream it is told when its mark arrives, which may be before it is heard."""

    name: str
    kind: SaidKind
    starts_ms: float
    """When the caller begins to hear it, in ms of the call."""
    ends_ms: float
    """When the caller will have heard it to the end, unless it is cut short."""
    audio: bytes
    """Mu-law, 8000 Hz."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say something, from now on. While something is still being said, it follows that."""

    mulaw: bytes
    """Mu-law, 8000 Hz."""


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key."""

    digit: str
    """One of 0123456789*#."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up."""


Action = Speak | Press | HangUp


class Caller(Protocol):
    """Whoever is on the phone."""

    def on_said(self, said: Said, /) -> None:
        """Take notice that the line says something."""

    def next_actions(self, now_ms: float, /) -> Iterable[Action]:
        """Return what the caller does in the 20 ms that begin at `now_ms` of the call; mostly nothing."""
