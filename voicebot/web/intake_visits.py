"""A visit to the web form is a call by other means: the same session, the same record, one answer a page.

A browser is known by a random secret in its cookie; only a hash of it is stored. An answer names the place in the
record it was asked for, so that a form sent twice, or from a page that was left behind, changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from voicebot.dialog.events import CallStarted, Channel, Connected, Event, Heard, HungUp
from voicebot.dialog.state import State, Step
from voicebot.errors import VoicebotError
from voicebot.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.calls.entries import Message
    from voicebot.dialog.effects import Effect
    from voicebot.dialog.meaning import Meaning
    from voicebot.parts import Parts
    from voicebot.storage.rows import CallRow

KEPT_FOR = timedelta(minutes=30)
"""A visit left alone for longer is shown to nobody: others may use the same browser."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How a visit stands."""

    call: CallRow
    state: State
    said: tuple[Effect, ...]
    """What the dialog last said."""
    seq: int
    """The place in the record of the answer to it."""

    @property
    def over(self) -> bool:
        """Whether nothing more is asked."""
        return self.state.step in {Step.CLOSING, Step.OVER}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Visits:
    """The visits to the form, each found by its browser's secret."""

    def __init__(self, parts: Parts, clock: Callable[[], datetime] = _utc_now) -> None:
        self._parts = parts
        self._clock = clock

    def is_known(self, secret: str) -> bool:
        """Return whether a visit was ever begun with this secret; it begins no other."""
        return self._parts.store.find_by_sid(_hashed(secret)) is not None

    def find(self, secret: str) -> Visit | None:
        """Return the visit; None when there is none to go on with: left, left alone too long, or the rules changed."""
        call = self._parts.store.find_by_sid(_hashed(secret))
        if call is None or call.ruleset_sha256 != self._parts.ruleset.sha256:
            return None
        if self._clock() - call.last_event_at > KEPT_FOR:
            return None
        visit = self._visit(call)
        return None if visit.state.step is Step.OVER and not visit.state.closing else visit

    def begin(self, secret: str) -> Visit:
        """Return the visit, begun if it is new."""
        ruleset = self._parts.ruleset
        call = self._parts.store.incoming(
            _hashed(secret), channel=Channel.WEB, started_at=self._clock(), ruleset=self._parts.snapshot
        )
        started = CallStarted(0, call.started_at.isoformat(), ruleset.id, ruleset.version, ruleset.sha256)
        self._put(call, 0, started)
        self._put(call, 1, Connected(0, Channel.WEB))
        return self._visit(call)

    def answer(self, visit: Visit, seq: int, meaning: Meaning, label: str) -> bool:
        """Take an answer, chosen as `label`, to what was asked up to place `seq`.

        Return whether it counts: also when it was sent before, but not when something else stands in its place.
        """
        if not visit.over:
            self._put(visit.call, seq, Heard(self._at_ms(visit.call), meaning, 1.0, label))
        if self._visit(visit.call).state.step is Step.CLOSING:
            self._end(visit.call)  # the last page tells what to do, and nobody is put through
        messages = self._messages(visit.call)
        stored = messages[seq] if 0 <= seq < len(messages) else None
        return isinstance(stored, Heard) and stored.meaning is meaning

    def leave(self, visit: Visit) -> None:
        """End a visit that may still be going on."""
        if visit.state.step is not Step.OVER:
            self._end(visit.call)

    def _end(self, call: CallRow) -> None:
        self._put(call, self._open(call).next_seq, HungUp(self._at_ms(call)))
        self._parts.store.close_call(call.call_id, self._clock())

    def _put(self, call: CallRow, seq: int, event: Event) -> None:
        """Put an event to the dialog if `seq` is the record's next place; else it was put before, or comes too late."""
        session = self._open(call)
        if session.next_seq != seq:
            return
        try:
            session.handle(event)
        except VoicebotError as error:
            if error.code != "record_conflict":  # the same form, sent twice at one moment: the other one counts
                raise

    def _open(self, call: CallRow) -> Session:
        return open_session(self._parts.ruleset, self._parts.store, call.call_id)

    def _visit(self, call: CallRow) -> Visit:
        session = self._open(call)
        said: list[Effect] = []
        for message in reversed(self._messages(call)[: session.next_seq]):
            if isinstance(message, Event):
                break
            said.insert(0, message)
        return Visit(call, session.state, tuple(said), session.next_seq)

    def _messages(self, call: CallRow) -> list[Message]:
        return [entry.message for entry in self._parts.store.load(call.call_id)]

    def _at_ms(self, call: CallRow) -> int:
        """Return the time on the visit's clock; never before what is in the record already."""
        latest = max((message.at_ms for message in self._messages(call) if isinstance(message, Event)), default=0)
        return max(latest, int((self._clock() - call.started_at) / timedelta(milliseconds=1)))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
