from __future__ import annotations

import pytest

from voicebot.calls.outcome import Outcome, outcome
from voicebot.dialog.effects import CallBack, HangUp, PreferredTime, Say, Target, Transfer
from voicebot.dialog.events import Connected, Fault, HungUp, Played, TransferEnded, TransferOutcome

ASKED = (Connected(0, "stream"), Say(("about_leg",)))
TO_NURSE = (*ASKED, Say(("advice.same_day", "transfer.nurse")), Transfer(Target.NURSE))
TO_911 = (*ASKED, Say(("emergency.heard", "advice.call_911"), interruptible=False), HangUp())
ASKED_TO_CALL = (Say(("advice.call_911",), interruptible=False), Say(("will_call",)))


def ended(result: TransferOutcome) -> TransferEnded:
    return TransferEnded(9, result)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        pytest.param((), None, id="nothing yet"),
        pytest.param(ASKED, None, id="still asking"),
        pytest.param((*ASKED, HungUp(5)), Outcome.HUNG_UP, id="left in the middle"),
        pytest.param(TO_911, Outcome.CALL_911, id="advice"),
        pytest.param((*TO_911, HungUp(5)), Outcome.CALL_911, id="left during the advice"),
        pytest.param((*ASKED, *ASKED_TO_CALL, HungUp(5)), Outcome.CALL_911, id="told to call, and left to do so"),
        pytest.param(
            (*ASKED, *ASKED_TO_CALL, Say(("confirm.yes",)), HungUp(5)), Outcome.CALL_911, id="left while asked again"
        ),
        pytest.param(
            (*ASKED, *ASKED_TO_CALL, Say(("call_now",)), HangUp()), Outcome.CALL_911, id="said they will call"
        ),
        pytest.param(
            (*ASKED, Say(("patient.advice.primary_care", "goodbye")), HangUp()),
            Outcome.PRIMARY_CARE,
            id="advice for somebody else",
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.BUSY), CallBack(PreferredTime.SOON), Say(("suicide.heard",)), HangUp()),
            Outcome.CALL_BACK,
            id="a dead line after talk of suicide",
        ),
        pytest.param(
            (*ASKED, Say(("advice.primary_care", "advice.call_911_if", "goodbye")), HangUp()),
            Outcome.PRIMARY_CARE,
            id="advice with a warning after it",
        ),
        pytest.param(TO_NURSE, Outcome.NURSE, id="put through"),
        pytest.param((*TO_NURSE, ended(TransferOutcome.ANSWERED), HangUp()), Outcome.NURSE, id="person answered"),
        pytest.param(
            (*TO_NURSE, Played(8), ended(TransferOutcome.CALLER_GONE), HangUp(), HungUp(9)),
            Outcome.NURSE,
            id="left while it rang",
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.BUSY), Say(("transfer.failed",)), Transfer(Target.FRONT_DESK)),
            Outcome.FRONT_DESK,
            id="next person",
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.NO_ANSWER), Say(("advice.emergency_room", "goodbye")), HangUp()),
            Outcome.EMERGENCY_ROOM,
            id="nobody, so the stricter advice",
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.NO_ANSWER), Say(("transfer.nobody", "goodbye")), HangUp()),
            Outcome.FAILED,
            id="nobody and nothing to advise",
        ),
        pytest.param(
            (*ASKED, Say(("closed.front_desk",)), CallBack(PreferredTime.ANY), HungUp(5)),
            Outcome.CALL_BACK,
            id="left after asking to be called back",
        ),
        pytest.param(
            (*ASKED, CallBack(PreferredTime.ANY), CallBack(PreferredTime.WITHDRAWN), HungUp(5)),
            Outcome.HUNG_UP,
            id="left after taking that back",
        ),
        pytest.param(
            (*ASKED, CallBack(PreferredTime.MORNING), Say(("call_noted.morning", "goodbye")), HangUp(), HungUp(5)),
            Outcome.CALL_BACK,
            id="to be called back",
        ),
        pytest.param(
            (*ASKED, Say(("closed.front_desk", "call_again", "goodbye")), HangUp()), Outcome.CALL_AGAIN, id="closed"
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.VOICEMAIL), Say(("transfer.voicemail", "call_back")), HungUp(9)),
            Outcome.HUNG_UP,
            id="left after nobody took the call",
        ),
        pytest.param(
            (*TO_NURSE, ended(TransferOutcome.CALLER_GONE), CallBack(PreferredTime.SOON), HangUp(), HungUp(9)),
            Outcome.NURSE,
            id="left while it rang, and cannot wait",
        ),
        pytest.param(
            (*ASKED, Fault(3, "dialog_failed"), Say(("to_person.fault",)), Transfer(Target.FRONT_DESK)),
            Outcome.FRONT_DESK,
            id="our own fault",
        ),
    ],
)
def test_the_outcome_is_where_the_line_led_the_caller(messages, expected):
    assert outcome(messages) == expected
