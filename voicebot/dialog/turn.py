"""When a turn on live audio is over: barge-in, no-input, an answer that never ends. Counts audio, knows no clock.

An utterance itself is ended by the ears; here is decided whether it counts, given what was playing meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PROTECTED_MS = 300
"""The first moment of a prompt: what is heard then is the tail of the last answer or the line's own echo."""
EARLY_MS = 300
"""People begin to answer this long before a question ends; it counts as after it."""
MAX_ANSWER_MS = 10_000
"""An answer longer than this is no answer (hold music, a conversation in the room)."""


class Verdict(StrEnum):
    """What becomes of an utterance, or of the time that passed."""

    TAKE = "take"
    TAKE_OVER_PROMPT = "take_over_prompt"
    """It counts, but was spoken while the question was playing."""
    IGNORE = "ignore"
    NO_INPUT = "no_input"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Turn:
    """One open question. All times are ms on the call's clock."""

    opened_ms: int
    """When its prompt began to play."""
    no_input_ms: int
    """Silence after the prompt that counts as no answer."""
    prompt_ended_ms: int | None = None
    """None while the prompt is playing."""
    last_sign_ms: int | None = None
    """When the caller was last heard speaking."""


def on_utterance(turn: Turn, started_ms: int, *, understood: bool) -> Verdict:
    """Return whether an utterance that began at `started_ms` counts.

    While the prompt plays only an answer the grammar knows interrupts (hotword barge-in), so neither a cough nor the
    line's own voice does.
    """
    ended = turn.prompt_ended_ms
    if ended is not None and started_ms >= ended - EARLY_MS:
        return Verdict.TAKE
    if understood and started_ms >= turn.opened_ms + PROTECTED_MS:
        return Verdict.TAKE_OVER_PROMPT
    return Verdict.IGNORE


def on_time(turn: Turn, now_ms: int) -> Verdict | None:
    """Return NO_INPUT or TOO_LONG when the turn has run out at `now_ms`, else None.

    Any sign of speech restarts the wait for an answer.
    """
    if turn.prompt_ended_ms is None:
        return None
    if now_ms - turn.prompt_ended_ms >= MAX_ANSWER_MS and turn.last_sign_ms is not None:
        return Verdict.TOO_LONG
    waiting_since = max(turn.prompt_ended_ms, turn.last_sign_ms or 0)
    return Verdict.NO_INPUT if now_ms - waiting_since >= turn.no_input_ms else None
