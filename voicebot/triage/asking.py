"""What to ask next, and what the answer to a screen means for each of its questions. Knows no wording of a call.

Most urgent first, in the order of the rule set. A question is skipped only when no rule holding it can still change the
outcome, so that stopping early gives the same urgency as asking everything; nothing is worth asking at call-911 level.
The one exception are the questions left for staff, none of which can then hide a red flag: `left_for_staff` lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.bits import read_sheet
from voicebot.triage.judging import judge_all
from voicebot.triage.levels import RED_FLAG, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.bits import RuleSetBits, Sheet
    from voicebot.triage.ruleset import RuleSet, Screen


def next_screen(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Screen | None:
    """Return what to ask now: a group while none of it was asked, else one question; None when all is settled.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    return screen_for(ruleset, read_sheet(ruleset, answers))


def screen_for(ruleset: RuleSet, sheet: Sheet) -> Screen | None:
    """Return the same for answers that were read."""
    worth = _worth_asking(ruleset, sheet)
    for screen, asked in ruleset.bits.screens:
        if worth & asked == asked:
            return screen
        if worth & asked:
            counts_for = ruleset.bits.counts_for
            return ruleset.single(next(name for name in screen.questions if worth & counts_for[name]))
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
    return staff_questions(ruleset, read_sheet(ruleset, answers))


def staff_questions(ruleset: RuleSet, sheet: Sheet) -> tuple[str, ...]:
    """Return the same for answers that were read."""
    return sheet.named(_worth_asking(ruleset, sheet, leave_for_staff=False) & ruleset.bits.by_staff)


def _worth_asking(ruleset: RuleSet, sheet: Sheet, *, leave_for_staff: bool = True) -> int:
    """Return the questions that are not asked yet and could change the outcome.

    A rule could, if it could raise the urgency or, below a red flag's, change where to; for a follow-up it is enough
    below a red flag's that it completes a pattern.
    """
    fired, bits = judge_all(ruleset, sheet), ruleset.bits
    urgency = max((rule.urgency for rule in fired), default=Urgency.SELF_CARE)
    reached = {destination for rule in fired for destination in rule.outcome.destinations}
    left = bits.by_staff if leave_for_staff and fired else 0
    to_ask = sheet.not_asked & (bits.first_asked | _triggered(bits, sheet))
    never = sheet.no | (sheet.not_asked & bits.by_nobody)  # a rule that needs one of these cannot fire any more
    worth = 0
    for rule in bits.rules:
        if rule.needs & never or not rule.needs & to_ask & ~worth:
            continue
        could = to_ask if rule.is_red_flag else to_ask & ~left
        if rule.level > urgency or (urgency < RED_FLAG and not reached.issuperset(rule.destinations)):
            worth |= rule.needs & could
        elif urgency < RED_FLAG:
            worth |= rule.needs & could & ~bits.first_asked
    return worth


def _triggered(bits: RuleSetBits, sheet: Sheet) -> int:
    """Return the follow-ups one of whose triggers is yes, unknown or declined."""
    there = sheet.yes | sheet.uncleared
    triggered = 0
    for follow_up in bits.follow_ups:
        if follow_up.triggers & there:
            triggered |= follow_up.question
    return triggered
