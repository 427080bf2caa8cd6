"""What the line is to do. Frozen orders, no behavior; performed in order, and only after they were stored.

A performer (live stream, TwiML, keyboard, simulation) carries out each effect after the one before it is done: a
Transfer or HangUp waits until the Say before it was played to its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal


class Target(StrEnum):
    """Who a caller can be put through to."""

    SCHEDULING = "scheduling"
    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    AFTER_HOURS = "after_hours"
    """Whoever is on call while the others are closed."""


class PreferredTime(StrEnum):
    """When a caller is to be called back."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"
    SOON = "soon"
    """At once: nobody answered, and the caller needs care that cannot wait."""
    WITHDRAWN = "withdrawn"
    """Not any more: the caller took the wish back."""


class PageReason(StrEnum):
    """Why staff are paged. Codes without a word of health: pages travel through other people's systems."""

    REFUSED = "refused_911"
    """The caller was told to call nine one one and did not say that they will."""
    CRISIS = "crisis"
    """The caller spoke of suicide."""
    NOT_TAKEN = "not_taken"
    """Nobody took the call of somebody who cannot wait."""
    CALLER_GONE = "caller_gone"
    """Somebody who may be in danger left before anybody could help."""


class Refusal(StrEnum):
    """How a caller who was told to call nine one one did not say that they will."""

    NO = "no"
    UNSURE = "unsure"
    SILENT = "silent"
    NOT_UNDERSTOOD = "not_understood"
    PERSON = "person"
    """They asked for a person, or an interpreter, instead."""


@dataclass(frozen=True, slots=True)
class Say:
    """Play prompts, one after another."""

    prompts: tuple[str, ...]
    """Prompt ids."""
    interruptible: bool = True
    """Whether an answer may cut it short (barge-in). Disclosures and advice may not be cut by voice."""
    slow: bool = False
    """The caller asked for slower speech."""
    type: Literal["say"] = "say"


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for one answer, by voice or key."""

    asking: str
    """Prompt id of the open question."""
    grammar: str
    no_input_ms: int
    """Silence after the prompt's end that counts as no answer."""
    red_flag: bool
    """An answer to an emergency question: more care, more time."""
    keep_audio: bool
    """The caller agreed to be recorded; without it nothing may be stored, and turn by turn only keys are taken."""
    unhurried: bool = False
    """The caller needs time (relay, typing): pauses within an answer may be long, and the answer too."""
    digits: int = 0
    """So many keys pressed one after another are one number, never single answers; 0: every key is an answer."""
    type: Literal["listen"] = "listen"


@dataclass(frozen=True, slots=True)
class KeepAudio:
    """From here on both sides are recorded: the caller agreed, and can no longer take that back by a second thought."""

    type: Literal["keep_audio"] = "keep_audio"


@dataclass(frozen=True, slots=True)
class Decided:
    """The rules decided; kept with the trace so that the decision can be explained and repeated to the byte."""

    decision: dict[str, Any]
    """As `voicebot triage --json` prints it."""
    trace: list[dict[str, Any]]
    """Every rule with the answer each of its conditions saw."""
    type: Literal["decided"] = "decided"


@dataclass(frozen=True, slots=True)
class Brief:
    """What the person who takes the call is told about the caller, once they have accepted it."""

    prompt: str
    """Prompt id of one sentence; nobody else ever hears it."""
    type: Literal["brief"] = "brief"


@dataclass(frozen=True, slots=True)
class CallBack:
    """Note for staff that the caller is to be called back; of several on one call the last holds."""

    preferred: PreferredTime
    type: Literal["call_back"] = "call_back"


@dataclass(frozen=True, slots=True)
class Refused911:
    """The caller will not call nine one one, or did not say so. Nothing is performed; it stands in the record."""

    why: Refusal
    type: Literal["refused_911"] = "refused_911"


@dataclass(frozen=True, slots=True)
class PageStaff:
    """Page staff at once. Stored for delivery in the same commit as the record; never withdrawn."""

    reason: PageReason
    type: Literal["page_staff"] = "page_staff"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """After the words before it, sound a tone and record where the caller is, for staff; no grammar hears it.

    The caller agreed to just that. A PlaceRecorded follows.
    """

    max_ms: int
    """The longest recording."""
    type: Literal["record_place"] = "record_place"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Put the caller through."""

    target: Target
    type: Literal["transfer"] = "transfer"


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""

    type: Literal["hang_up"] = "hang_up"


Effect = (
    Say | Listen | KeepAudio | Decided | Brief | CallBack | Refused911 | PageStaff | RecordPlace | Transfer | HangUp
)
