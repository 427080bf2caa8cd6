"""After the advice to call nine one one: will they, and if not, staff, where they are, and a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.walks import DOUBTFUL, FOR_ANOTHER, NO, NO_MATCH, STARTED, UNSURE, YES, asked, heard, prompts
from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    HangUp,
    Listen,
    PageReason,
    PageStaff,
    PreferredTime,
    RecordPlace,
    Refusal,
    Refused911,
    Say,
    Target,
    Transfer,
)
from voicebot.dialog.events import (
    Channel,
    Connected,
    Fault,
    HungUp,
    KeyPressed,
    NoInput,
    PlaceRecorded,
    Played,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Step

EMERGENCY, OPERATOR, SUICIDE = (heard(meaning) for meaning in (Meaning.EMERGENCY, Meaning.OPERATOR, Meaning.SUICIDE))
BY_RULES = (YES, YES)
"""A leg, and a sign of a stroke."""
BY_WORDS = (EMERGENCY,)
SHOWN = replace(STARTED, number_shown=True)
SILENCE = NoInput(0)


@pytest.fixture
def call(ruleset):
    """Return a function: events after the greeting -> state and the last event's effects."""

    def run(*events, started=SHOWN, channel=Channel.STREAM):
        state, history = fold(ruleset, [started, Connected(0, channel), *events])
        return state, history[-1][1]

    return run


@pytest.fixture(params=[BY_RULES, BY_WORDS], ids=["by the rules", "by the caller's words"])
def told(request):
    """The events that lead to the advice."""
    return request.param


def noted(effects, kind):
    return [effect for effect in effects if isinstance(effect, kind)]


# --- the question ----------------------------------------------------------------------------------------------------


def test_the_advice_comes_first_and_cannot_be_talked_over_then_the_question(call, told):
    state, effects = call(*told)
    advice, question = noted(effects, Say)
    assert "advice.call_911" in advice.prompts
    assert not advice.interruptible
    assert question.prompts == ("will_call",)
    assert isinstance(effects[-1], Listen)
    assert state.step is Step.WILL_CALL


def test_who_will_call_is_told_to_do_it_now_and_the_line_hangs_up(call, told):
    state, effects = call(*told, YES)
    assert prompts(effects) == ["call_now"]
    assert effects[-1] == HangUp()
    assert state.step is Step.CLOSING
    assert not noted(effects, PageStaff)


def test_the_line_never_dials_for_them(call, told):
    for answer in (YES, NO, EMERGENCY):
        _, effects = call(*told, answer)
        assert all(effect.target in set(Target) for effect in noted(effects, Transfer))
    _, effects = call(*told, EMERGENCY)
    assert prompts(effects) == ["will_call.cannot_dial", "will_call"]


def test_what_the_rules_decided_is_recorded_before_the_question(call):
    _, effects = call(*BY_RULES)
    (decided,) = noted(effects, Decided)
    assert decided.decision["urgency"] == 5


def test_on_the_web_form_nobody_is_asked(call):
    state, effects = call(*BY_RULES, channel=Channel.WEB)
    assert state.step is Step.CLOSING
    assert effects[-1] == HangUp()


CALLING = heard(Meaning.CALLING)
"""I'll call nine one one."""


def test_who_says_that_they_will_call_nine_one_one_has_answered_the_question(call, told):
    assert prompts(call(*told, CALLING)[1]) == ["call_now"]
    assert prompts(call(*told, SILENCE, CALLING)[1]) == ["call_now"]
    assert prompts(call(*told, YES, SecondThought(0, Meaning.NO), CALLING)[1]) == ["call_now"]


def test_in_doubt_it_is_read_back_as_the_yes_it_is(call, told):
    _, effects = call(*told, heard(Meaning.CALLING, DOUBTFUL))
    assert asked(effects) == "confirm.yes"
    assert prompts(call(*told, heard(Meaning.CALLING, DOUBTFUL), YES)[1]) == ["call_now"]


def test_who_says_so_at_any_other_question_speaks_of_an_emergency(call):
    for at in ((), (YES,), (YES, NO)):
        state, effects = call(*at, CALLING)
        assert "emergency.heard" in prompts(effects)
        assert state.step is Step.WILL_CALL
    assert asked(call(YES, heard(Meaning.CALLING, DOUBTFUL))[1]) == "confirm.emergency"


# --- somebody else's emergency ---------------------------------------------------------------------------------------

FOR_PATIENT = (*FOR_ANOTHER, EMERGENCY)
"""Who calls for another, and is told to call nine one one."""


def test_who_calls_for_another_is_asked_whether_they_are_there_once_they_will_call_and_never_before(call):
    _, effects = call(*FOR_PATIENT)
    assert prompts(effects)[-2:] == ["patient.advice.call_911", "will_call"]
    state, effects = call(*FOR_PATIENT, YES)
    assert prompts(effects) == ["with_patient"]
    assert state.step is Step.WITH_PATIENT


def test_who_calls_for_themselves_or_has_not_said_for_whom_is_not_asked(call):
    assert prompts(call(EMERGENCY, YES)[1]) == ["call_now"]
    assert prompts(call(*FOR_ANOTHER[:-1], YES, EMERGENCY, YES)[1]) == ["call_now"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (YES, "call_now"),
        (NO, "call_now.elsewhere"),
        (UNSURE, "call_now.elsewhere"),
        (heard(Meaning.DECLINED), "call_now.elsewhere"),
        (heard(Meaning.YES, DOUBTFUL), "call_now.elsewhere"),
        (NO_MATCH, "call_now.elsewhere"),
        (SILENCE, "call_now.elsewhere"),
        (EMERGENCY, "call_now.elsewhere"),
        (Fault(0, "ears_failed"), "call_now.elsewhere"),
    ],
)
def test_whatever_they_answer_keeps_them_from_calling_no_longer(call, answer, told):
    state, effects = call(*FOR_PATIENT, YES, answer)
    assert prompts(effects) == [told]
    assert effects[-1] == HangUp()
    assert state.step is Step.CLOSING


def test_who_is_not_sure_any_more_whether_the_patient_is_there_is_told_to_say_where(call):
    _, effects = call(*FOR_PATIENT, YES, YES, SecondThought(0, Meaning.NO))
    assert prompts(effects) == ["call_now.elsewhere"]


def test_who_takes_back_that_they_will_call_is_asked_that_again(call):
    for change_of_mind in (SecondThought(0, Meaning.NO), heard(Meaning.BACK)):
        state, effects = call(*FOR_PATIENT, YES, change_of_mind)
        assert asked(effects) == "will_call"
        assert state.step is Step.WILL_CALL


def test_who_asks_for_a_person_instead_gets_one_after_the_advice(call):
    _, effects = call(*FOR_PATIENT, YES, OPERATOR)
    assert prompts(effects)[0] == "patient.advice.call_911"
    assert isinstance(effects[-1], Transfer)


def test_a_line_that_drops_at_that_question_says_the_advice_again_before_it(call):
    _, effects = call(*FOR_PATIENT, YES, Connected(0, Channel.TURNS))
    assert prompts(effects)[:3] == ["resumed", "patient.advice.call_911", "with_patient"]


def test_who_hangs_up_at_that_question_does_what_they_were_told(call):
    _, effects = call(*FOR_PATIENT, YES, HungUp(0))
    assert effects == ()


def test_how_many_questions_are_left_is_told_of_what_is_asked_after_the_advice(call):
    for at in ((), (YES,), (NO,)):
        assert prompts(call(*FOR_PATIENT, *at, heard(Meaning.LEFT))[1])[0] == "left.1"


# --- a refusal -------------------------------------------------------------------------------------------------------

REFUSALS = {
    Refusal.NO: (NO,),
    Refusal.UNSURE: (UNSURE,),
    Refusal.SILENT: (SILENCE, SILENCE),
    Refusal.NOT_UNDERSTOOD: (NO_MATCH, NO_MATCH),
    Refusal.PERSON: (OPERATOR,),
}


@pytest.mark.parametrize("why", Refusal)
def test_every_way_not_to_say_yes_is_in_the_record_and_pages_staff(call, told, why):
    _, effects = call(*told, *REFUSALS[why])
    assert effects[0] == Refused911(why)
    assert effects[1] == PageStaff(PageReason.REFUSED)


@pytest.mark.parametrize("answer", [SILENCE, NO_MATCH])
def test_the_advice_is_said_again_once_before_silence_counts_as_a_refusal(call, told, answer):
    state, effects = call(*told, answer)
    assert prompts(effects) == ["advice.call_911", "will_call.again"]
    assert state.step is Step.WILL_CALL


def test_a_doubtful_answer_is_confirmed_and_one_not_confirmed_counts_as_failed(call, told):
    state, _ = call(*told, heard(Meaning.YES, DOUBTFUL))
    assert state.step is Step.CONFIRM
    assert call(*told, heard(Meaning.YES, DOUBTFUL), YES)[1][-1] == HangUp()
    _, effects = call(*told, heard(Meaning.YES, DOUBTFUL), NO)
    assert asked(effects) == "will_call"
    _, effects = call(*told, SILENCE, heard(Meaning.YES, DOUBTFUL), NO)
    assert effects[0] == Refused911(Refusal.NOT_UNDERSTOOD)


def test_an_answer_taken_back_is_asked_again(call, told):
    _, effects = call(*told, YES, SecondThought(0, Meaning.NO))
    assert asked(effects) == "will_call"
    state, effects = call(*told, NO, SecondThought(0, Meaning.YES))
    assert asked(effects) == "will_call"
    assert not state.place_asked


def test_an_answer_over_the_question_is_read_back_as_it_may_be_the_lines_own_voice(call, told):
    for meaning in (Meaning.YES, Meaning.CALLING, Meaning.NO, Meaning.UNSURE):
        over = heard(meaning, over_prompt=True)
        read_back = Meaning.YES if meaning is Meaning.CALLING else meaning
        assert asked(call(*told, over)[1]) == f"confirm.{read_back}"
        assert call(*told, over, YES)[1] == call(*told, heard(meaning))[1]
    assert prompts(call(*told, heard(Meaning.EMERGENCY, over_prompt=True))[1])[0] == "will_call.cannot_dial"
    assert prompts(call(*told, KeyPressed(0, "1", over_prompt=True))[1]) == ["call_now"]


def test_it_is_listened_to_as_patiently_as_to_a_red_flag_however_the_advice_came_about(call, told):
    assert noted(call(*told)[1], Listen)[0].red_flag


def test_repeating_says_the_advice_too(call, told):
    _, effects = call(*told, heard(Meaning.REPEAT))
    assert prompts(effects) == ["advice.call_911", "will_call"]


def test_keys_answer_as_words_do(call, told):
    assert call(*told, KeyPressed(0, "1"))[1][-1] == HangUp()
    assert call(*told, KeyPressed(0, "2"))[1][0] == Refused911(Refusal.NO)


# --- where they are --------------------------------------------------------------------------------------------------


def test_without_consent_it_is_asked_for_consent_to_just_that(call, told):
    state, effects = call(*told, NO)
    assert asked(effects) == "place_consent"
    assert state.consent is None
    state, effects = call(*told, NO, YES)
    assert effects == (Say(("place",), interruptible=False), RecordPlace(20_000))
    assert state.consent is None, "to where they are, and to nothing else"


def test_with_consent_to_record_the_call_they_are_asked_at_once(ruleset, call):
    state, _ = call(*BY_RULES)
    state = replace(state, consent=True)
    _, effects = step(ruleset, state, NO)
    assert effects[2:] == (Say(("place",), interruptible=False), RecordPlace(20_000))


@pytest.mark.parametrize("answer", [NO, UNSURE, SILENCE, NO_MATCH, OPERATOR, EMERGENCY, Fault(0, "ears_failed")])
def test_whatever_is_not_a_yes_leads_to_a_person_without_delay(call, told, answer):
    _, effects = call(*told, NO, answer)
    assert isinstance(effects[-1], Transfer)
    assert prompts(effects)[0] == "advice.call_911", "the advice stands once more"
    assert not noted(effects, RecordPlace)


@pytest.mark.parametrize(("ms", "brief"), [(0, "whisper.refused_911"), (4000, "whisper.refused_911.place")])
def test_after_the_recording_a_person_is_fetched_and_told(call, told, ms, brief):
    state, effects = call(*told, NO, YES, PlaceRecorded(0, ms))
    assert Brief(brief) in effects
    assert prompts(effects) == ["advice.call_911", "transfer.nurse"]
    assert effects[-1] == Transfer(Target.NURSE)
    assert state.if_nobody == "advice.call_911"


def test_a_line_that_drops_during_the_recording_goes_on_to_a_person(call, told):
    _, effects = call(*told, NO, YES, Connected(0, Channel.TURNS))
    assert isinstance(effects[-1], Transfer)


def test_who_asked_for_a_person_is_not_asked_where_they_are(call, told):
    _, effects = call(*told, OPERATOR)
    assert isinstance(effects[-1], Transfer)


# --- whom they get ---------------------------------------------------------------------------------------------------


def test_whoever_is_on_call_is_rung_when_the_nurse_is_closed_and_the_nurse_when_nobody_is(call, told):
    open_one = replace(SHOWN, closed=(Target.NURSE,))
    assert call(*told, OPERATOR, started=open_one)[1][-1] == Transfer(Target.AFTER_HOURS)
    nobody = replace(SHOWN, closed=tuple(Target))
    assert call(*told, OPERATOR, started=nobody)[1][-1] == Transfer(Target.NURSE)


def test_nobody_to_take_it_means_the_advice_again_a_page_and_a_call_back_at_once(call, told):
    busy = (Played(0), TransferEnded(0, TransferOutcome.BUSY))
    _, effects = call(*told, OPERATOR, *busy)
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    _, effects = call(*told, OPERATOR, *busy, *busy)
    assert effects[:2] == (CallBack(PreferredTime.SOON), PageStaff(PageReason.NOT_TAKEN))
    assert "advice.call_911" in prompts(effects)
    assert effects[-1] == HangUp()


def test_staff_are_paged_once_for_each_reason(call, told):
    _, effects = call(*told, OPERATOR, SecondThought(0, Meaning.EMERGENCY), NO)
    assert effects[0] == Refused911(Refusal.NO)
    assert not noted(effects, PageStaff)


def test_the_line_breaking_at_the_question_fetches_a_person(call, told):
    _, effects = call(*told, Fault(0, "ears_failed"))
    assert isinstance(effects[-1], Transfer)
    assert "advice.call_911" in prompts(effects)


# --- who leaves ------------------------------------------------------------------------------------------------------


def test_who_hangs_up_at_the_question_does_what_they_were_told(call, told):
    state, effects = call(*told, HungUp(0))
    assert state.step is Step.OVER
    assert effects == ()


def test_so_does_who_hangs_up_while_their_yes_is_read_back_and_not_while_their_no_is(call, told):
    assert call(*told, heard(Meaning.YES, DOUBTFUL), HungUp(0))[1] == ()
    assert PageStaff(PageReason.CALLER_GONE) in call(*told, heard(Meaning.NO, DOUBTFUL), HungUp(0))[1]


@pytest.mark.parametrize("at", [(NO,), (NO, YES), (NO, NO), (OPERATOR,)])
def test_who_refused_and_leaves_before_anybody_could_help_is_not_forgotten(call, told, at):
    _, effects = call(*told, *at, HungUp(0))
    assert effects == (CallBack(PreferredTime.SOON), PageStaff(PageReason.CALLER_GONE))
    _, effects = call(*told, *at, HungUp(0), started=STARTED)
    assert effects == (PageStaff(PageReason.CALLER_GONE),), "nobody can call a hidden number"


def test_talk_of_suicide_is_heard_at_every_step_of_it(call, told):
    for at in ((), (NO,), (NO, YES)):
        _, effects = call(*told, *at, SUICIDE)
        assert PageStaff(PageReason.CRISIS) in effects
        assert "suicide.heard" in prompts(effects)
