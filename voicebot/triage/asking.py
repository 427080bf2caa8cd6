"""What to ask next, and what the answer to a screen means for each of its questions. Knows no wording of a call.

Most urgent first, in the order of the rule set. A question is skipped only when no rule holding it can still change the
outcome, so that stopping early gives the same urgency as asking everything; nothing is worth asking at call-911 level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.judging import is_open, judge_all
from voicebot.triage.levels import RED_FLAG, Destination, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.ruleset import RuleSet, Screen


def next_screen(ruleset: RuleSet, answers: Mapping[str, Answer]) -> Screen | None:
    """Return what to ask now: a group while none of it was asked, else one question; None when all is settled.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    worth = _worth_asking(ruleset, parse_answers(answers, ruleset))
    for screen in ruleset.screens.values():
        open_questions = [question for question in screen.questions if question in worth]
        if len(open_questions) == len(screen.questions):
            return screen
        if open_questions:
            return ruleset.single(open_questions[0])
    return None


def next_question(ruleset: RuleSet, answers: Mapping[str, Answer]) -> str | None:
    """Return the id of the single question to ask now; None when all is settled."""
    screen = next_screen(ruleset, answers)
    return screen.questions[0] if screen else None


def answer_screen(ruleset: RuleSet, answers: Mapping[str, Answer], screen_id: str, answer: Answer) -> dict[str, Answer]:
    """Return the answers after `answer` to a screen: it counts for each question of it.

    For "no" that is what was said. For anything else it is the strictest reading of "one of these", which fits where
    there is no time to tell them apart (call-911 level); below that level the questions are better asked one by one.
    """
    return {**answers, **dict.fromkeys(ruleset.screens[screen_id].questions, answer)}


def _worth_asking(ruleset: RuleSet, answers: Mapping[str, Answer]) -> set[str]:
    fired = judge_all(ruleset, answers)
    urgency = max((rule.urgency for rule in fired), default=Urgency.SELF_CARE)
    reached = {destination for rule in fired for destination in rule.outcome.destinations}
    return {name for name in ruleset.questions if _is_worth(ruleset, answers, name, urgency, reached)}


def _is_worth(
    ruleset: RuleSet, answers: Mapping[str, Answer], name: str, urgency: Urgency, reached: set[Destination]
) -> bool:
    """Whether an answer could raise the urgency or, below a red flag's, change where to or complete a pattern."""
    question = ruleset.questions[name]
    triggers = [answers[trigger] for trigger in question.asked_if]
    if answers[name] is not Answer.NOT_ASKED:
        return False
    if triggers and not any(trigger is Answer.YES or trigger.uncleared for trigger in triggers):
        return False
    return any(
        rule.level > urgency or (urgency < RED_FLAG and (triggers or not reached.issuperset(rule.destinations)))
        for rule in ruleset.rules_with[name]
        if is_open(rule, answers)
    )
