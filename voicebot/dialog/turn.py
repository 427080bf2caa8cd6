"""When a turn on live audio is over: end of an answer, barge-in, second thoughts, no-input. Counts audio, has no clock.

The ears tell which words were heard and for how long it has been quiet; here is decided whether that is all, whether
it counts, and which question it is about. Laws:
1. An answer is over when its words are complete and it has been quiet for QUIET_MS. For LONG_QUIET_MS the line waits
   when the question is a red flag, and when what was heard is doubtful, contradicts itself, means nothing, or may be
   the beginning of something else ("i don't ... know"). Words that come while it waits belong to the same answer.
   Where somebody types or speaks for the caller, every answer is waited for UNHURRIED_QUIET_MS.
2. While a prompt plays, only an answer the grammar knows interrupts it: no cough, and hardly the line's own voice.
   The first PROTECTED_MS of a prompt cannot be interrupted; whoever begins EARLY_MS before its end has heard it.
   A "yes" over a red-flag question, its read-back or "will you call now?" is never accepted as it is (inputs.py).
3. Whoever answered may think again for REOPEN_MS, counted from QUIET_MS after the last word, whenever the line took
   the answer. What is said then over the next words of the line is about the answer just given: another meaning takes
   it back and the question is asked again; the same meaning changes nothing. Neither is taken as the answer to the
   next question, of which a moment was heard: the "no" of "yes ... no" must not clear a red flag that follows. Whoever
   did mean the next question loses no answer, only time: it stays open, is heard to its end, and is asked again after
   SOON_MS of silence. The same meaning later than REPEAT_MS is no repetition any more but an answer over the prompt
   (law 2), and what begins at a prompt's end answers it.
   A key pressed again within REPEAT_MS is likewise the same answer, whatever question has begun meanwhile.
4. Whoever wants a person, or tells of an emergency or of suicide, takes nothing back; it is acted on at once.
5. Over what cannot be interrupted only an emergency and suicide are heard (speech/overhearing.py), and they count only
   when they are accepted and began after PROTECTED_MS; what they come to is inputs.py's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voicebot.dialog.answers import ACCEPT_AT, Action, judge
from voicebot.dialog.meaning import URGENT, Meaning

QUIET_MS = 240
"""Quiet after the last word that ends an ordinary answer; pauses between the words of one breath are shorter."""
LONG_QUIET_MS = 600
"""Quiet that ends any answer."""
SPEAKING_MS = 400
"""Words are known so long after they begin: so much more patience is had while somebody seems to be speaking."""
REPEAT_MS = 1000
"""So long after an answer was complete the same once more is only said, or pressed, twice ("yes ... yes")."""
SOON_MS = 2500
"""Silence that counts as no answer where the caller may believe to have given one."""
REOPEN_MS = 1500
"""So long after an answer was complete the caller may take it back."""
PROTECTED_MS = 300
"""The first moment of a prompt: what is heard then is the tail of the last answer or the line's own echo."""
EARLY_MS = 300
"""People begin to answer this long before a question ends; it counts as after it."""
MAX_ANSWER_MS = 10_000
"""An answer longer than this is no answer (hold music, a conversation in the room)."""
UNHURRIED_QUIET_MS = 2500
"""Quiet that ends any answer where somebody types or speaks for the caller: their words come with long pauses."""
UNHURRIED_ANSWER_MS = 60_000
"""The longest answer there."""

_MAY_BE_TAKEN_BACK = frozenset({Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.EMERGENCY, Meaning.OPERATOR})
_NO_TO_AN_URGENT_WISH = frozenset({Meaning.NO, Meaning.BACK, Meaning.MIXED})


class Verdict(StrEnum):
    """What becomes of an utterance, or of the time that passed."""

    TAKE = "take"
    TAKE_OVER_PROMPT = "take_over_prompt"
    """It counts, but was spoken while the question was playing."""
    IGNORE = "ignore"
    UNCLEAR = "unclear"
    """It may be about this question or about the one before, so it counts for neither."""
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
    answered_ms: int | None = None
    """When the answer before it was complete, while that may still be taken back."""
    answered: Meaning | None = None
    """What that answer meant."""
    unhurried: bool = False
    """The caller needs time."""


def patience_ms(
    meaning: Meaning | None, confidence: float, *, may_grow: bool, red_flag: bool, unhurried: bool = False
) -> int:
    """Return the quiet, in ms after the last word, that ends an answer of this `meaning` and `confidence` 0..1.

    `may_grow` says that the words are the beginning of others that mean something else; `unhurried`, that the caller
    needs time.
    """
    if unhurried:
        return UNHURRIED_QUIET_MS
    clear = judge(meaning, confidence) is Action.ACCEPT and not may_grow
    return QUIET_MS if clear and not red_flag else LONG_QUIET_MS


def may_conclude(
    meaning: Meaning | None, quiet_ms: int, *, may_grow: bool, red_flag: bool, unhurried: bool = False
) -> bool:
    """Return whether the words heard so far, which mean `meaning`, are the whole answer after `quiet_ms` of quiet.

    Words that mean nothing, or two things, are left to the ears to end: they know better whether more is coming.
    """
    if meaning is None or meaning is Meaning.MIXED:
        return False
    return quiet_ms >= patience_ms(meaning, 1.0, may_grow=may_grow, red_flag=red_flag, unhurried=unhurried)


def is_over(waited_ms: int, quiet_ms: int, patience: int) -> bool:
    """Return whether an answer whose last word ended `waited_ms` ago is over, given the `patience_ms` it asks for.

    In noise `quiet_ms` may stay at nothing for ever, so it only delays; a clear answer is not delayed at all.
    """
    speaking = patience > QUIET_MS > quiet_ms
    return waited_ms >= patience + (SPEAKING_MS if speaking else 0)


def on_utterance(turn: Turn, started_ms: int, meaning: Meaning | None) -> Verdict:
    """Return whether an answer that began at `started_ms` counts (laws 2 and 3).

    `meaning` is None for what the grammar does not know, and for what was heard too badly to say.
    """
    if not _over_prompt(turn, started_ms):
        return Verdict.TAKE
    if meaning is None or started_ms < turn.opened_ms + PROTECTED_MS:
        return Verdict.IGNORE
    since_answer_ms = REOPEN_MS if turn.answered_ms is None else started_ms - turn.answered_ms
    if since_answer_ms < (REPEAT_MS if meaning is turn.answered else REOPEN_MS):
        return Verdict.UNCLEAR
    return Verdict.TAKE_OVER_PROMPT


def is_second_thought(turn: Turn | None, answered_ms: int, started_ms: int) -> bool:
    """Return whether words that began at `started_ms` are about the answer complete at `answered_ms` (law 3).

    `turn` is the question open now; None while the line says what may not be interrupted.
    """
    return started_ms < answered_ms + REOPEN_MS and (turn is None or _over_prompt(turn, started_ms))


def _over_prompt(turn: Turn, started_ms: int) -> bool:
    return turn.prompt_ended_ms is None or started_ms < turn.prompt_ended_ms - EARLY_MS


def may_be_taken_back(meaning: Meaning) -> bool:
    """Return whether an answer can be taken back; talk of suicide, and a wish to hear it again, cannot."""
    return meaning in _MAY_BE_TAKEN_BACK


def contradicts(first: Meaning, second: Meaning, confidence: float) -> bool:
    """Return whether `second`, said a moment after `first`, is to be acted on (laws 3 and 4).

    It must be beyond doubt (`confidence` 0..1): the line's own voice never is, and a wrong answer can still be mended.
    """
    sure = judge(second, confidence) is Action.ACCEPT or (second is Meaning.MIXED and confidence >= ACCEPT_AT)
    if not sure:
        return False
    if first is Meaning.YES and second is Meaning.CALLING:
        return False
    if second in URGENT:
        return first not in URGENT or URGENT.index(second) < URGENT.index(first)
    if first in URGENT:
        return second in _NO_TO_AN_URGENT_WISH
    return second is not first


def is_pressed_again(before: str, before_ms: int, key: str, now_ms: int) -> bool:
    """Return whether `key` is the one pressed at `before_ms` again, by who believes that it did nothing (law 3)."""
    return key == before and now_ms - before_ms < REPEAT_MS


def on_time(turn: Turn, now_ms: int) -> Verdict | None:
    """Return NO_INPUT or TOO_LONG when the turn has run out at `now_ms`, else None.

    Any sign of speech restarts the wait for an answer.
    """
    if turn.prompt_ended_ms is None:
        return None
    longest_ms = UNHURRIED_ANSWER_MS if turn.unhurried else MAX_ANSWER_MS
    if now_ms - turn.prompt_ended_ms >= longest_ms and turn.last_sign_ms is not None:
        return Verdict.TOO_LONG
    waiting_since = max(turn.prompt_ended_ms, turn.last_sign_ms or 0)
    return Verdict.NO_INPUT if now_ms - waiting_since >= turn.no_input_ms else None
