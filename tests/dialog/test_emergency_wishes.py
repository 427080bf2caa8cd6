"""After the advice to call nine one one: who wants an interpreter instead, or wants something while in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.walks import CONNECTED, DOUBTFUL, NO, STARTED, YES, heard, prompts
from voicebot.dialog.effects import Brief, PageReason, PageStaff, Refusal, Refused911, Transfer
from voicebot.dialog.events import Fault
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.triage.answers import Answer

TOLD = [(YES, YES), (heard(Meaning.EMERGENCY),)]
"""By the rules, and by the caller's own words."""


def after(ruleset, *events):
    """Return the state and the last event's effects."""
    state, history = fold(ruleset, [STARTED, CONNECTED, *events])
    return state, history[-1][1]


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("language", ["spanish", "interpreter"])
def test_an_interpreter_instead_is_a_refusal_and_staff_are_told_of_the_advice(ruleset, told, language):
    state, effects = after(ruleset, *told, heard(Meaning(language)))
    assert effects[:2] == (Refused911(Refusal.PERSON), PageStaff(PageReason.REFUSED))
    assert prompts(effects) == ["advice.call_911", f"to_person.{language}"]
    assert [one for one in effects if isinstance(one, Brief)] == [Brief("whisper.call_911")]
    assert isinstance(effects[-1], Transfer)
    assert state.if_nobody == "advice.call_911"


def test_the_advice_that_was_given_is_never_followed_by_a_milder_one(ruleset):
    state, _ = after(ruleset, heard(Meaning.EMERGENCY))
    state, effects = step(ruleset, replace(state, answers={"saddle": Answer.YES}), heard(Meaning.SPANISH))
    assert "advice.emergency_room" not in prompts(effects)
    assert state.if_nobody == "advice.call_911"


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("at", [(), (NO,)], ids=["will they call", "where they are"])
@pytest.mark.parametrize(
    "wish", [heard(Meaning.OPERATOR), heard(Meaning.EMERGENCY), heard(Meaning.SPANISH), Fault(0, "ears_failed")]
)
def test_a_wish_while_an_answer_is_in_doubt_is_one_at_the_question_in_doubt(ruleset, told, at, wish):
    in_doubt = heard(Meaning.YES, DOUBTFUL)
    assert after(ruleset, *told, *at, in_doubt, wish)[1] == after(ruleset, *told, *at, wish)[1]
