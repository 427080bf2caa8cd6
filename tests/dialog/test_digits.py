"""A number keyed in: when it is whole, what it is, and what single keys still mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialog.digits import PAUSE_MS, Digits
from voicebot.dialog.events import KeyPressed, NumberEntered

WHOLE, PART = NumberEntered(7, complete=True), NumberEntered(7, complete=False)


def keyed(keys, at_ms=0):
    digits = Digits(10)
    for key in keys:
        digits = digits.press(key, at_ms)
    return digits


@pytest.mark.parametrize(
    ("keys", "number", "event"),
    [
        ("6515550123", "+16515550123", WHOLE),
        ("16515550123", "+16515550123", WHOLE),
        ("6515550123#", "+16515550123", WHOLE),
        ("651555012", None, PART),
        ("651555012#", None, PART),
        ("0515550123", None, PART),
        ("6511550123", None, PART),
        ("65*", None, KeyPressed(7, "*")),
        ("2", None, KeyPressed(7, "2")),
        ("#", None, KeyPressed(7, "#")),
    ],
)
def test_keys_are_a_number_or_an_ordinary_key(keys, number, event):
    assert keyed(keys).number == number
    assert keyed(keys).event(7) == event


@pytest.mark.parametrize(
    ("keys", "over"),
    [("", False), ("6", False), ("651555012", False), ("6515550123", True), ("1651555012", False), ("65#", True)],
)
def test_a_number_is_over_when_it_is_whole_or_ended(keys, over):
    assert keyed(keys).is_over(PAUSE_MS - 1) is over


def test_no_further_key_for_a_while_is_the_end():
    assert keyed("651", at_ms=100).is_over(100 + PAUSE_MS)
    assert not keyed("").is_over(10 * PAUSE_MS)


@given(st.text("0123456789*#", max_size=14))
def test_whatever_is_keyed_the_event_holds_none_of_it_but_a_single_key(keys):
    event = keyed(keys or "1").event(7)
    assert isinstance(event, KeyPressed | NumberEntered)
    if isinstance(event, KeyPressed):
        assert len(event.key) == 1
