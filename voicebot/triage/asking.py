"""What to ask next, and what the answer to a screen means for each of its questions. Knows no wording of a call.

Most urgent first, in the order of the rule set. A question is skipped only when no rule holding it can still change the
outcome, so that stopping early gives the same urgency as asking everything; nothing is worth asking at call-911 level.
The one exception are the questions left for staff, none of which can then hide a red flag: `left_for_staff` lists them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot.triage.bits import read_sheet
from voicebot.triage.judging import judge_all
from voicebot.triage.levels import RED_FLAG, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.bits import RuleSetBits, Sheet, Together
    from voicebot.triage.ruleset import RuleSet, Screen


def next_screen(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Screen | None:
    """Return what to ask now: a group while none of it was asked, else one question; None when all is settled.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    try:
        return _remembered(ruleset, tuple(answers.items()))
    except TypeError:  # an answer that cannot be looked up is none
        return screen_for(ruleset, read_sheet(ruleset, answers))


@lru_cache(maxsize=1024)
def _remembered(ruleset: RuleSet, answers: tuple[tuple[str, Answer], ...]) -> Screen | None:
    """Return what to ask; of the answers that calls come by, 97 in 100 were another call's before."""
    return screen_for(ruleset, read_sheet(ruleset, dict(answers)))


def screen_for(ruleset: RuleSet, sheet: Sheet) -> Screen | None:
    """Return the same for answers that were read."""
    standing = _Standing(sheet)
    for screen, asked in sheet.bits.screens:
        if not asked.questions & standing.to_ask or not (worth := standing.worth_asking(asked)):
            continue
        if worth == asked.questions:
            return screen
        return ruleset.single(next(name for name in screen.questions if worth & sheet.bits.counts_for[name]))
    return None


def next_question(ruleset: RuleSet, answers: Mapping[str, Answer]) -> str | None:
    """Return the id of the single question to ask now; None when all is settled."""
    screen = next_screen(ruleset, answers)
    return screen.questions[0] if screen else None


def answer_screen(ruleset: RuleSet, answers: Mapping[str, Answer], screen_id: str, answer: Answer) -> dict[str, Answer]:
    """Return the answers after `answer` to a screen, or to a question put by itself: it counts for each question of it.

    For "no" that is what was said. For anything else it is the strictest reading of "one of these", which fits where
    there is no time to tell them apart (call-911 level); below that level the questions are better asked one by one.
    """
    screen = ruleset.screens.get(screen_id) or ruleset.single(screen_id)
    return {**answers, **dict.fromkeys(screen.questions, answer)}


def left_for_staff(ruleset: RuleSet, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return the questions for staff that are still open and could change the outcome, though never to a red flag.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    return staff_questions(read_sheet(ruleset, answers))


def staff_questions(sheet: Sheet) -> tuple[str, ...]:
    """Return the same for answers that were read."""
    return sheet.named(_Standing(sheet).worth_asking(sheet.bits.for_staff, leave_for_staff=False))


class _Standing:
    """How far the answers have led, and which questions are still open."""

    def __init__(self, sheet: Sheet) -> None:
        fired, bits = judge_all(sheet), sheet.bits
        self.to_ask = sheet.not_asked & (bits.first_asked | _triggered(bits, sheet))
        self._first_asked = bits.first_asked
        self._by_staff = bits.for_staff.questions if fired else 0
        self._never = sheet.no | (sheet.not_asked & bits.by_nobody)
        """A rule that needs one of these cannot fire any more."""
        self._urgency = max(rule.urgency for rule in fired) if fired else Urgency.SELF_CARE
        self._reached = {destination for rule in fired for destination in rule.outcome.destinations}

    def worth_asking(self, asked: Together, *, leave_for_staff: bool = True) -> int:
        """Return those of the questions `asked` that are open and could change the outcome.

        A rule could, if it could raise the urgency or, below a red flag's, change where to; for a follow-up it is
        enough below a red flag's that it completes a pattern.
        """
        to_ask, worth = asked.questions & self.to_ask, 0
        no_red_flag = self._urgency < RED_FLAG
        for rule in asked.rules:
            if rule.needs & self._never or not rule.needs & to_ask & ~worth:
                continue
            could = to_ask if rule.is_red_flag or not leave_for_staff else to_ask & ~self._by_staff
            if rule.level > self._urgency or (no_red_flag and not self._reached.issuperset(rule.destinations)):
                worth |= rule.needs & could
            elif no_red_flag:
                worth |= rule.needs & could & ~self._first_asked
        return worth


def _triggered(bits: RuleSetBits, sheet: Sheet) -> int:
    """Return the follow-ups one of whose triggers is yes, unknown or declined."""
    there = sheet.yes | sheet.uncleared
    triggered = 0
    for follow_up in bits.follow_ups:
        if follow_up.triggers & there:
            triggered |= follow_up.question
    return triggered
