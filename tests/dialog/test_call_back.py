"""Closed desks, transfers that come to nothing, and the call back: whom the caller gets, and what they hear."""

from __future__ import annotations

import pytest

from tests.dialog.walks import SAID_YES_TO
from voicebot.dialog.effects import Brief, CallBack, HangUp, Listen, PreferredTime, Say, Target, Transfer
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Fault,
    Heard,
    HungUp,
    NoInput,
    Played,
    SecondThought,
    StaffReplied,
    StaffReply,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.failing import MAX_FAILED_TURNS
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step

EVERYBODY = tuple(Target)
BUT_THE_ONE_ON_CALL = tuple(target for target in Target if target is not Target.AFTER_HOURS)
YES, NO, UNSURE, OPERATOR, BACK = (
    Heard(0, meaning, 1.0) for meaning in (Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.OPERATOR, Meaning.BACK)
)
NO_ANSWER = TransferEnded(0, TransferOutcome.NO_ANSWER)


@pytest.fixture
def call(ruleset):
    """Return a function: who is closed, events after the greeting -> state and the last event's effects."""

    def run(*events, closed=EVERYBODY, number_shown=True, channel=Channel.STREAM):
        started = CallStarted(0, "2026-01-01T03:00:00+00:00", "rules", "1", "0" * 64, closed, number_shown=number_shown)
        state, history = fold(ruleset, [started, Connected(0, channel), *events])
        return state, history[-1][1]

    return run


@pytest.fixture
def answers(ruleset):
    """Return a function: the questions answered yes -> the events of a caller who answers all others with no."""

    def given(*yes, closed=EVERYBODY):
        started = CallStarted(0, "2026-01-01T03:00:00+00:00", "rules", "1", "0" * 64, closed, number_shown=True)
        state, _ = fold(ruleset, [started, Connected(0, Channel.STREAM)])
        events = []
        while state.step in {Step.SCREEN, *SAID_YES_TO} - {Step.CALL_BACK}:
            flagged = state.asking and set(state.asking.ids) & set(yes)
            said = YES if state.step in SAID_YES_TO or flagged else NO
            events.append(said)
            state, _ = step(ruleset, state, said)
        return events

    return given


def said(effects):
    return [prompt for effect in effects if isinstance(effect, Say) for prompt in effect.prompts]


def asked(effects):
    return next(effect.asking for effect in effects if isinstance(effect, Listen))


# --- closed ---------------------------------------------------------------------------------------------------------


def test_while_scheduling_is_closed_a_caller_without_a_warning_sign_is_offered_a_call_back(call, answers):
    state, effects = call(*answers("sit"))
    assert state.step is Step.CALL_BACK
    assert said(effects)[-3:] == ["advice.call_911_if", "closed.scheduling", "call_back"]
    assert asked(effects) == "call_back"


@pytest.mark.parametrize(
    ("answer", "preferred"),
    [(YES, PreferredTime.MORNING), (NO, PreferredTime.AFTERNOON), (UNSURE, PreferredTime.ANY)],
)
def test_a_call_back_is_noted_with_the_time_of_day(call, answer, preferred):
    _, effects = call(OPERATOR, YES)
    assert effects[0] == CallBack(PreferredTime.ANY), "noted at once, whatever becomes of the call"
    assert asked(effects) == "call_back_time"
    state, effects = call(OPERATOR, YES, answer)
    assert effects[0] == CallBack(preferred)
    assert said(effects) == [f"call_noted.{preferred}", "goodbye"]
    assert effects[-1] == HangUp()
    assert state.step is Step.CLOSING


def test_who_would_rather_not_be_called_is_not(call):
    _, effects = call(OPERATOR, NO)
    assert not [effect for effect in effects if isinstance(effect, CallBack)]
    assert said(effects) == ["call_again", "goodbye"]
    _, effects = call(OPERATOR, YES, BACK)
    assert effects[0] == CallBack(PreferredTime.WITHDRAWN)
    assert asked(effects) == "call_back"


@pytest.mark.parametrize("first", [(YES,), (Heard(0, Meaning.YES, 0.6), YES)])
def test_a_wish_to_be_called_back_that_was_taken_back_is_withdrawn(call, first):
    state, effects = call(OPERATOR, *first, SecondThought(0, Meaning.NO))
    assert effects[0] == CallBack(PreferredTime.WITHDRAWN)
    assert said(effects)[0] == "taken_back"
    assert state.call_back is None
    _, effects = call(OPERATOR, *first, SecondThought(0, Meaning.NO), NO, YES, HungUp(0))
    assert effects == ()


def test_a_time_that_was_taken_back_leaves_the_wish_as_it_was(call):
    state, effects = call(OPERATOR, YES, YES, SecondThought(0, Meaning.NO))
    assert effects[0] == CallBack(PreferredTime.ANY)
    assert said(effects) == ["taken_back", "call_back_time.again"]
    assert state.call_back is PreferredTime.ANY


def test_an_answer_taken_back_that_asked_for_nothing_withdraws_nothing(call):
    _, effects = call(OPERATOR, NO, SecondThought(0, Meaning.YES))
    assert not [effect for effect in effects if isinstance(effect, CallBack)]
    assert asked(effects) == "call_back"


def test_who_takes_back_all_answers_about_the_call_back_is_called_back(call):
    _, effects = call(OPERATOR, *[YES, SecondThought(0, Meaning.NO)] * MAX_FAILED_TURNS)
    assert effects[0] == CallBack(PreferredTime.WITHDRAWN)
    assert effects[1] == CallBack(PreferredTime.ANY), "the last one holds"
    assert said(effects)[0] == "call_noted.any"
    doubtful = (NoInput(0), NoInput(0), Heard(0, Meaning.YES, 0.6), YES, SecondThought(0, Meaning.NO))
    _, effects = call(OPERATOR, *doubtful)
    assert said(effects)[0] == "call_noted.any", "also when it was about a doubtful answer"


def test_a_caller_whose_number_is_hidden_is_asked_to_call_again(call):
    _, effects = call(OPERATOR, number_shown=False)
    assert said(effects) == ["closed.front_desk", "call_again", "goodbye"]
    assert effects[-1] == HangUp()


def test_a_caller_who_is_not_understood_about_the_call_back_is_called_back(call):
    _, effects = call(OPERATOR, NoInput(0), NoInput(0), NoInput(0))
    assert effects[0] == CallBack(PreferredTime.ANY)
    assert said(effects)[0] == "call_noted.any"


def test_a_lost_stream_goes_on_at_the_open_question(call):
    _, effects = call(OPERATOR, YES, Connected(0, Channel.TURNS))
    assert said(effects) == ["resumed", "call_back_time", "keys_short"]


def test_who_asks_for_a_person_while_closed_gets_the_one_on_call(call):
    _, effects = call(OPERATOR, closed=BUT_THE_ONE_ON_CALL)
    assert effects[-1] == Transfer(Target.AFTER_HOURS)
    assert said(effects) == ["to_person.asked"]


@pytest.mark.parametrize(
    ("events", "brief"),
    [
        ([Heard(0, Meaning.EMERGENCY, 1.0), YES], "whisper.call_911"),
        ([YES, YES, YES], "whisper.call_911"),
        ([OPERATOR, NO], "whisper.to_person.asked"),
    ],
)
def test_who_asks_for_a_person_during_the_last_words_gets_the_one_on_call_who_is_told_why(call, events, brief):
    _, effects = call(*events, OPERATOR, closed=EVERYBODY)
    assert effects[0] == Brief(brief)
    assert effects[-1] == Transfer(Target.FRONT_DESK), "rung all the same when nobody is on call"
    if brief == "whisper.call_911":
        _, effects = call(*events, OPERATOR, closed=BUT_THE_ONE_ON_CALL)
        assert effects[-1] == Transfer(Target.AFTER_HOURS)


def test_who_cannot_wait_and_asks_for_a_person_after_nobody_came_keeps_the_stricter_advice(ruleset, call, answers):
    state, _ = call(*answers("foot_drop"), Played(0), NO_ANSWER, OPERATOR)
    assert state.closing[-1] == Transfer(Target.FRONT_DESK)
    _, effects = step(ruleset, state, NO_ANSWER)
    assert effects[0] == CallBack(PreferredTime.SOON)
    assert "advice.same_day" in said(effects)


def test_the_one_on_call_is_not_rung_for_what_can_wait(call, answers):
    for events in ([NO], answers("sit", closed=BUT_THE_ONE_ON_CALL)):
        state, _ = call(*events, closed=BUT_THE_ONE_ON_CALL)
        assert state.step is Step.CALL_BACK


def test_another_topic_while_closed_is_told_so(call):
    _, effects = call(NO)
    assert said(effects) == ["other_topic.closed", "closed.front_desk", "call_back"]


def test_who_insists_on_a_person_is_put_through_and_called_back_when_nobody_takes_the_call(ruleset, call):
    state, effects = call(OPERATOR, OPERATOR)
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    state, effects = step(ruleset, state, NO_ANSWER)
    assert effects[0] == CallBack(PreferredTime.ANY)
    assert said(effects) == ["transfer.no_answer", "call_noted.any", "goodbye"]


def test_who_goes_back_to_the_questions_is_asked_again_about_the_call_back(ruleset, call, answers):
    state, _ = call(*answers("sit"), BACK)
    assert state.step is Step.SCREEN
    while state.step is Step.SCREEN:
        state, _ = step(ruleset, state, NO)
    assert state.step is Step.CALL_BACK


def test_a_fault_rings_somebody_and_asks_nothing_more(ruleset, call):
    state, effects = call(OPERATOR, Fault(0, "ears_failed"))
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    _, effects = step(ruleset, state, NO_ANSWER)
    assert effects[-1] == HangUp()


# --- what cannot wait -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [(), EVERYBODY, BUT_THE_ONE_ON_CALL])
@pytest.mark.parametrize("sign", ["foot_drop", "saddle", "face_droop", "cancer"])
def test_advice_on_a_warning_sign_is_the_same_at_any_hour(call, answers, sign, closed):
    _, effects = call(*answers(sign, closed=closed), closed=closed)
    _, by_day = call(*answers(sign, closed=()), closed=())
    advice = [prompt for prompt in said(effects) if not prompt.startswith("transfer.")]
    assert advice == [prompt for prompt in said(by_day) if not prompt.startswith("transfer.")]
    assert isinstance(effects[-1], type(by_day[-1])), "put through at any hour, or at none"


def test_a_warning_sign_rings_the_one_on_call_or_else_the_nurse_all_the_same(call, answers):
    _, effects = call(*answers("foot_drop", closed=BUT_THE_ONE_ON_CALL), closed=BUT_THE_ONE_ON_CALL)
    assert effects[-1] == Transfer(Target.AFTER_HOURS)
    assert said(effects)[-1] == "transfer.after_hours"
    _, effects = call(*answers("foot_drop"))
    assert effects[-1] == Transfer(Target.NURSE)


def test_nobody_to_take_what_cannot_wait_means_the_stricter_advice_and_a_call_back_at_once(call, answers):
    state, effects = call(*answers("foot_drop"), Played(0), NO_ANSWER)
    assert effects[0] == CallBack(PreferredTime.SOON)
    assert said(effects) == ["advice.same_day", "transfer.no_answer", "transfer.failed_urgent", "goodbye"]
    assert state.step is Step.CLOSING


def test_who_cannot_wait_and_left_before_anybody_took_the_call_is_called_back(call, answers):
    gone = TransferEnded(0, TransferOutcome.CALLER_GONE)
    state, effects = call(*answers("foot_drop", closed=()), gone, closed=())
    assert effects == (CallBack(PreferredTime.SOON), HangUp())
    assert state.step is Step.OVER
    _, effects = call(*answers("foot_drop", closed=()), gone, closed=(), number_shown=False)
    assert effects == (HangUp(),)
    _, effects = call(*answers("sit", closed=()), gone, closed=())
    assert effects == (HangUp(),), "who can wait and hung up asked for nothing"


@pytest.mark.parametrize("before", [(), (Played(0),), (Played(0), StaffReplied(0, StaffReply.SILENT))])
def test_who_cannot_wait_and_hangs_up_early_is_called_back_whichever_way_the_carrier_tells_it(call, answers, before):
    _, effects = call(*answers("foot_drop", closed=()), *before, HungUp(0), closed=())
    assert effects == (CallBack(PreferredTime.SOON),)


def test_who_was_helped_is_not_called_back_though_the_end_of_the_transfer_is_told_last(ruleset, call, answers):
    taken = StaffReplied(0, StaffReply.ACCEPTED)
    state, effects = call(*answers("foot_drop", closed=()), taken, HungUp(0), closed=())
    assert effects == ()
    assert step(ruleset, state, TransferEnded(0, TransferOutcome.ANSWERED)) == (state, ())


def test_who_was_taken_by_one_who_then_hung_up_is_waiting_again(ruleset, call, answers):
    declined = TransferEnded(0, TransferOutcome.DECLINED)
    state, _ = call(*answers("foot_drop", closed=()), StaffReplied(0, StaffReply.ACCEPTED), declined, closed=())
    assert state.closing[-1] == Transfer(Target.FRONT_DESK)
    assert step(ruleset, state, HungUp(0))[1] == (CallBack(PreferredTime.SOON),)


def test_talk_of_suicide_rings_somebody_at_any_hour(call):
    _, effects = call(Heard(0, Meaning.SUICIDE, 1.0))
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert Brief("whisper.suicide") in effects
    _, effects = call(Heard(0, Meaning.SUICIDE, 1.0), closed=BUT_THE_ONE_ON_CALL)
    assert effects[-1] == Transfer(Target.AFTER_HOURS)


# --- transfers that come to nothing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome", [one for one in TransferOutcome if one not in {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE}]
)
def test_each_way_to_fail_has_words_of_its_own_and_then_the_front_desk_and_then_a_call_back(
    ruleset, call, answers, outcome
):
    failed = TransferEnded(0, outcome)
    why = f"transfer.{outcome}"
    state, effects = call(*answers("sit", closed=()), failed, closed=())
    assert said(effects) == [why, "transfer.try_front_desk"]
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    state, effects = step(ruleset, state, failed)
    assert said(effects) == [why, "call_back"]
    _, effects = step(ruleset, state, NO)
    assert effects[-1] == HangUp()


def test_after_a_transfer_who_may_not_be_recorded_is_asked_for_keys(call):
    state, effects = call(NO, NO_ANSWER, closed=())
    assert said(effects) == ["transfer.no_answer", "call_back", "keys_short"], "the stream is gone by then"
    assert state.channel is Channel.TURNS


def test_the_front_desk_is_not_tried_while_it_is_closed(call, answers):
    closed = (Target.FRONT_DESK,)
    state, effects = call(*answers("sit", closed=closed), NO_ANSWER, closed=closed)
    assert state.step is Step.CALL_BACK
    assert said(effects)[:2] == ["transfer.no_answer", "call_back"]


def test_what_staff_replied_changes_nothing_for_the_caller(ruleset, call):
    state, _ = call(NO, closed=())
    for reply in StaffReply:
        assert step(ruleset, state, StaffReplied(0, reply))[1] == ()


def test_hanging_up_at_the_call_back_keeps_what_was_noted_and_adds_nothing(call):
    state, effects = call(OPERATOR, YES, HungUp(0))
    assert state.step is Step.OVER
    assert effects == ()


# --- what staff are told --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "brief"),
    [("sit", "whisper.spine_scheduling"), ("foot_drop", "whisper.same_day")],
)
def test_whoever_takes_the_call_is_told_one_sentence(call, answers, yes, brief):
    _, effects = call(*answers(yes, closed=()), closed=())
    assert [effect for effect in effects if isinstance(effect, Brief)] == [Brief(brief)]


def test_staff_are_told_of_a_warning_sign_that_could_not_be_cleared(call):
    _, effects = call(YES, *[NoInput(0)] * 3, closed=())
    assert Brief("whisper.unclear") in effects
    _, effects = call(NO, closed=())
    assert Brief("whisper.other_topic") in effects
    _, effects = call(OPERATOR, closed=())
    assert Brief("whisper.to_person.asked") in effects
