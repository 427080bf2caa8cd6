"""Who said what, when: the record as lines to read. Chooses no layout and looks up no file; texts are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    HangUp,
    KeepAudio,
    Listen,
    PageStaff,
    RecordPlace,
    Refused911,
    Say,
    Transfer,
)
from voicebot.dialog.events import (
    CallStarted,
    Connected,
    Disconnected,
    Event,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    NumberEntered,
    PlaceRecorded,
    Played,
    SecondThought,
    StaffAsked,
    StaffReplied,
    TransferEnded,
)
from voicebot.dialog.meaning import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry, Message
    from voicebot.dialog.meaning import Meaning


class Speaker(StrEnum):
    """Whose line it is."""

    CALLER = "caller"
    LINE = "line"
    NOTE = "note"
    """Nobody's: something that was done."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a transcript."""

    at_ms: int
    """On the call's clock; what the line says has the time of the event it answers."""
    speaker: Speaker
    text: str | None
    """None when the caller's words were deleted."""
    meaning: Meaning | None = None
    confidence: float | None = None
    """0..1, of an utterance."""
    turn_gap_ms: int | None = None
    """From the end of the caller's speech until the line took the turn for over."""

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON values."""
        return {
            "at_ms": self.at_ms,
            "speaker": self.speaker,
            "text": self.text,
            "meaning": self.meaning,
            "confidence": self.confidence,
            "turn_gap_ms": self.turn_gap_ms,
        }


def transcript(entries: Sequence[Entry], texts: Mapping[str, str]) -> Iterator[Spoken]:
    """Yield the lines of a call; `texts` holds the words of each prompt id, an unknown id stands for itself."""
    at_ms = 0
    for entry in entries:
        message = entry.message
        at_ms = message.at_ms if isinstance(message, Event) else at_ms
        match message:
            case Say(prompts):
                yield Spoken(at_ms, Speaker.LINE, " ".join(texts.get(prompt, f"[{prompt}]") for prompt in prompts))
            case Heard():
                gap = None if message.ended_ms is None else at_ms - message.ended_ms
                yield Spoken(at_ms, Speaker.CALLER, message.words, message.meaning, message.confidence, gap)
            case SecondThought(key=None):
                yield Spoken(at_ms, Speaker.CALLER, message.words, message.meaning, message.confidence)
            case SecondThought(key=str(key)):
                yield Spoken(at_ms, Speaker.CALLER, f"[key {key}]", message.meaning)
            case KeyPressed(key=key):
                yield Spoken(at_ms, Speaker.CALLER, f"[key {key}]", meaning=KEYS.get(key))
            case NumberEntered(complete=complete):
                yield Spoken(
                    at_ms, Speaker.CALLER, "[keyed in a number]" if complete else "[keyed in part of a number]"
                )
            case NoInput():
                yield Spoken(at_ms, Speaker.CALLER, "[silence]")
            case _ if note := _note(message):
                yield Spoken(at_ms, Speaker.NOTE, note)


def _note(message: Message) -> str:
    """Return what was done, in words; empty for what a reader need not know."""
    match message:
        case Connected(channel=channel):
            return f"connected ({channel})"
        case Disconnected(reason=reason):
            return f"disconnected ({reason})"
        case Fault(code=code):
            return f"fault: {code}"
        case StaffAsked():
            return "staff asked for this call"
        case StaffReplied(reply=reply):
            return f"asked to take the call: {_words(reply)}"
        case TransferEnded(outcome=outcome):
            return f"transfer: {_words(outcome)}"
        case HungUp():
            return "the call is over"
        case KeepAudio():
            return "recording from here on"
        case Decided(decision=decision):
            rules = ", ".join(rule["id"] for rule in decision["rules"])
            return f"decided: urgency {decision['urgency']} ({_words(decision['level'])}) by {rules}"
        case CallBack(preferred=preferred):
            return f"call back: {_words(preferred)}"
        case Refused911(why=why):
            return f"will not call nine one one, or did not say so: {_words(why)}"
        case PageStaff(reason=reason):
            return f"staff paged: {_words(reason)}"
        case RecordPlace():
            return "recording where the caller is"
        case PlaceRecorded(lost=True):
            return "where the caller is: recorded, but the recording is still with the carrier"
        case PlaceRecorded(ms=ms):
            return f"where the caller is: {ms / 1000:.0f} s recorded" if ms else "where the caller is: nothing recorded"
        case Transfer(target=target):
            return f"put through to: {_words(target)}"
        case HangUp():
            return "the line hangs up"
        case (
            CallStarted()
            | Played()
            | Listen()
            | Brief()
            | Say()
            | Heard()
            | SecondThought()
            | KeyPressed()
            | NumberEntered()
            | NoInput()
        ):
            return ""


def _words(name: str) -> str:
    return name.replace("_", " ")
