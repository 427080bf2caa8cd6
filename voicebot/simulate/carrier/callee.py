"""Whoever is rung up: who picks up, and what they do then. A script, and the person on the phone who follows it.

A person who brings a mind of their own is any object with the two methods of Caller.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from voicebot.simulate.carrier.caller import Action, Caller, HangUp, Press, Said, Speak

if TYPE_CHECKING:
    from collections.abc import Callable

_NEVER = float("inf")


class Pickup(StrEnum):
    """What happens at the other end."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may be rung up. As it stands: a person who picks up and accepts the call with a 1."""

    pickup: Pickup = Pickup.ANSWERED
    ring_s: float = 2
    """How long it rings before they answer or are found busy."""
    talk_s: float = 3
    """How long they talk, once connected, before they hang up."""
    keys: str = "1"
    """What they press: the first key after the first thing said to them, the next after the next."""
    key_after_s: float = 0.5
    """How long after it was said to its end."""
    says: bytes = b""
    """What they say on picking up (mu-law, 8000 Hz)."""
    hangs_up_after_s: float = _NEVER
    """How long after picking up they hang up, connected or not."""
    mind: Callable[[], Caller] | None = None
    """Makes a person of your own for each time they pick up, in place of the script above."""

    @classmethod
    def answers(cls, talk_s: float = 3) -> Self:
        """Return a person who picks up, accepts and talks."""
        return cls(talk_s=talk_s)

    @classmethod
    def busy(cls) -> Self:
        """Return somebody who is on the phone."""
        return cls(Pickup.BUSY)

    @classmethod
    def no_answer(cls) -> Self:
        """Return somebody who is not there, and has no voicemail."""
        return cls(Pickup.NO_ANSWER)

    @classmethod
    def unreachable(cls) -> Self:
        """Return a number that leads nowhere."""
        return cls(Pickup.FAILED, ring_s=0)

    @classmethod
    def voicemail(cls, greeting: bytes, message_s: float = 30) -> Self:
        """Return a machine: it answers, says its greeting, records what follows and never presses a key."""
        return cls(says=greeting, keys="", talk_s=message_s, hangs_up_after_s=message_s)

    @classmethod
    def declines(cls, key: str = "2") -> Self:
        """Return a person who picks up and presses another key than the one that accepts."""
        return cls(keys=key)

    @classmethod
    def ignores(cls) -> Self:
        """Return a person who picks up and presses nothing."""
        return cls(keys="")

    @classmethod
    def hangs_up(cls, after_s: float = 1) -> Self:
        """Return a person who picks up and hangs up again without a key."""
        return cls(keys="", hangs_up_after_s=after_s)

    def person(self, now_ms: float) -> Caller:
        """Return who picks up, at this time of the call."""
        return self.mind() if self.mind else ScriptedCallee(self, now_ms)


class ScriptedCallee:
    """The person of a Party."""

    def __init__(self, party: Party, picked_up_ms: float) -> None:
        self._party = party
        self._keys = deque(party.keys)
        self._to_say = party.says
        self._press_at_ms = _NEVER
        self._hang_up_at_ms = picked_up_ms + party.hangs_up_after_s * 1000

    def on_said(self, said: Said, /) -> None:
        """Think about which key to press once it was said."""
        self._press_at_ms = said.ends_ms + self._party.key_after_s * 1000

    def connected(self, now_ms: float) -> None:
        """Begin to talk with the caller."""
        self._hang_up_at_ms = min(self._hang_up_at_ms, now_ms + self._party.talk_s * 1000)

    def next_actions(self, now_ms: float, /) -> list[Action]:
        """Return what is due."""
        actions: list[Action] = []
        if self._to_say:
            actions.append(Speak(self._to_say))
            self._to_say = b""
        if now_ms >= self._press_at_ms and self._keys:
            actions.append(Press(self._keys.popleft()))
            self._press_at_ms = _NEVER
        if now_ms >= self._hang_up_at_ms:
            actions.append(HangUp())
        return actions
