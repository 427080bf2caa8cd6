"""What happened on a call. Frozen facts, no behavior; a call is the list of these.

Every event carries `at_ms`: milliseconds since the call started, on the call's own clock (audio received, or the wall
clock between webhooks). Names and fields are stored for years: add fields with defaults, never rename one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, get_args

from voicebot.dialog.effects import Target
from voicebot.dialog.meaning import URGENT, Meaning
from voicebot.triage.answers import Answer

if TYPE_CHECKING:
    from typing_extensions import TypeIs


class Channel(StrEnum):
    """How the caller and the line are joined."""

    STREAM = "stream"
    """Live audio both ways; answers in a fraction of a second, barge-in."""
    TURNS = "turns"
    """One webhook a turn; keys, and recordings once the caller agreed to them."""
    TEXT = "text"
    """A keyboard or a text simulation."""
    WEB = "web"
    """The web form: choices instead of words, nothing to record."""


class TransferOutcome(StrEnum):
    """How a transfer ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    DECLINED = "declined"
    """Somebody picked up and did not take the call."""
    VOICEMAIL = "voicemail"
    """Something picked up that pressed no key."""
    CALLER_GONE = "caller_gone"


class StaffReply(StrEnum):
    """What whoever was rung did when asked to take the call."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    """No key was pressed, as a machine does."""


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call came in; nothing has been said yet."""

    at_ms: int
    started_at: str
    """UTC, ISO 8601: the only wall-clock time in the record."""
    ruleset_id: str
    ruleset_version: str
    ruleset_sha256: str
    closed: tuple[Target, ...] = ()
    """Whom it makes no sense to ring during this call: they are closed, or have no number."""
    number_shown: bool = False
    """The carrier told the caller's number, so that staff can call back. The record never holds it."""
    earlier_call: str = ""
    """Id of a call from the same telephone that came to no end minutes ago, which the caller may go on with."""
    earlier_answers: Mapping[str, Answer] = field(default_factory=dict)
    """What that caller had answered to questions that are no red flags; nothing until this caller wants to go on."""
    type: Literal["call_started"] = "call_started"


@dataclass(frozen=True, slots=True)
class Connected:
    """The caller can hear the line: the first time, or again after a lost stream or a restart."""

    at_ms: int
    channel: Channel
    type: Literal["connected"] = "connected"


@dataclass(frozen=True, slots=True)
class Heard:
    """The caller said something and the turn is over. No meaning: the words are none the grammar knows (no-match)."""

    at_ms: int
    meaning: Meaning | None
    confidence: float
    """0..1, as the ears calibrated it."""
    words: str | None = None
    """As heard; None once the words of the call were deleted. The dialog never looks at them."""
    started_ms: int | None = None
    ended_ms: int | None = None
    """Where the speech lies on the call's clock."""
    over_prompt: bool = False
    """Spoken while the question was still playing."""
    urgent_only: bool = False
    """Spoken over what cannot be interrupted, to an ear that knows of emergencies and suicide alone."""
    type: Literal["heard"] = "heard"


@dataclass(frozen=True, slots=True)
class SecondThought:
    """A moment after an answer was taken, while the line already spoke on, the caller said or pressed something else.

    Words for a person, an emergency or suicide are acted on; whatever else they mean, they take that answer back.
    """

    at_ms: int
    meaning: Meaning
    confidence: float = 1.0
    """0..1, as the ears calibrated it."""
    words: str | None = None
    """As heard; None for a key, and once the words of the call were deleted. The dialog never looks at them."""
    started_ms: int | None = None
    ended_ms: int | None = None
    """Where the speech lies on the call's clock; None for a key."""
    key: str | None = None
    type: Literal["second_thought"] = "second_thought"

    @property
    def takes_back(self) -> bool:
        """Whether the answer before it stands no longer."""
        return self.meaning not in URGENT


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A telephone key, at any time."""

    at_ms: int
    key: str
    over_prompt: bool = False
    type: Literal["key_pressed"] = "key_pressed"


@dataclass(frozen=True, slots=True)
class NumberEntered:
    """The caller keyed in another number to be called back at. The record never holds it: storage does, apart."""

    at_ms: int
    complete: bool
    """It is a whole number of ten digits that can be called."""
    type: Literal["number_entered"] = "number_entered"


@dataclass(frozen=True, slots=True)
class NoInput:
    """Nothing was said or pressed in the time the question allowed."""

    at_ms: int
    type: Literal["no_input"] = "no_input"


@dataclass(frozen=True, slots=True)
class Played:
    """The closing words were played to their end; before this a lost stream means that they are said again."""

    at_ms: int
    type: Literal["played"] = "played"


@dataclass(frozen=True, slots=True)
class PlaceRecorded:
    """The caller was heard saying where they are, or said nothing. The sound is kept apart; nobody looked at it."""

    at_ms: int
    ms: int
    """Length of the recording; 0 when there is none."""
    lost: bool = False
    """There is one that could not be fetched; the carrier still holds it."""
    type: Literal["place_recorded"] = "place_recorded"


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The stream ended while the call may go on; the next Connected tells."""

    at_ms: int
    reason: str
    type: Literal["disconnected"] = "disconnected"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of ours broke; the caller goes to a person."""

    at_ms: int
    code: str
    """A VoicebotError code."""
    type: Literal["fault"] = "fault"


@dataclass(frozen=True, slots=True)
class StaffAsked:
    """A member of staff who watches the call asked for it: the caller goes to a person."""

    at_ms: int
    type: Literal["staff_asked"] = "staff_asked"


@dataclass(frozen=True, slots=True)
class StaffReplied:
    """Whoever was rung was asked to take the call; the caller has heard nothing of it."""

    at_ms: int
    reply: StaffReply
    type: Literal["staff_replied"] = "staff_replied"


@dataclass(frozen=True, slots=True)
class TransferEnded:
    """The carrier tells how a transfer went."""

    at_ms: int
    outcome: TransferOutcome
    type: Literal["transfer_ended"] = "transfer_ended"


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over."""

    at_ms: int
    type: Literal["hung_up"] = "hung_up"


Event = (
    CallStarted
    | Connected
    | Heard
    | SecondThought
    | KeyPressed
    | NumberEntered
    | NoInput
    | Played
    | PlaceRecorded
    | Disconnected
    | Fault
    | StaffAsked
    | StaffReplied
    | TransferEnded
    | HungUp
)
_EVENTS = frozenset(get_args(Event))


def is_event(message: object) -> TypeIs[Event]:
    """Return whether this is an event: as `isinstance` says, which asks class after class, and many times as fast."""
    return type(message) in _EVENTS
