"""Answers as JSON text, the same for the command line and the API. Which questions there are is not known here."""

from __future__ import annotations

import json

from voicebot.errors import VoicebotError

_SHAPE = 'Write them as {"question_id": "yes", ...}.'


def read_answers(text: str | bytes) -> dict[str, object]:
    """Return the object that `text` (bytes: UTF-8) holds; its values are not looked at.

    Raises VoicebotError `answers_unreadable`, or `question_answered_twice`, as one of the answers would be lost.
    """
    try:
        answers = json.loads(text.decode() if isinstance(text, bytes) else text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or nested beyond all reason
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise VoicebotError("answers_unreadable", f"The answers are no JSON{line}.", _SHAPE) from None
    if not isinstance(answers, dict):
        raise VoicebotError("answers_unreadable", "The answers are no JSON object.", _SHAPE)
    return answers


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    answers = dict(pairs)
    if len(answers) < len(pairs):
        raise VoicebotError("question_answered_twice", "A question is answered twice.", "Keep one answer for each.")
    return answers
