from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot import assets
from voicebot.config import load_settings
from voicebot.dialog.effects import Target
from voicebot.dialog.events import StaffReply, TransferOutcome
from voicebot.errors import VoicebotError
from voicebot.routing.hours_file import parse_hours
from voicebot.telephony.transfer import closed, numbers, outcome

ON_CALL = "+16515550103"
NIGHT = datetime(2026, 11, 25, 9, tzinfo=UTC)
REPLIES = [None, *StaffReply]


def test_every_target_has_a_number():
    settings = load_settings(
        front_desk_number="+16515550100",
        scheduling_number="+16515550101",
        nurse_number="+16515550102",
        after_hours_number=ON_CALL,
    )
    assert numbers(settings) == {
        Target.FRONT_DESK: "+16515550100",
        Target.SCHEDULING: "+16515550101",
        Target.NURSE: "+16515550102",
        Target.AFTER_HOURS: ON_CALL,
    }


def test_the_front_desk_stands_in_for_the_nurse():
    settings = load_settings(front_desk_number="+16515550100", scheduling_number="+16515550101")
    assert numbers(settings)[Target.NURSE] == "+16515550100"


@pytest.mark.parametrize("missing", ["front_desk_number", "scheduling_number"])
def test_no_call_is_answered_without_the_numbers_it_may_need(missing: str):
    given_numbers = {"front_desk_number": "+16515550100", "scheduling_number": "+16515550101", missing: None}
    with pytest.raises(VoicebotError) as error:
        numbers(load_settings(**given_numbers))
    assert error.value.code == "settings_wrong"


def test_without_hours_nobody_is_closed_but_those_on_call_who_have_no_number():
    assert closed(load_settings(), None, NIGHT) == (Target.AFTER_HOURS,)
    assert closed(load_settings(after_hours_number=ON_CALL), None, NIGHT) == ()


def test_who_is_closed_by_the_hours_is_not_rung():
    hours = parse_hours(assets.HOURS.read_text(), "hours.yaml")
    settings = load_settings(after_hours_number=ON_CALL)
    assert closed(settings, hours, NIGHT) == (Target.SCHEDULING, Target.FRONT_DESK, Target.NURSE)
    assert closed(settings, hours, NIGHT.replace(hour=18)) == ()


def ended(status, reply=None, *, bridged=True, caller_gone=False):
    return outcome(status, reply, bridged=bridged, caller_gone=caller_gone)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("busy", TransferOutcome.BUSY),
        ("no-answer", TransferOutcome.NO_ANSWER),
        ("failed", TransferOutcome.FAILED),
        ("canceled", TransferOutcome.FAILED),
        ("completed", TransferOutcome.DECLINED),
        ("answered", TransferOutcome.DECLINED),
        ("", TransferOutcome.FAILED),
        ("something new", TransferOutcome.FAILED),
    ],
)
def test_how_a_transfer_ended_that_nobody_accepted(status: str, expected: TransferOutcome):
    assert ended(status) is expected
    assert ended(status, caller_gone=True) is TransferOutcome.CALLER_GONE


@pytest.mark.parametrize("status", ["completed", "no-answer", "failed"])
def test_a_machine_that_answers_is_voicemail_and_another_key_declines_whatever_the_carrier_calls_it(status: str):
    assert ended(status, StaffReply.SILENT) is TransferOutcome.VOICEMAIL
    assert ended(status, StaffReply.DECLINED) is TransferOutcome.DECLINED


def test_a_conversation_that_took_place_was_answered_whoever_hung_up():
    assert ended("completed", StaffReply.ACCEPTED) is TransferOutcome.ANSWERED
    assert ended("completed", StaffReply.ACCEPTED, caller_gone=True) is TransferOutcome.ANSWERED


def test_one_that_did_not_take_place_after_all_was_not():
    assert ended("completed", StaffReply.ACCEPTED, bridged=False) is TransferOutcome.DECLINED
    assert ended("completed", StaffReply.ACCEPTED, bridged=False, caller_gone=True) is TransferOutcome.CALLER_GONE


@settings(deadline=None)
@given(st.text(max_size=12), st.sampled_from(REPLIES), st.booleans(), st.booleans())
def test_only_who_pressed_the_key_has_answered(status, reply, bridged, caller_gone):
    if ended(status, reply, bridged=bridged, caller_gone=caller_gone) is TransferOutcome.ANSWERED:
        assert reply is StaffReply.ACCEPTED
        assert bridged
