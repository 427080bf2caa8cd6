"""Webhooks as events: puts each to the call once, however often it is sent, and tells what is to be done about it.

The record alone tells whether a webhook was seen before: an answer names the place in the record it was asked for, and
everything else must not follow its own like. A repetition gets what stands at the record's end. No TwiML, no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from voicebot.dialog.effects import Effect, HangUp, Listen
from voicebot.dialog.events import CallStarted, Channel, Connected, Event, Fault, HungUp, TransferEnded, TransferOutcome
from voicebot.dialog.state import Step
from voicebot.errors import VoicebotError
from voicebot.line import MAX_CALL_MS
from voicebot.session import Session, open_session
from voicebot.telephony.clock import ms_since, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.calls.entries import Message
    from voicebot.parts import Parts
    from voicebot.storage.rows import CallRow

LIVE_FOR = timedelta(milliseconds=MAX_CALL_MS)
"""A call of which nothing was heard for longer than this does not count as going on."""
CARRIER_ERROR = "carrier_error"
"""Code of the fault when the carrier could not use our answer."""
ATTEMPTS = 3
"""The media stream's end and a webhook may be written at the same moment; whoever comes second looks again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be done now, and the place in the record of the event that answers it."""

    effects: tuple[Effect, ...]
    next_seq: int

    @property
    def listen(self) -> Listen | None:
        """The open question, if there is one."""
        return next((effect for effect in self.effects if isinstance(effect, Listen)), None)


class Turns:
    """The calls of the running line, event by event."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def admit(self, call_sid: str) -> CallRow | None:
        """Return the call of this id, begun if it is new; None when as many calls as may be are going on."""
        store, ruleset, now = self._parts.store, self._parts.ruleset, utc_now()
        if not store.find_by_sid(call_sid) and store.live_calls(now - LIVE_FOR) >= self._parts.settings.max_calls:
            return None
        channel = Channel.STREAM if self._parts.settings.streaming else Channel.TURNS
        call, _ = store.incoming(call_sid, channel=channel, started_at=now, ruleset=self._parts.snapshot)
        started = CallStarted(0, call.started_at.isoformat(), ruleset.id, ruleset.version, ruleset.sha256)
        self._put(call, lambda _ms, _turn: started, repeated=bool)
        return call

    def greet(self, call: CallRow) -> Turn:
        """Begin the call turn by turn."""
        return self._put(call, _connected, repeated=lambda messages: len(messages) > 1)

    def resume(self, call: CallRow) -> Turn:
        """Go on turn by turn after the media stream, or without it."""
        return self._put(call, _connected, repeated=lambda messages: _is_connected(_last_event(messages)))

    def answer(self, call: CallRow, seq: int, event_at: Callable[[int, Turn], Event]) -> Turn:
        """Take the caller's answer to what was asked up to place `seq`; `event_at(at_ms, open turn)` finds it out."""
        return self._put(call, event_at, repeated=lambda messages: len(messages) != seq)

    def transfer_ended(self, call: CallRow, seq: int, outcome: TransferOutcome) -> Turn:
        """Take the outcome of the transfer begun at place `seq`."""
        return self.answer(call, seq, lambda at_ms, _turn: TransferEnded(at_ms, outcome))

    def broken(self, call: CallRow) -> Turn:
        """The carrier could not go on with our last answer."""
        return self._put(
            call,
            lambda at_ms, _turn: Fault(at_ms, CARRIER_ERROR),
            repeated=lambda messages: isinstance(_last_event(messages), Fault),
        )

    def ended(self, call: CallRow) -> Turn:
        """Note that the call is over, once."""
        if call.ended_at is None:
            self._put(
                call,
                lambda at_ms, _turn: HungUp(at_ms),
                repeated=lambda messages: isinstance(_last_event(messages), HungUp),
                even_over=True,
            )
            self._parts.store.close_call(call.call_id, utc_now())
        return Turn((HangUp(),), next_seq=0)

    def _put(
        self,
        call: CallRow,
        event_at: Callable[[int, Turn], Event],
        *,
        repeated: Callable[[list[Message]], bool],
        even_over: bool = False,
    ) -> Turn:
        """Put an event to the call, unless its record tells that this was done, or that the call is over."""
        for attempt in Retrying(
            retry=retry_if_exception(_went_on_elsewhere), stop=stop_after_attempt(ATTEMPTS), reraise=True
        ):
            with attempt:
                session = open_session(self._parts.ruleset, self._parts.store, call.call_id)
                entries = self._parts.store.load(call.call_id)[: session.next_seq]
                messages = [entry.message for entry in entries]
                turn = Turn(_closing_effects(messages), session.next_seq)
                if session.state.step is Step.OVER and not even_over:
                    turn = Turn((HangUp(),), session.next_seq)
                elif not repeated(messages):
                    event = event_at(_at_ms(call, messages), turn)
                    turn = _handle(session, event)
        return turn


def _handle(session: Session, event: Event) -> Turn:
    effects = session.handle(event)
    return Turn(effects, session.next_seq)


def _at_ms(call: CallRow, messages: list[Message]) -> int:
    """Return the time on the call's clock; never before what is in the record already."""
    latest = max((message.at_ms for message in messages if isinstance(message, Event)), default=0)
    return max(latest, ms_since(call.started_at, utc_now()))


def _closing_effects(messages: list[Message]) -> tuple[Effect, ...]:
    """Return what was to be done after the last event of the record."""
    trailing = takewhile(lambda message: not isinstance(message, Event), reversed(messages))
    return tuple(message for message in reversed(list(trailing)) if not isinstance(message, Event))


def _last_event(messages: list[Message]) -> Event | None:
    return next((message for message in reversed(messages) if isinstance(message, Event)), None)


def _connected(at_ms: int, _turn: Turn) -> Event:
    return Connected(at_ms, Channel.TURNS)


def _is_connected(event: Event | None) -> bool:
    return isinstance(event, Connected) and event.channel is Channel.TURNS


def _went_on_elsewhere(error: BaseException) -> bool:
    return isinstance(error, VoicebotError) and error.code == "record_conflict"
