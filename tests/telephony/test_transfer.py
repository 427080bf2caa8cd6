import pytest

from voicebot.config import load_settings
from voicebot.dialog.effects import Target
from voicebot.dialog.events import TransferOutcome
from voicebot.errors import VoicebotError
from voicebot.telephony.transfer import numbers, outcome


def test_every_target_has_a_number():
    settings = load_settings(
        front_desk_number="+16515550100", scheduling_number="+16515550101", nurse_number="+16515550102"
    )
    assert numbers(settings) == {
        Target.FRONT_DESK: "+16515550100",
        Target.SCHEDULING: "+16515550101",
        Target.NURSE: "+16515550102",
    }


def test_the_front_desk_stands_in_for_the_nurse():
    settings = load_settings(front_desk_number="+16515550100", scheduling_number="+16515550101")
    assert numbers(settings)[Target.NURSE] == "+16515550100"


@pytest.mark.parametrize("missing", ["front_desk_number", "scheduling_number"])
def test_no_call_is_answered_without_the_numbers_it_may_need(missing: str):
    given = {"front_desk_number": "+16515550100", "scheduling_number": "+16515550101", missing: None}
    with pytest.raises(VoicebotError) as error:
        numbers(load_settings(**given))
    assert error.value.code == "settings_wrong"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("completed", TransferOutcome.ANSWERED),
        ("answered", TransferOutcome.ANSWERED),
        ("busy", TransferOutcome.BUSY),
        ("no-answer", TransferOutcome.NO_ANSWER),
        ("failed", TransferOutcome.FAILED),
        ("canceled", TransferOutcome.CALLER_GONE),
        ("", TransferOutcome.FAILED),
        ("something new", TransferOutcome.FAILED),
    ],
)
def test_how_a_transfer_ended(status: str, expected: TransferOutcome):
    assert outcome(status) is expected
