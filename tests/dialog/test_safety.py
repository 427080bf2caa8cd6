"""Who is paged and when, who is heard at every step, and that nothing hardly heard ever routes a caller."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialog.walks import CONNECTED, IN_DANGER, NO, STARTED, UNSURE, YES, asked, heard, prompts, reach
from voicebot.dialog.answers import CONFIRM_AT, TAKE_AT
from voicebot.dialog.effects import CallBack, HangUp, PageReason, PageStaff, PreferredTime, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    Played,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.machine import fold, step
from voicebot.dialog.manner import PATIENT
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step
from voicebot.triage.answers import Answer

SHOWN = replace(STARTED, number_shown=True)
DURING_A_CALL = [one for one in Step if one not in {Step.RINGING, Step.OVER}]


def answering(ruleset, **facts):
    """Return a state at a question, with these answers given, of a caller whose number is shown."""
    state = replace(reach(ruleset, Step.SCREEN), number_shown=True)
    return replace(state, answers={question: Answer(answer) for question, answer in facts.items()})


# --- heard at every step ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", DURING_A_CALL)
def test_an_emergency_is_heard_at_every_step(ruleset, at):
    state, effects = step(ruleset, reach(ruleset, at), heard(Meaning.EMERGENCY))
    said = [prompt.removeprefix(PATIENT) for prompt in prompts(effects)]
    match at:
        case Step.WILL_CALL:
            assert said == ["will_call.cannot_dial", "will_call"]
        case Step.WITH_PATIENT:
            assert said == ["call_now.elsewhere"], "they said that they will call, and are let go"
        case Step.PLACE_CONSENT | Step.PLACE:
            assert said[0] == "advice.call_911"
            assert isinstance(effects[-1], Transfer)
        case Step.STAYING:
            assert said[:2] == ["emergency.heard", "advice.call_911"]
            assert state.step is Step.STAYING
        case _:
            assert said[:2] == ["emergency.heard", "advice.call_911"]
            assert asked(effects) == "will_call"


@pytest.mark.parametrize("at", DURING_A_CALL)
def test_a_person_can_be_had_at_every_step(ruleset, at):
    _, effects = step(ruleset, reach(ruleset, at), heard(Meaning.OPERATOR))
    if at is Step.CLOSING:
        assert not effects, "being put through already"
    else:
        assert isinstance(effects[-1], Transfer)


def test_a_no_to_every_group_of_red_flags_is_read_back(ruleset):
    state, groups = reach(ruleset, Step.SCREEN), 0
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        asking, before = state.asking, state.answers
        state, _ = step(ruleset, state, NO if state.step is Step.SCREEN else YES)
        if asking and asking.grouped and asking.level >= 4 and before is state.answers:
            groups += state.step is Step.READ_BACK
    red_groups = [screen for screen in ruleset.screens.values() if screen.is_group and screen.level >= 4]
    assert groups == len(red_groups) > 0


# --- hardly heard ----------------------------------------------------------------------------------------------------

EVENTS = st.one_of(
    st.builds(Heard, st.just(0), st.sampled_from([*Meaning, None]), st.floats(CONFIRM_AT, 1)),
    st.builds(Heard, st.just(0), st.sampled_from([Meaning.YES, Meaning.NO, Meaning.NO]), st.just(1.0)),
    st.builds(SecondThought, st.just(0), st.sampled_from(Meaning)),
    st.builds(KeyPressed, st.just(0), st.sampled_from("123790")),
    st.just(NoInput(0)),
    st.just(Played(0)),
    st.builds(TransferEnded, st.just(0), st.sampled_from(TransferOutcome)),
    st.builds(Connected, st.just(0), st.sampled_from(Channel)),
)


@settings(max_examples=60, deadline=None)
@given(
    at=st.sampled_from([one for one in DURING_A_CALL if one not in {Step.CONFIRM, *IN_DANGER}]),
    events=st.lists(EVENTS, max_size=12),
    meaning=st.sampled_from(Meaning),
    confidence=st.floats(0, CONFIRM_AT, exclude_max=True),
)
def test_what_was_hardly_heard_is_no_more_than_not_understood(ruleset, at, events, meaning, confidence):
    state = reach(ruleset, at)
    for event in events:
        state, _ = step(ruleset, state, event)
    hardly = step(ruleset, state, Heard(0, meaning, confidence))
    assert hardly == step(ruleset, state, Heard(0, None, 0.0))
    after, effects = hardly
    if any(isinstance(effect, Transfer | HangUp) for effect in effects):
        after_advice = state.step in {Step.PLACE_CONSENT, Step.WITH_PATIENT}
        assert state.failed > 0 or after_advice, "only the ladder of failed turns leads to a person"
        assert after.step is Step.CLOSING


@pytest.mark.parametrize("at", DURING_A_CALL)
@pytest.mark.parametrize("meaning", Meaning)
def test_one_word_hardly_heard_routes_nobody(ruleset, at, meaning):
    _, effects = step(ruleset, reach(ruleset, at), Heard(0, meaning, CONFIRM_AT - 0.01))
    routed = any(isinstance(effect, Transfer | HangUp) for effect in effects)
    after_advice = {Step.PLACE_CONSENT, Step.WITH_PATIENT}
    assert not routed or at in after_advice, "who was told to call, and refused or agreed, is held up by nothing"


@pytest.mark.parametrize("meaning", Meaning)
def test_words_in_doubt_put_nobody_through(ruleset, meaning):
    """Below what is acted on an answer is read back, and a wish is to be said again."""
    for at in (Step.TOPIC, Step.SCREEN, Step.CONSENT, Step.WILL_CALL):
        _, effects = step(ruleset, reach(ruleset, at), Heard(0, meaning, TAKE_AT - 0.01))
        assert not any(isinstance(effect, Transfer | HangUp) for effect in effects)


# --- who leaves ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["saddle", "face_droop", "leaks_stool"])
def test_who_could_not_rule_out_an_emergency_and_hangs_up_is_not_forgotten(ruleset, flag):
    _, effects = step(ruleset, answering(ruleset, **{flag: "unknown"}), HungUp(0))
    assert effects == (CallBack(PreferredTime.SOON), PageStaff(PageReason.CALLER_GONE))


@pytest.mark.parametrize("facts", [{}, {"saddle": "no"}, {"diabetes": "yes"}])
def test_nobody_is_paged_for_who_hangs_up_without_a_sign(ruleset, facts):
    assert step(ruleset, answering(ruleset, **facts), HungUp(0))[1] == ()


def test_who_hangs_up_on_the_web_form_cannot_be_helped_and_pages_nobody(ruleset):
    state = replace(answering(ruleset, saddle="unknown"), channel=Channel.WEB, number_shown=False)
    assert step(ruleset, state, HungUp(0))[1] == ()


@pytest.mark.parametrize("how", [HungUp(0), TransferEnded(0, TransferOutcome.CALLER_GONE)])
@pytest.mark.parametrize(
    ("flag", "paged"), [("saddle", True), ("foot_drop", False), ("sit", False)], ids=["level 4", "level 3", "level 1"]
)
def test_who_leaves_while_it_rings_is_paged_from_level_four(ruleset, how, flag, paged):
    state, _ = fold(ruleset, [SHOWN, CONNECTED, YES])
    while state.step not in {Step.CLOSING, Step.CALL_BACK}:
        ids = state.asking.ids if state.asking else ()
        yes = state.step is not Step.SCREEN
        said = UNSURE if flag in ids and flag == "saddle" else YES if yes or flag in ids else NO
        state, _ = step(ruleset, state, said)
    assert isinstance(state.closing[-1], Transfer)
    _, effects = step(ruleset, state, how)
    assert (PageStaff(PageReason.CALLER_GONE) in effects) is paged
