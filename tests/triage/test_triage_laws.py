"""What must hold for every caller, whatever they answer."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.triage.caller_answers import DECLINED, NO, NOT_ASKED, UNKNOWN, YES, otherwise_no, with_answer
from voicebot.triage import Answer, answer_screen, decide, next_screen

same_rules = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def callers(draw, choices=tuple(Answer)):
    """Draw answers as a function of the question ids: mostly no, a few others, as callers are."""
    others = draw(st.dictionaries(st.integers(0, 56), st.sampled_from(choices), max_size=8))
    rest = draw(st.sampled_from([NO, *([NOT_ASKED] if NOT_ASKED in choices else [])]))
    return lambda ruleset: {name: others.get(place, rest) for place, name in enumerate(ruleset.questions)}


@same_rules
@given(callers(), st.integers(0, 56))
def test_no_weighs_at_most_unknown_and_unknown_at_most_yes(ruleset, caller, place):
    question = list(ruleset.questions)[place]
    answers = caller(ruleset)
    no, unknown, declined, yes = (
        decide(ruleset, with_answer(answers, question, answer)) for answer in (NO, UNKNOWN, DECLINED, YES)
    )
    assert no.urgency <= unknown.urgency <= yes.urgency
    assert no.urgency_if_no_person <= unknown.urgency_if_no_person <= yes.urgency_if_no_person
    assert (unknown.urgency, unknown.destinations) == (declined.urgency, declined.destinations)
    assert unknown.urgency_if_no_person >= unknown.urgency


@same_rules
@given(callers())
def test_every_caller_gets_one_level_and_somewhere_to_go_and_no_red_flag_goes_to_the_spine_clinic(ruleset, caller):
    decision = decide(ruleset, caller(ruleset))
    assert 0 <= decision.urgency <= 5
    assert decision.destinations
    assert decision.urgency < 3 or "spine" not in decision.destinations


@same_rules
@given(callers(choices=(YES, NO, UNKNOWN, DECLINED)), st.booleans())
def test_stopping_early_gives_the_urgency_of_asking_everything(ruleset, caller, one_by_one):
    truth = caller(ruleset)
    answers = _call(ruleset, truth, one_by_one=one_by_one)
    early, full = decide(ruleset, answers), decide(ruleset, _asked_as_a_call_would(ruleset, truth))
    if full.urgency >= 3 or not early.left_for_staff:
        assert early.urgency == full.urgency
        assert early.urgency_if_no_person == full.urgency_if_no_person
    assert early.complete


@same_rules
@given(callers(choices=(YES, NO, UNKNOWN, DECLINED)))
def test_what_is_left_for_staff_never_hides_a_red_flag_and_is_all_that_is_left(ruleset, caller):
    truth = caller(ruleset)
    answers = _call(ruleset, truth)
    early, full = decide(ruleset, answers), decide(ruleset, _asked_as_a_call_would(ruleset, truth))
    while left := decide(ruleset, answers).left_for_staff:
        answers[left[0]] = truth[left[0]]
    after_staff = decide(ruleset, answers)
    assert max(early.urgency, 2) == max(full.urgency, 2)
    assert after_staff.urgency == full.urgency
    if full.urgency < 3:
        assert after_staff.destinations == full.destinations


def _call(ruleset, truth, *, one_by_one=False):
    """Return what a call learns of the truth."""
    answers = {}
    while screen := next_screen(ruleset, answers):
        asked = screen.questions[:1] if one_by_one else screen.questions
        answers |= {question: truth[question] for question in asked}
    return answers


def _asked_as_a_call_would(ruleset, truth):
    """Return the answers that someone would have asked for: no follow-up whose trigger is no, nothing unasked."""
    return {
        name: answer if not triggers or any(truth[trigger] is not NO for trigger in triggers) else NO
        for name, answer in truth.items()
        for triggers in [ruleset.questions[name].asked_if]
        if ruleset.questions[name].screen
    }


@same_rules
@given(callers(choices=(YES, NO, UNKNOWN)), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(ruleset, caller, shuffle):
    answers = list(caller(ruleset).items())
    expected = decide(ruleset, dict(answers)).to_json()
    shuffle.shuffle(answers)
    assert decide(ruleset, dict(answers)).to_json() == expected


@same_rules
@given(callers(), st.integers(0, 15), st.sampled_from([YES, UNKNOWN, DECLINED, NO]))
def test_a_group_never_weighs_less_than_its_questions_one_by_one(ruleset, caller, place, answer):
    answers = caller(ruleset)
    group = [screen for screen in ruleset.screens.values() if screen.is_group][place]
    grouped = decide(ruleset, answer_screen(ruleset, answers, group.id, answer))
    for question in group.questions:
        cleared = answer_screen(ruleset, answers, group.id, NO)
        assert grouped.urgency >= decide(ruleset, with_answer(cleared, question, answer)).urgency


def test_every_question_alone_gives_at_least_its_level(ruleset):
    for question in ruleset.questions.values():
        alone = decide(ruleset, otherwise_no(ruleset, {question.id: YES}))
        assert alone.urgency >= question.level
        unknown = decide(ruleset, otherwise_no(ruleset, {question.id: UNKNOWN}))
        if question.unknown_level is not None:
            assert unknown.urgency == question.unknown_level
            assert unknown.live_person
            assert unknown.urgency_if_no_person == question.level


def test_every_rule_can_fire_and_gives_its_level(ruleset):
    for rule in ruleset.rules:
        decision = decide(ruleset, otherwise_no(ruleset, dict.fromkeys(rule.all_of, YES)))
        if rule.all_of:
            assert rule.id in {fired.id for fired in decision.rules}
            assert decision.urgency >= rule.level


@pytest.mark.parametrize("answer", [YES, UNKNOWN])
def test_a_red_flag_never_ends_in_scheduling(ruleset, answer):
    flags = [question.id for question in ruleset.questions.values() if question.level >= 3]
    assert len(flags) == 36
    for flag in flags:
        decision = decide(ruleset, otherwise_no(ruleset, {flag: answer, "sit": YES}))
        assert decision.urgency >= 3
        assert "spine" not in decision.destinations
