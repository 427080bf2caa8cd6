"""Judges one utterance: meaning and confidence in; accept, confirm or ask again out. All thresholds live here."""

from __future__ import annotations

from enum import StrEnum

from voicebot.dialog.meaning import Meaning

ACCEPT_AT = 0.98
"""Confidence (0..1) from which an answer is taken as it was heard."""
CONFIRM_AT = 0.4
"""Confidence (0..1) from which an answer is read back instead of asked again."""
TAKE_AT = 0.8
"""Confidence (0..1) from which a wish for a person or an interpreter, or talk of suicide, is acted on; none of them is
ever read back."""

ALWAYS_TAKEN = frozenset({Meaning.OPERATOR, Meaning.SPANISH, Meaning.INTERPRETER, Meaning.SUICIDE})
"""Meanings that lead to a person: doubt about them is resolved in favor of the caller. An emergency is not among
them, as its advice ends the call; in doubt it is confirmed."""


class Action(StrEnum):
    """What the dialog does with an utterance."""

    ACCEPT = "accept"
    CONFIRM = "confirm"
    ASK_AGAIN = "ask_again"


def judge(meaning: Meaning | None, confidence: float, *, over_prompt: bool = False) -> Action:
    """Return what to do with an utterance understood as `meaning` with `confidence` 0..1.

    No meaning and mixed meanings are asked again, whatever the confidence. `over_prompt` marks an answer spoken while
    a red-flag question was still playing: it may be the line's own voice coming back, so it is confirmed at best.
    """
    if meaning is None or meaning is Meaning.MIXED or confidence < CONFIRM_AT:
        return Action.ASK_AGAIN
    if meaning in ALWAYS_TAKEN:
        return Action.ACCEPT if confidence >= TAKE_AT else Action.ASK_AGAIN
    if confidence < ACCEPT_AT or over_prompt:
        return Action.CONFIRM
    return Action.ACCEPT
