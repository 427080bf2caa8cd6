"""Sources: twilio.com/docs/voice/twiml/dial and .../number, and forms of live calls.

Seen on live calls: an action whose call was not answered is told no DialCallDuration; a caller who hangs up while it
rings makes the action's DialCallStatus `canceled` with a CallStatus of `completed`.
"""

import pytest

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, loud
from voicebot.simulate.carrier import EndReason, Faults, HangUp, Party, Press, Speak
from voicebot.simulate.carrier.entries import Dialed

NUMBER, SECOND = "+16515550110", "+16515550111"


@pytest.fixture
def dial(server, call):
    """Run a Dial with some attributes to a party; return log and the form of its action."""

    def run(attributes, party, caller=None, **options):
        server.answers["/voice"] = f'<Dial action="/dialed" {attributes}>{NUMBER}</Dial><Redirect>/never</Redirect>'
        server.answers["/dialed"] = "<Hangup/>"
        log = call(caller or Scripted(), parties={NUMBER: party}, **options)
        (form,) = server.forms("/dialed")
        return log, form

    return run


@pytest.mark.parametrize(
    ("party", "status", "bridged", "duration"),
    [
        (Party.answers(talk_s=2), "completed", "true", "2"),
        (Party.busy(), "busy", "false", None),
        (Party.no_answer(), "no-answer", "false", None),
        (Party.unreachable(), "failed", "false", None),
        (Party(ring_s=30), "no-answer", "false", None),
    ],
)
def test_the_action_is_told_how_it_went(dial, party, status, bridged, duration):
    log, form = dial('timeout="5"', party)
    assert (form["DialCallStatus"], form["DialBridged"], form.get("DialCallDuration")) == (status, bridged, duration)
    assert form["DialCallSid"].startswith("CA")
    assert form["DialCallSid"] != form["CallSid"]
    assert form["CallStatus"] == "in-progress"
    (dialed,) = log.of(Dialed)
    assert (dialed.number, dialed.status, dialed.bridged) == (NUMBER, status, bridged == "true")


@pytest.mark.parametrize(("attributes", "rings_s"), [("", 35), ('timeout="10"', 15), ('timeout="1"', 10)])
def test_it_rings_five_seconds_longer_than_the_timeout_which_is_at_least_five(dial, attributes, rings_s):
    log, _ = dial(attributes, Party.no_answer())
    assert len(log.heard) == rings_s * 8000


def test_the_caller_hears_it_ring_while_nobody_picked_up(dial):
    log, _ = dial("", Party.busy())
    assert set(log.heard[: 2000 * 8]) != {0xFF}


def test_without_an_action_the_next_verb_follows(server, call):
    server.answers["/voice"] = f"<Dial>{NUMBER}</Dial><Redirect>/next</Redirect>"
    server.answers["/next"] = "<Hangup/>"
    assert call(Scripted(), parties={NUMBER: Party.busy()}).verbs == ["Dial", "Redirect", "Hangup"]


def test_both_hear_each_other_once_connected(dial):
    callee = Scripted(at={3000: Speak(loud(200)), 5000: HangUp()})
    log, form = dial("", Party(mind=lambda: callee), Scripted(at={4000: Speak(loud(100))}))
    (leg,) = log.callees
    assert (log.heard.count(LOUD), leg.heard.count(LOUD)) == (200 * 8, 100 * 8)
    assert log.heard.index(LOUD) == (3000 + 20) * 8
    assert form["DialBridged"] == "true"
    assert leg.ended is EndReason.CALLER_HUNG_UP


def test_a_callee_who_does_not_hang_up_is_cut_off_at_the_time_limit(dial):
    log, form = dial('timeLimit="7"', Party.answers(talk_s=60))
    assert (form["DialCallStatus"], form["DialCallDuration"]) == ("completed", "7")
    assert log.callees[0].ended is EndReason.DIAL_OVER


@pytest.mark.parametrize(("attributes", "duration"), [("", "9"), ('hangupOnStar="true"', "3")])
def test_the_star_leaves_the_callee_if_told_so(dial, attributes, duration):
    log, form = dial(attributes, Party.answers(talk_s=9), Scripted(at={5000: Press("*")}))
    assert (form["DialCallStatus"], form["DialCallDuration"]) == ("completed", duration)
    assert log.ended is EndReason.HANGUP_VERB


@pytest.mark.parametrize(("gone_ms", "status", "duration"), [(1000, "canceled", None), (4000, "completed", "2")])
def test_a_caller_who_hangs_up_still_causes_the_action(dial, gone_ms, status, duration):
    log, form = dial("", Party.answers(talk_s=60), faults=Faults(hang_up_at_ms=gone_ms))
    assert (form["DialCallStatus"], form["CallStatus"], form.get("DialCallDuration")) == (status, "completed", duration)
    assert log.ended is EndReason.CALLER_HUNG_UP
    assert log.verbs == ["Dial"]


@pytest.mark.parametrize(("caller_id", "seen"), [("", "+16515550123"), ('callerId="+16515550100"', "+16515550100")])
def test_the_callee_sees_the_caller_unless_told_otherwise(server, call, caller_id, seen):
    noun = f'<Number statusCallback="/told">{NUMBER}</Number>'
    server.answers["/voice"] = f"<Dial {caller_id}>{noun}</Dial>"
    call(Scripted(), parties={NUMBER: Party.busy()})
    (form,) = server.forms("/told")
    assert (form["From"], form["To"]) == (seen, NUMBER)


def test_the_first_of_several_to_pick_up_gets_the_call_and_the_rest_are_hung_up(server, call):
    server.answers["/voice"] = f"<Dial><Number>{NUMBER}</Number><Number>{SECOND}</Number></Dial>"
    log = call(Scripted(), parties={NUMBER: Party(ring_s=5), SECOND: Party(ring_s=4, talk_s=1)})
    assert [(entry.number, entry.status) for entry in log.of(Dialed)] == [(NUMBER, "canceled"), (SECOND, "completed")]
    assert len(log.heard) // 8 == pytest.approx(4000 + 1000, abs=20)


def test_one_who_is_busy_leaves_the_others_ringing(server, call):
    server.answers["/voice"] = f'<Dial action="/dialed"><Number>{NUMBER}</Number><Number>{SECOND}</Number></Dial>'
    server.answers["/dialed"] = "<Hangup/>"
    log = call(Scripted(), parties={NUMBER: Party.busy(), SECOND: Party(ring_s=4)})
    assert [(entry.number, entry.status) for entry in log.of(Dialed)] == [(NUMBER, "busy"), (SECOND, "completed")]
    assert server.forms("/dialed")[0]["DialCallStatus"] == "completed"


def test_sequential_rings_one_after_the_other(server, call):
    numbers = f"<Number>{NUMBER}</Number><Number>{SECOND}</Number>"
    server.answers["/voice"] = f'<Dial sequential="true" timeout="5">{numbers}</Dial>'
    log = call(Scripted(), parties={NUMBER: Party.no_answer(), SECOND: Party(ring_s=2, talk_s=1)})
    assert [(entry.number, entry.status) for entry in log.of(Dialed)] == [(NUMBER, "no-answer"), (SECOND, "completed")]
    assert len(log.heard) // 8 == pytest.approx(10_000 + 2000 + 1000, abs=20)


@pytest.mark.parametrize(("attributes", "status"), [("", "completed"), ('answerOnBridge="true"', "no-answer")])
def test_answer_on_bridge_keeps_a_call_unanswered_that_nobody_took(server, call, attributes, status):
    server.answers["/voice"] = f"<Dial {attributes}>{NUMBER}</Dial>"
    call(Scripted(), parties={NUMBER: Party.busy()}, status_url="/status")
    assert server.forms("/status")[0]["CallStatus"] == status


def test_a_number_nobody_described_is_answered(server, call):
    server.answers["/voice"] = f"<Dial>{NUMBER}</Dial>"
    assert [entry.status for entry in call(Scripted()).of(Dialed)] == ["completed"]
