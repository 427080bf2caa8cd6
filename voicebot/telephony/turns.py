"""Webhooks as events: puts each to the call once, however often it is sent, and tells what is to be done about it.

The record alone tells whether a webhook was seen before: an answer names the place in the record it was asked for, and
everything else must not follow its own like. A repetition gets what stands at the record's end. No TwiML, no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from voicebot.dialog.effects import Brief, CallBack, Effect, HangUp, Listen, RecordPlace, Transfer
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Event,
    Fault,
    HungUp,
    PlaceRecorded,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.safety import exempt_from_caps, too_long
from voicebot.dialog.state import Step
from voicebot.errors import VoicebotError
from voicebot.session import first_entries, session_after
from voicebot.telephony import transfer
from voicebot.telephony.clock import ms_since, utc_now
from voicebot.telephony.returning import earlier_call, mark_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from voicebot.calls.entries import Message
    from voicebot.parts import Parts
    from voicebot.storage.rows import CallRow

CARRIER_ERROR = "carrier_error"
"""Code of the fault when the carrier could not use our answer."""
STOPPING = "server_stopping"
"""Code of the fault when this process was told to stop and its time is up."""
ATTEMPTS = 3
"""The media stream's end and a webhook may be written at the same moment; whoever comes second looks again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be done now, and the place in the record of the event that answers it."""

    effects: tuple[Effect, ...]
    next_seq: int
    calls_back: bool = False
    """Somewhere in the call it was noted, or taken back, that staff are to call back."""
    ends: bool = False
    """The call is over since this very moment."""
    stays: bool = False
    """The caller spoke of suicide: the line does not end this call by itself."""
    too_long: Fault | None = None
    """A question is open although the call has lasted as long as it may."""

    @property
    def listen(self) -> Listen | None:
        """The open question, if there is one."""
        return next((effect for effect in self.effects if isinstance(effect, Listen)), None)

    @property
    def place(self) -> RecordPlace | None:
        """The recording of where the caller is, if that is what is going on."""
        return next((effect for effect in self.effects if isinstance(effect, RecordPlace)), None)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What becomes of the offer to take a call."""

    reply: StaffReply | None
    """The first reply to it; None when the caller was gone by then."""
    briefing: str | None = None
    """Prompt id of what to tell about the caller."""


class Turns:
    """The calls of the running line, event by event."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def begin(self, call_sid: str, *, number: str | None = None) -> CallRow:
        """Return the call of this id from the shown `number`, begun if it is new."""
        parts, now = self._parts, utc_now()
        if known := parts.store.find_by_sid(call_sid):
            return known
        mark = None if number is None else mark_of(number, parts.settings)
        earlier = earlier_call(parts, mark, now)
        started = CallStarted(
            0,
            now.isoformat(),
            parts.ruleset.id,
            parts.ruleset.version,
            parts.ruleset.sha256,
            transfer.closed(parts.settings, parts.hours, now),
            number_shown=number is not None,
            earlier_call=earlier.call_id,
            earlier_answers=earlier.answers,
        )
        return parts.store.incoming(
            call_sid,
            channel=Channel.STREAM if parts.settings.streaming else Channel.TURNS,
            started_at=now,
            ruleset=parts.snapshot,
            record=first_entries(parts.ruleset, started),
            mark=mark,
        )

    def greet(self, call: CallRow) -> Turn:
        """Begin the call turn by turn."""
        return self._put(call, _connected, repeated=lambda messages: len(messages) > 1)

    def resume(self, call: CallRow) -> Turn:
        """Go on turn by turn after the media stream, or without it: once, for there is no second stream on a call."""
        return self._put(call, _connected, repeated=_is_turn_by_turn)

    def answer(self, call: CallRow, seq: int, event_at: Callable[[int, Turn], Event]) -> Turn:
        """Take the caller's answer to what was asked up to place `seq`; `event_at(at_ms, open turn)` finds it out.

        An answer to an earlier question comes too late: it is dropped, and what was asked last stands. When the call
        has gone on for too long, the answer still counts, and instead of the next question a person takes over.
        """
        turn = self._put(call, event_at, repeated=lambda messages: len(messages) != seq)
        fault = turn.too_long
        return self._to_person(call, lambda _ms: fault) if fault else turn

    def place_left(self, call: CallRow, seq: int, told_at: Callable[[int, RecordPlace], PlaceRecorded]) -> None:
        """Take what a caller who hung up had said about where they are, once; `told_at(at_ms, order)` keeps it.

        The carrier may tell of the recording after the end of the call, so it is taken also then.
        """
        place = self._messages(call)[seq - 1] if seq > 0 else None
        if isinstance(place, RecordPlace):
            self._put(
                call,
                lambda at_ms, _turn: told_at(at_ms, place),
                repeated=lambda messages: any(isinstance(one, PlaceRecorded) for one in messages[seq:]),
                also_over=True,
            )

    def staff_replied(self, call: CallRow, seq: int, reply: StaffReply) -> Acceptance:
        """Take the reply of whoever is rung by the transfer before place `seq`; the first one counts."""
        self._put(
            call,
            lambda at_ms, _turn: StaffReplied(at_ms, reply),
            repeated=lambda messages: len(messages) != seq or not _still_rings(messages, seq),
        )
        messages = self._messages(call)
        if not _still_rings(messages, seq) or not messages[seq:]:
            return Acceptance(None)
        briefing = next((one.prompt for one in reversed(messages[:seq]) if isinstance(one, Brief)), None)
        return Acceptance(_reply(messages, seq), briefing)

    def transfer_ended(
        self, call: CallRow, seq: int, outcome_of: Callable[[StaffReply | None], TransferOutcome]
    ) -> Turn:
        """Take the outcome of the transfer before place `seq`, given the reply of whoever was rung."""
        return self._put(
            call,
            lambda at_ms, _turn: TransferEnded(at_ms, outcome_of(_reply(self._messages(call), seq))),
            repeated=lambda messages: not _still_rings(messages, seq),
        )

    def broken(self, call: CallRow) -> Turn:
        """The carrier could not go on with our last answer."""
        return self._to_person(call, lambda at_ms: Fault(at_ms, CARRIER_ERROR))

    def stopped(self, call: CallRow) -> Turn:
        """This process cannot go on with the call."""
        return self._to_person(call, lambda at_ms: Fault(at_ms, STOPPING))

    def _to_person(self, call: CallRow, fault_at: Callable[[int], Fault]) -> Turn:
        """Note the fault, once: another one on the way to a person changes nothing."""
        return self._put(
            call,
            lambda at_ms, _turn: fault_at(at_ms),
            repeated=lambda messages: isinstance(_last_event(messages), Fault),
        )

    def ended(self, call: CallRow) -> Turn:
        """Note that the call is over, once."""
        over = Turn((HangUp(),), next_seq=0)
        if call.ended_at is not None:
            return over
        now = utc_now()
        turn = self._put(
            call,
            lambda at_ms, _turn: HungUp(at_ms),
            repeated=lambda messages: isinstance(_last_event(messages), HungUp),
            over_at=now,
        )
        first = turn.ends or self._parts.store.close_call(call.call_id, now)
        return replace(over, calls_back=turn.calls_back, ends=first)

    def _put(
        self,
        call: CallRow,
        event_at: Callable[[int, Turn], Event],
        *,
        repeated: Callable[[list[Message]], bool],
        over_at: datetime | None = None,
        also_over: bool = False,
    ) -> Turn:
        """Put an event to the call, unless its record tells that this was done, or that the call is over.

        With `over_at` it is the call's last event, which comes also when nothing more is to be said; with `also_over`
        it is one that may come behind the last.
        """
        for attempt in Retrying(
            retry=retry_if_exception(_went_on_elsewhere), stop=stop_after_attempt(ATTEMPTS), reraise=True
        ):
            with attempt:
                record = self._parts.store.load(call.call_id)
                session = session_after(self._parts.ruleset, self._parts.store, call.call_id, record)
                messages = [entry.message for entry in record]
                turn = Turn(_closing_effects(messages), session.next_seq)
                if session.state.step is Step.OVER and not (over_at or also_over):
                    turn = Turn((HangUp(),), session.next_seq)
                elif not repeated(messages):
                    event = event_at(_at_ms(call, messages), turn)
                    effects = session.handle(event, over_at=over_at)
                    turn = Turn(effects, session.next_seq, ends=over_at is not None)
                if turn.listen:
                    turn = replace(turn, too_long=too_long(session.state, _at_ms(call, messages)))
        calls_back = any(isinstance(one, CallBack) for one in (*messages, *turn.effects))
        stays = session.state.step is not Step.OVER and exempt_from_caps(session.state)
        return replace(turn, calls_back=calls_back, stays=stays)

    def _messages(self, call: CallRow) -> list[Message]:
        return [entry.message for entry in self._parts.store.load(call.call_id)]


def _at_ms(call: CallRow, messages: list[Message]) -> int:
    """Return the time on the call's clock; never before what is in the record already."""
    latest = max((message.at_ms for message in messages if isinstance(message, Event)), default=0)
    return max(latest, ms_since(call.started_at, utc_now()))


def _closing_effects(messages: list[Message]) -> tuple[Effect, ...]:
    """Return what was to be done after the last event of the record that concerns the caller."""
    trailing = takewhile(lambda message: not _concerns_caller(message), reversed(messages))
    return tuple(message for message in reversed(list(trailing)) if not isinstance(message, Event))


def _last_event(messages: list[Message]) -> Event | None:
    events = [message for message in messages if isinstance(message, Event) and _concerns_caller(message)]
    return events[-1] if events else None


def _concerns_caller(message: Message) -> bool:
    """Return whether this is an event on the caller's own leg."""
    return isinstance(message, Event) and not isinstance(message, StaffReplied)


def _still_rings(messages: list[Message], seq: int) -> bool:
    """Return whether the transfer before place `seq` is what the call is about to this day."""
    is_one = 0 < seq <= len(messages) and isinstance(messages[seq - 1], Transfer)
    return is_one and all(isinstance(message, StaffReplied) for message in messages[seq:])


def _reply(messages: list[Message], seq: int) -> StaffReply | None:
    return next((message.reply for message in messages[seq:] if isinstance(message, StaffReplied)), None)


def _connected(at_ms: int, _turn: Turn) -> Event:
    return Connected(at_ms, Channel.TURNS)


def _is_turn_by_turn(messages: list[Message]) -> bool:
    joined = [message for message in messages if isinstance(message, Connected)]
    return bool(joined) and joined[-1].channel is Channel.TURNS


def _went_on_elsewhere(error: BaseException) -> bool:
    return isinstance(error, VoicebotError) and error.code == "record_conflict"
