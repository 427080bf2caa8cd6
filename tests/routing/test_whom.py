from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialog.effects import Target
from voicebot.dialog.events import TransferOutcome
from voicebot.dialog.spoken import FIXED
from voicebot.routing.fallbacks import WHY
from voicebot.routing.whom import Need, next_after, whom

ON_CALL = Target.AFTER_HOURS


@pytest.mark.parametrize(
    ("need", "on_call", "expected"),
    [
        (Need.CAN_WAIT, True, None),
        (Need.CAN_WAIT, False, None),
        (Need.PERSON, True, ON_CALL),
        (Need.PERSON, False, None),
        (Need.NOW, True, ON_CALL),
        (Need.NOW, False, Target.NURSE),
    ],
)
def test_while_a_desk_is_closed(need, on_call, expected):
    closed = {Target.NURSE} if on_call else {Target.NURSE, ON_CALL}
    assert whom(Target.NURSE, need, closed) is expected


@settings(deadline=None)
@given(st.sampled_from(Target), st.sampled_from(Need), st.sets(st.sampled_from(Target)))
def test_who_cannot_wait_always_gets_somebody_and_an_open_desk_is_always_rung(wanted, need, closed):
    rung = whom(wanted, need, closed)
    if need is Need.NOW:
        assert rung is not None
    if wanted not in closed:
        assert rung is wanted
    if rung is ON_CALL is not wanted:
        assert ON_CALL not in closed


@settings(deadline=None)
@given(st.sampled_from(Target), st.sets(st.sampled_from(Target)))
def test_at_most_one_more_is_rung_and_never_one_who_is_closed(rung, closed):
    following = next_after(rung, closed)
    assert following not in closed
    assert following is not rung
    assert following is None or next_after(following, closed) is None


def test_every_way_to_fail_has_words_of_its_own():
    failing = set(TransferOutcome) - {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE}
    assert set(WHY) == failing
    assert len(set(WHY.values())) == len(failing)
    assert set(WHY.values()) <= FIXED
