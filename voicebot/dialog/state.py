"""Where a call is. Frozen; only the handlers of the table make a new one from an old one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.dialog.events import Channel
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.dialog.effects import Effect, PageReason, PreferredTime, Target
    from voicebot.dialog.meaning import Meaning
    from voicebot.triage.answers import Answer

READ_BACK_LEVEL = Urgency.EMERGENCY_ROOM
"""Urgency from which a "no" to a whole screen is read back: it is the answer that clears most at once."""


class Step(StrEnum):
    """What the caller's next answer is about."""

    RINGING = "ringing"
    """Nobody has been connected yet."""
    TOPIC = "topic"
    """Is the call about a leg at all?"""
    GOING_ON = "going_on"
    """The caller called minutes ago: go on with that?"""
    SCREEN = "screen"
    """A question of the rule set is open."""
    FOR_SELF = "for_self"
    """Does the caller call for themselves?"""
    ABOUT_PATIENT = "about_patient"
    """Who calls for somebody else: were the answers so far about that person?"""
    ADULT = "adult"
    """Is the patient of age?"""
    CONSENT = "consent"
    """May the call be recorded?"""
    NUMBER = "number"
    """Can the caller be called back at the number shown?"""
    OTHER_NUMBER = "other_number"
    """It is not: which number instead?"""
    CONFIRM = "confirm"
    """A doubtful answer was read back."""
    READ_BACK = "read_back"
    """A "no" to several red flags at once was read back."""
    CALL_BACK = "call_back"
    """Nobody is there: may staff call back?"""
    CALL_BACK_TIME = "call_back_time"
    """Staff may call back; when?"""
    WILL_CALL = "will_call"
    """The caller was told to call nine one one: will they?"""
    WITH_PATIENT = "with_patient"
    """Who calls for somebody else will call nine one one: is the patient with them?"""
    PLACE_CONSENT = "place_consent"
    """May where the caller is be recorded for staff?"""
    PLACE = "place"
    """The caller is being recorded saying where they are; nobody listens for words."""
    STAYING = "staying"
    """The caller spoke of suicide and nobody took the call: the line stays with them."""
    CLOSING = "closing"
    """The last words are being said; a transfer or the end follows."""
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Asking:
    """One question of the rule set as it is put to the caller."""

    prompt: str
    """Prompt id, `q.<question>` or `screen.<screen>`; `.again`, `.help` and `.read_back` hang on it."""
    ids: tuple[str, ...]
    """The questions it asks; more than one for a grouped screen."""
    level: Urgency
    """What a yes can lead to."""
    screen: str
    """Id of the screen in the rule set."""

    @property
    def grouped(self) -> bool:
        """Whether one answer speaks for several questions."""
        return len(self.ids) > 1


@dataclass(frozen=True)
class Gate:
    """What is asked once beside the rules; None while it was not asked."""

    for_self: bool | None = None
    about_patient: bool | None = None
    """The answers stand about the patient; asked of those alone who call for somebody else."""
    adult: bool | None = None
    number: bool | None = None
    """There is a good number to call back: the one shown, or one that was keyed in."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the call knew before an answer was taken, so that "go back" can mend it."""

    step: Step
    asking: Asking | None
    answers: Mapping[str, Answer]
    drilling: tuple[str, ...]
    gate: Gate
    consent: bool | None


@dataclass(frozen=True)
class State:
    """Everything the dialog remembers. Without slots, see changing.py."""

    step: Step = Step.RINGING
    channel: Channel = Channel.STREAM
    asking: Asking | None = None
    """The open question of the rule set; it stays while consent, a confirmation or a read-back is asked."""
    resume_step: Step = Step.TOPIC
    """The step a confirmation returns to."""
    doubt: Meaning | None = None
    """The meaning under confirmation."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    drilling: tuple[str, ...] = ()
    """Members of a screen answered "yes" or "not sure", still to be asked one by one."""
    failed: int = 0
    """Failed turns (no-input, no-match, unconfirmed) in a row at this question."""
    unsure: int = 0
    """How often this question was answered "not sure"."""
    gate: Gate = Gate()
    consent: bool | None = None
    trail: tuple[Answered, ...] = ()
    undo: State | None = None
    """The state before the last event, if that was an answer; a second thought goes back to it."""
    closing: tuple[Effect, ...] = ()
    """The last words and what follows them."""
    played: bool = False
    """The closing words were heard to their end."""
    if_nobody: str = ""
    """Prompt id of the stricter advice, said when no person answers; empty when there is none."""
    closed: tuple[Target, ...] = ()
    """Whom it makes no sense to ring (see CallStarted)."""
    number_shown: bool = False
    """The carrier told a number."""
    returning: bool = False
    """There is an earlier call to go on with."""
    earlier: Mapping[str, Answer] = field(default_factory=dict)
    """What was answered on it, until the caller says whether to go on."""
    slow: bool = False
    """The caller asked for slower speech."""
    unhurried: bool = False
    """Somebody types for the caller, or the caller needs time."""
    taken: bool = False
    """Whoever was rung has taken the call."""
    crisis: bool = False
    """The caller spoke of suicide; nothing takes that back."""
    advising: bool = False
    """What was said last tells the caller to call nine one one."""
    paged: frozenset[PageReason] = frozenset()
    """What staff have been paged for."""
    place_asked: bool = False
    place_told: bool = False
    """There is a recording of where the caller is."""
    silences: int = 0
    """Silences in a row while the line stays with the caller."""
    silent_since_ms: int = 0
    """When the first of them ended, on the call's clock."""
    call_back_offered: bool = False
    """The caller was asked about a call back once; nobody is asked twice."""
    call_back: PreferredTime | None = None
    """The call back that staff have been asked for and that stands; it is stored as soon as it is asked for."""

    @property
    def open_step(self) -> Step:
        """What the call is at, and while an answer is in doubt, what that answer is about."""
        return self.resume_step if self.step is Step.CONFIRM else self.step

    @property
    def can_be_called(self) -> bool:
        """Whether staff can call back for what can wait."""
        return self.number_shown and self.gate.number is not False

    @property
    def for_patient(self) -> bool:
        """Whether the caller speaks for somebody else, whom the line then calls the patient."""
        return self.gate.for_self is False

    def way_back(self, step: Step) -> Answered:
        """Return what the call knows, to come back to at `step`."""
        return Answered(step, self.asking, self.answers, self.drilling, self.gate, self.consent)
