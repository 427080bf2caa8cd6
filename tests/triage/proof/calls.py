"""A caller who knows the truth, asked as the rule set asks, until it stops. Knows no rule and no wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage import Answer, next_screen

if TYPE_CHECKING:
    from tests.triage.proof.states import State
    from voicebot.triage import RuleSet


def early_stop(ruleset: RuleSet, truth: State, *, one_by_one: bool) -> State:
    """Return the answers that a call has when it stops asking; what nobody asks, the caller has told of at once."""
    answers = {name: truth[name] for name, question in ruleset.questions.items() if question.asked_by == "nobody"}
    while screen := next_screen(ruleset, answers):
        asked = screen.questions[:1] if one_by_one else screen.questions
        answers |= {question: truth[question] for question in asked}
    return answers


def as_asked(ruleset: RuleSet, truth: State) -> State:
    """Return the truth with a no to each follow-up whose triggers are all no: nobody would have asked it."""
    return {
        name: answer if not triggers or any(truth[trigger] is not Answer.NO for trigger in triggers) else Answer.NO
        for name, answer in truth.items()
        for triggers in [ruleset.questions[name].asked_if]
    }
