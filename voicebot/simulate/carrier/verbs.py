"""The TwiML verbs that the emulator executes, as values. No behavior.

Defaults are Twilio's (twilio.com/docs/voice/twiml).
"""

from __future__ import annotations

from dataclasses import dataclass

ANY_KEY = "1234567890*#"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text."""

    text: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play a sound."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait in silence."""

    length_s: float = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys, while or after the nested verbs are heard."""

    prompts: tuple[Say | Play | Pause, ...] = ()
    action: str = ""
    """Empty: the document's own URL."""
    method: str = "POST"
    timeout_s: float = 5
    finish_on_key: str = "#"
    num_digits: int | None = None
    action_on_empty_result: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller."""

    action: str = ""
    """Empty: the document's own URL."""
    method: str = "POST"
    timeout_s: float = 5
    """Seconds of silence that end the recording."""
    finish_on_key: str = ANY_KEY
    max_length_s: float = 3600
    play_beep: bool = True
    trim_silence: bool = True
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """A media stream in both directions."""

    url: str
    name: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Connect:
    """Hand the call to a media stream until it ends."""

    stream: Stream
    action: str = ""
    """Empty: the verb that follows comes next."""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring somebody up and put the caller through. Several numbers ring one after the other."""

    numbers: tuple[str, ...]
    action: str = ""
    """Empty: the verb that follows comes next."""
    method: str = "POST"
    timeout_s: float = 30
    time_limit_s: float = 14400


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Record | Connect | Dial | Redirect | Hangup | Reject
