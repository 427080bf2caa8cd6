"""The table, cell by cell, and walks through whole calls in text."""

from __future__ import annotations

import pytest

from tests.dialog.walks import (
    DOUBTFUL,
    EVENT_FOR,
    NO,
    NO_MATCH,
    SAID_YES_TO,
    STARTED,
    UNSURE,
    YES,
    asked,
    heard,
    prompts,
    reach,
)
from voicebot.dialog.answers import TAKE_AT
from voicebot.dialog.effects import Decided, HangUp, KeepAudio, Listen, RecordPlace, Say, Target, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    Disconnected,
    Fault,
    KeyPressed,
    NoInput,
    Played,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.failing import MAX_FAILED_TURNS
from voicebot.dialog.inputs import Input, classify
from voicebot.dialog.machine import TABLE, fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.spoken import spoken_texts
from voicebot.dialog.state import State, Step
from voicebot.errors import VoicebotError
from voicebot.routing.fallbacks import WHY
from voicebot.triage.answers import Answer


@pytest.mark.parametrize("event_input", Input)
@pytest.mark.parametrize("at", Step)
def test_every_cell_ends_in_a_question_an_ending_or_no_change(ruleset, at, event_input):
    state = reach(ruleset, at)
    event = EVENT_FOR[event_input]
    assert classify(state, event) is event_input
    if event_input not in TABLE[at]:
        if at is Step.RINGING:
            with pytest.raises(VoicebotError, match="before the caller was connected"):
                step(ruleset, state, event)
        else:
            assert step(ruleset, state, event) == (state, ())
        return
    after, effects = step(ruleset, state, event)
    if after.step not in {Step.OVER, Step.RINGING} and effects:
        assert isinstance(effects[-1], Listen | RecordPlace | Transfer | HangUp)
    if after.step not in {Step.OVER, Step.RINGING, Step.CLOSING, Step.PLACE} and effects:
        assert isinstance(effects[-1], Listen)
        assert isinstance(effects[-2], Say)


def test_greets_and_asks_what_the_call_is_about(call):
    state, effects = call()
    assert state.step is Step.TOPIC
    assert prompts(effects) == ["greeting", "greeting.spanish", "about_leg"]
    assert not effects[0].interruptible


def test_a_call_about_something_else_goes_to_the_front_desk(call):
    _, effects = call(NO)
    assert prompts(effects) == ["other_topic"]
    assert effects[-1] == Transfer(Target.FRONT_DESK)


def test_emergency_questions_come_before_consent(ruleset, call):
    state, _ = call(YES)
    assert state.asking.level == 5
    consent = reach(ruleset, Step.CONSENT)
    assert consent.consent is None
    assert {ruleset.questions[question].level for question in consent.answers} == {5}


def test_one_yes_at_call_911_level_leads_to_that_advice_and_ends_the_questions(call):
    state, effects = call(YES, YES)
    assert state.step is Step.WILL_CALL
    assert "advice.call_911" in prompts(effects)
    assert next(effect for effect in effects if isinstance(effect, Decided)).decision["urgency"] == 5


def test_a_no_to_several_red_flags_is_read_back_and_stands_when_confirmed(call):
    state, effects = call(YES, NO)
    assert state.step is Step.READ_BACK
    assert asked(effects).endswith(".read_back")
    assert not state.answers
    state, _ = call(YES, NO, YES)
    assert set(state.answers.values()) == {Answer.NO}


def test_a_no_that_does_not_stand_is_asked_item_by_item(call):
    state, effects = call(YES, NO, NO)
    assert state.asking.prompt.startswith("q.")
    assert asked(effects) == state.asking.prompt


def test_items_all_denied_after_their_screen_was_not_stay_unknown(ruleset, call):
    state, _ = call(YES, NO, NO)
    members = (state.asking.ids[0], *state.drilling[1:])
    for _ in members:
        state, _ = step(ruleset, state, NO)
    assert {state.answers[member] for member in members} == {Answer.UNKNOWN}


def test_consent_starts_the_recording_and_refusal_does_not(ruleset):
    consent = reach(ruleset, Step.CONSENT)
    agreed, effects = step(ruleset, consent, YES)
    assert agreed.consent is True
    assert effects[0] == KeepAudio()
    assert effects[-1].keep_audio
    for refusal in (NO, UNSURE):
        refused, effects = step(ruleset, consent, refusal)
        assert refused.consent is False
        assert KeepAudio() not in effects
        assert not effects[-1].keep_audio


def test_an_ordinary_caller_is_put_through_to_scheduling(ruleset):
    state = reach(ruleset, Step.CONSENT)
    while state.step is not Step.CLOSING:
        sits = state.asking.prompt == "q.sit"
        state, _ = step(ruleset, state, YES if sits or state.step in SAID_YES_TO else NO)
    assert state.closing[-1] == Transfer(Target.SCHEDULING)


def test_what_staff_should_still_ask_is_kept_with_the_decision(ruleset):
    state, effects = reach(ruleset, Step.CONSENT), ()
    while state.step is not Step.CLOSING:
        sits = state.asking.prompt == "q.sit"
        state, effects = step(ruleset, state, YES if sits or state.step in SAID_YES_TO else NO)
    decision = next(effect for effect in effects if isinstance(effect, Decided)).decision
    assert decision["complete"]
    assert "diabetes" in decision["left_for_staff"]
    assert not set(decision["left_for_staff"]) & set(state.answers)


def test_a_caller_whose_trouble_no_question_found_reaches_a_person(ruleset):
    state = reach(ruleset, Step.CLOSING)
    assert state.closing[-1] == Transfer(Target.FRONT_DESK)


def test_a_doubtful_answer_is_read_back_before_it_counts(call):
    state, effects = call(YES, heard(Meaning.YES, DOUBTFUL))
    assert state.step is Step.CONFIRM
    assert asked(effects) == "confirm.yes"
    state, _ = call(YES, heard(Meaning.YES, DOUBTFUL), YES)
    assert state.step is Step.WILL_CALL
    state, effects = call(YES, heard(Meaning.YES, DOUBTFUL), NO)
    assert state.step is Step.SCREEN
    assert state.failed == 1


def test_an_answer_spoken_over_a_red_flag_question_is_confirmed(call):
    state, _ = call(YES, heard(Meaning.NO, over_prompt=True))
    assert state.step is Step.CONFIRM


def test_a_key_is_taken_at_once_even_over_a_red_flag_question(call):
    state, _ = call(YES, KeyPressed(0, "1", over_prompt=True))
    assert state.step is Step.WILL_CALL


def test_unsure_about_a_red_flag_is_asked_once_more_and_then_stays_unknown(call):
    state, effects = call(YES, UNSURE)
    assert not state.answers
    assert prompts(effects)[-1].endswith(".again")
    state, _ = call(YES, UNSURE, UNSURE)
    assert set(state.answers.values()) == {Answer.UNKNOWN}


def test_on_the_web_nobody_is_asked_for_consent_to_record(ruleset):
    state, _ = fold(ruleset, [STARTED, Connected(0, Channel.WEB), YES])
    while state.asking and state.asking.level == 5:
        state, effects = step(ruleset, state, YES if state.step in SAID_YES_TO else NO)
    while state.step is not Step.SCREEN:
        assert state.step is not Step.CONSENT
        state, effects = step(ruleset, state, YES)
    assert state.consent is None
    assert not effects[-1].keep_audio


def test_whoever_would_rather_not_say_is_not_asked_again_and_the_red_flags_stay(ruleset):
    state = reach(ruleset, Step.SCREEN)
    while not (state.asking.grouped and state.asking.level == 4 and state.step is Step.SCREEN):
        state, _ = step(ruleset, state, YES if state.step in SAID_YES_TO else NO)
    members = state.asking.ids
    state, _ = step(ruleset, state, heard(Meaning.DECLINED))
    assert {state.answers[member] for member in members} == {Answer.DECLINED}
    assert not state.drilling


@pytest.mark.parametrize(
    "failure", [NO_MATCH, NoInput(0), KeyPressed(0, "A"), heard(Meaning.MIXED), heard(Meaning.NO, 0.1)]
)
def test_three_failed_turns_lead_to_a_person_and_leave_the_red_flag_unknown(call, failure):
    state, effects = call(YES, *[failure] * (MAX_FAILED_TURNS - 1))
    assert "keys_hint" in prompts(effects)
    state, effects = call(YES, *[failure] * MAX_FAILED_TURNS)
    assert set(state.answers.values()) == {Answer.UNKNOWN}
    assert "to_person.unclear_red_flag" in prompts(effects)
    assert "advice.emergency_room" in prompts(effects)
    assert effects[-1] == Transfer(Target.NURSE)
    assert state.if_nobody == "advice.call_911"


def test_failed_turns_of_different_kinds_count_together(call):
    state, _ = call(YES, NO_MATCH, NoInput(0), heard(Meaning.MIXED))
    assert state.step is Step.CLOSING


def test_go_back_mends_the_last_answer(call):
    first, _ = call(YES)
    state, effects = call(YES, NO, YES, heard(Meaning.BACK))
    assert state.asking == first.asking
    assert not state.answers
    assert prompts(effects)[0] == "back.done"
    _, effects = call(YES, heard(Meaning.BACK))
    assert prompts(effects)[0] == "back.none"


def test_repeat_and_help_do_not_count_as_failures(call):
    state, effects = call(YES, heard(Meaning.REPEAT), heard(Meaning.HELP))
    assert state.failed == 0
    assert prompts(effects)[0].endswith(".help")


def test_operator_reaches_a_person_at_any_question(ruleset):
    for at in set(Step) - {Step.RINGING, Step.CLOSING, Step.OVER}:
        _, effects = step(ruleset, reach(ruleset, at), heard(Meaning.OPERATOR))
        told_to_call = at in {Step.WILL_CALL, Step.WITH_PATIENT, Step.PLACE_CONSENT, Step.PLACE}
        assert effects[-1] == Transfer(Target.NURSE if told_to_call else Target.FRONT_DESK)


def test_an_emergency_phrase_is_answered_with_the_advice_to_call(call):
    _, effects = call(heard(Meaning.EMERGENCY))
    assert prompts(effects)[0] == "emergency.heard"
    state, _ = call(heard(Meaning.EMERGENCY, DOUBTFUL))
    assert state.step is Step.CONFIRM


def test_talk_of_suicide_leads_to_the_crisis_line_and_a_person(call):
    state, effects = call(heard(Meaning.SUICIDE, TAKE_AT))
    assert prompts(effects) == ["suicide.heard", "transfer.front_desk"]
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert state.if_nobody == "suicide.heard"


def test_talk_of_suicide_is_written_down_as_an_unknown_that_weighs_as_yes(call):
    state, effects = call(YES, NO, YES, heard(Meaning.SUICIDE))
    assert state.answers["suicide"] is Answer.UNKNOWN
    decision = next(effect for effect in effects if isinstance(effect, Decided)).decision
    assert (decision["urgency"], decision["live_person"]) == (5, True)
    assert {"id": "suicide", "level": 5, "because": {"suicide": "unknown"}} in decision["rules"]


def test_nobody_asks_about_suicide_so_no_prompt_does(ruleset):
    assert not any(prompt.startswith("q.suicide") for prompt in spoken_texts(ruleset))


def test_a_lost_stream_goes_on_at_the_open_question_with_keys(call):
    state, effects = call(YES, Disconnected(0, "socket_closed"), Connected(0, Channel.TURNS))
    assert state.step is Step.SCREEN
    assert prompts(effects)[0] == "resumed"
    assert "keys_short" in prompts(effects)


@pytest.mark.parametrize("key", "1234567890*#")
def test_turn_by_turn_a_key_cuts_the_last_words_off_and_so_they_are_said_again(ruleset, key):
    for answers in ((NO,), (YES, YES, YES)):
        closing, _ = fold(ruleset, [STARTED, Connected(0, Channel.TURNS), *answers])
        state, effects = step(ruleset, closing, KeyPressed(0, key))
        words, again = prompts(closing.closing), prompts(effects)
        assert again[: len(words)] == words or key in "0*4"
        assert again
        assert isinstance(effects[-1], Transfer | HangUp)
        assert state.step is Step.CLOSING


def test_on_live_audio_the_last_words_go_on_whatever_key_is_pressed(call):
    state, _ = call(NO)
    for key in "123678#":
        assert call(NO, KeyPressed(0, key)) == (state, ())


def test_closing_words_that_were_cut_are_said_again(call):
    _, effects = call(YES, YES, Connected(0, Channel.TURNS))
    assert prompts(effects)[:3] == ["resumed", "advice.call_911", "will_call"]
    _, effects = call(YES, YES, YES, Connected(0, Channel.TURNS))
    assert prompts(effects) == ["call_now"]
    _, effects = call(YES, YES, YES, Played(0), Connected(0, Channel.TURNS))
    assert effects == (HangUp(),)


def test_a_fault_of_ours_leads_to_a_person(call):
    _, effects = call(YES, Fault(0, "ears_failed"))
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert prompts(effects) == ["to_person.fault"]


def test_a_fault_during_the_last_words_repeats_them_and_tries_the_next_person(ruleset, call):
    state, effects = call(YES, YES, YES, Fault(0, "carrier_error"))
    assert "call_now" in prompts(effects)
    assert effects[-1] == HangUp()
    state, effects = call(YES, *[NO_MATCH] * 3, Fault(0, "carrier_error"))
    assert prompts(effects)[0] == "advice.emergency_room"
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    _, effects = step(ruleset, state, Fault(0, "carrier_error"))
    assert effects[-1] == HangUp()


@pytest.mark.parametrize("outcome", WHY)
def test_when_nobody_answers_the_front_desk_is_next_and_then_the_stricter_advice(ruleset, call, outcome):
    failed = TransferEnded(0, outcome)
    state, effects = call(YES, *[NO_MATCH] * 3, failed)
    assert effects[-1] == Transfer(Target.FRONT_DESK)
    assert WHY[outcome] in prompts(effects)
    assert "advice.call_911" in prompts(effects)
    state, effects = step(ruleset, state, failed)
    assert "advice.call_911" in prompts(effects)
    assert effects[-1] == HangUp()


def test_an_answered_transfer_ends_the_call(call):
    state, effects = call(NO, TransferEnded(0, TransferOutcome.ANSWERED))
    assert state.step is Step.OVER
    assert effects == (HangUp(),)


def test_nothing_happens_after_the_end(ruleset):
    over = State(step=Step.OVER)
    for event in EVENT_FOR.values():
        assert step(ruleset, over, event) == (over, ())
