"""What to ask next, and what the answer to a screen means for each of its questions. Knows no wording of a call.

Most urgent first, in the order of the rule set. A question is skipped only when no rule holding it can still change the
outcome, so that stopping early gives the same urgency as asking everything; nothing is worth asking at call-911 level.
The one exception are the questions left for staff, none of which can then hide a red flag: `left_for_staff` lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.judging import is_open, judge_all
from voicebot.triage.levels import RED_FLAG, AskedBy, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.file_format import Rule
    from voicebot.triage.ruleset import Question, RuleSet, Screen


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
    worth = _worth_asking(ruleset, parse_answers(answers, ruleset), leave_for_staff=False)
    return tuple(name for name in worth if ruleset.questions[name].asked_by is AskedBy.STAFF)


def _worth_asking(ruleset: RuleSet, answers: Mapping[str, Answer], *, leave_for_staff: bool = True) -> list[str]:
    fired = judge_all(ruleset, answers)
    urgency = max((rule.urgency for rule in fired), default=Urgency.SELF_CARE)
    reached = {destination for rule in fired for destination in rule.outcome.destinations}

    def could_change(rule: Rule, *, follow_up: bool) -> bool:
        """Whether the rule could raise the urgency or, below a red flag's, change where to or complete a pattern."""
        return rule.level > urgency or (urgency < RED_FLAG and (follow_up or not reached.issuperset(rule.destinations)))

    def is_worth(question: Question) -> bool:
        triggers = [answers[trigger] for trigger in question.asked_if]
        if answers[question.id] is not Answer.NOT_ASKED or (triggers and not any(map(_is_trigger, triggers))):
            return False
        left = leave_for_staff and fired and question.asked_by is AskedBy.STAFF
        return any(
            could_change(rule, follow_up=bool(triggers))
            for rule in ruleset.rules_with[question.id]
            if is_open(ruleset, rule, answers) and not (left and rule.level < RED_FLAG)
        )

    return [name for name, question in ruleset.questions.items() if is_worth(question)]


def _is_trigger(answer: Answer) -> bool:
    return answer is Answer.YES or answer.uncleared
