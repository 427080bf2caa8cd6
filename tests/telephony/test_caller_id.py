import pytest

from voicebot.telephony.caller_id import shown_number


@pytest.mark.parametrize("number", ["+16515550199", "+442079460000"])
def test_a_number_that_is_told_can_be_called(number):
    assert shown_number(number) == number


@pytest.mark.parametrize(
    "told",
    [
        "",
        "anonymous",
        "Restricted",
        "+266696687",
        "+7378742833",
        "+86282452253",
        "client:alice",
        "sip:a@b",
        "+0123456789",
    ],
)
def test_a_number_that_is_withheld_cannot(told):
    assert shown_number(told) is None
