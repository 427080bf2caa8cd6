"""Talk of suicide: the crisis line's number, a person, and a line that stays when nobody takes the call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialog.walks import CONNECTED, NO, NO_MATCH, STARTED, UNSURE, YES, asked, heard, prompts, reach
from voicebot.dialog.effects import (
    Brief,
    CallBack,
    HangUp,
    Listen,
    PageReason,
    PageStaff,
    PreferredTime,
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
    Played,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.machine import TABLE, fold, step
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.safety import exempt_from_caps
from voicebot.dialog.state import Step
from voicebot.dialog.staying import DEAD_AFTER, MAX_CALL_MS, TRY_AGAIN_AFTER

SUICIDE = heard(Meaning.SUICIDE)
SHOWN = replace(STARTED, number_shown=True)
NOT_TAKEN = [one for one in TransferOutcome if one not in {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE}]
DURING_A_CALL = [one for one in Step if one not in {Step.RINGING, Step.OVER}]


@pytest.fixture
def staying(ruleset):
    """Return a function: events -> state and the last event's effects, on a line that stays with the caller."""

    def run(*events, started=SHOWN, outcome=TransferOutcome.NO_ANSWER):
        nobody = (Played(0), TransferEnded(0, outcome))
        state, history = fold(ruleset, [started, CONNECTED, SUICIDE, *nobody, *events])
        return state, history[-1][1]

    return run


@pytest.mark.parametrize("at", DURING_A_CALL)
def test_it_is_heard_at_every_step(ruleset, at):
    state, effects = step(ruleset, reach(ruleset, at), SUICIDE)
    assert "suicide.heard" in prompts(effects)
    assert exempt_from_caps(state)
    if at is not Step.STAYING:
        assert PageStaff(PageReason.CRISIS) in effects
        assert Brief("whisper.suicide") in effects
        assert isinstance(effects[-1], Transfer)


@pytest.mark.parametrize("at", Step)
def test_no_call_before_it_is_exempt_from_caps(ruleset, at):
    assert exempt_from_caps(reach(ruleset, at)) is (at is Step.STAYING)


def test_it_cannot_be_taken_back(ruleset):
    state, _ = fold(ruleset, [SHOWN, CONNECTED, YES, SUICIDE])
    assert step(ruleset, state, SecondThought(0, Meaning.NO)) == (state, ())


@pytest.mark.parametrize("outcome", NOT_TAKEN)
def test_when_nobody_takes_the_call_the_line_stays_and_says_so(staying, outcome):
    state, effects = staying(outcome=outcome)
    assert state.step is Step.STAYING
    assert effects[:2] == (CallBack(PreferredTime.SOON), PageStaff(PageReason.NOT_TAKEN))
    assert prompts(effects)[:3] == [f"transfer.{outcome}", "staying.nobody", "staying"]
    assert isinstance(effects[-1], Listen)
    assert effects[-1].no_input_ms >= 20_000


@pytest.mark.parametrize(
    "wish", [YES, heard(Meaning.YES, 0.6), heard(Meaning.OPERATOR), KeyPressed(0, "1"), KeyPressed(0, "0")]
)
def test_a_person_is_tried_again_as_often_as_the_caller_wants(ruleset, staying, wish):
    state, effects = staying(wish)
    for _ in range(5):
        assert isinstance(effects[-1], Transfer)
        state, effects = step(ruleset, state, TransferEnded(0, TransferOutcome.BUSY))
        assert state.step is Step.STAYING
        assert not [effect for effect in effects if isinstance(effect, PageStaff)], "paged once for it"
        state, effects = step(ruleset, state, wish)


def test_a_person_who_takes_the_call_ends_it(ruleset, staying):
    state, _ = staying(YES)
    state, effects = step(ruleset, state, TransferEnded(0, TransferOutcome.ANSWERED))
    assert state.step is Step.OVER
    assert effects == (HangUp(),)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (NO, ["staying.no"]),
        (UNSURE, ["staying.no"]),
        (NoInput(0), ["staying.here"]),
        (NO_MATCH, ["no_match.2"]),
        (heard(Meaning.NO, 0.6), ["no_match.2"]),
        (SUICIDE, ["suicide.heard"]),
        (heard(Meaning.EMERGENCY), ["emergency.heard", "advice.call_911"]),
        (heard(Meaning.HELP), ["staying.help"]),
        (heard(Meaning.BACK), ["staying.no"]),
        (Connected(0, Channel.TURNS), ["resumed", "staying.here"]),
    ],
)
def test_whatever_else_is_said_the_line_goes_on_asking(staying, said, words):
    state, effects = staying(said)
    assert prompts(effects)[: len(words)] == words
    assert asked(effects) == "staying"
    assert state.step is Step.STAYING


def test_nothing_but_the_caller_a_person_or_a_dead_line_ends_it(ruleset, staying):
    begun, _ = staying()
    for event in (NO, NO_MATCH, UNSURE, heard(Meaning.NO, 0.1)):
        state = begun
        for _ in range(2 * DEAD_AFTER):
            state, effects = step(ruleset, state, event)
            assert state.step is Step.STAYING
            assert HangUp() not in effects


def test_a_fault_fetches_a_person(staying):
    _, effects = staying(Fault(0, "ears_failed"))
    assert isinstance(effects[-1], Transfer)


def test_a_silent_caller_is_asked_again_and_now_and_then_a_person_is_tried_unasked(ruleset, staying):
    state, effects = staying()
    tried = 0
    for silences in range(1, 120):
        state, effects = step(ruleset, state, NoInput(25_000 * silences))
        if silences % TRY_AGAIN_AFTER == 0:
            tried += 1
            assert isinstance(effects[-1], Transfer)
            state, effects = step(ruleset, state, TransferEnded(0, TransferOutcome.NO_ANSWER))
        assert state.step is Step.STAYING
        assert HangUp() not in effects
    assert tried == 119 // TRY_AGAIN_AFTER


@pytest.mark.parametrize(("silence_ms", "silences"), [(30_000, 121), (0, DEAD_AFTER)])
def test_a_dead_line_ends_with_the_number_and_staff_are_told(ruleset, staying, silence_ms, silences):
    state, _ = staying()
    effects = ()
    while state.step is not Step.CLOSING or isinstance(effects[-1], Transfer):
        ended = isinstance(effects and effects[-1], Transfer)
        at_ms = silence_ms * (state.silences + 1)
        event = TransferEnded(at_ms, TransferOutcome.BUSY) if ended else NoInput(at_ms)
        state, effects = step(ruleset, state, event)
    assert state.silences == silences - 1
    assert effects[:2] == (CallBack(PreferredTime.SOON), PageStaff(PageReason.CALLER_GONE))
    assert prompts(effects) == ["suicide.heard"]
    assert effects[-1] == HangUp()


def test_the_number_is_repeated_now_and_then_not_every_time(ruleset, staying):
    state, _ = staying()
    said = []
    for _ in range(6):
        state, effects = step(ruleset, state, NoInput(0))
        said.append(prompts(effects)[0])
    assert said == ["staying.here", "staying.still", "staying.still"] * 2


def test_any_sign_of_the_caller_begins_the_count_anew(staying):
    state, _ = staying(*[NoInput(0)] * 9, NO)
    assert state.silences == 0


@pytest.mark.parametrize("said", [YES, NO, NO_MATCH])
def test_where_the_carrier_ends_every_call_the_number_is_said_once_more(staying, said):
    _, effects = staying(replace(said, at_ms=MAX_CALL_MS))
    assert prompts(effects) == ["suicide.heard"]
    assert effects[-1] == HangUp()
    assert PageStaff(PageReason.CALLER_GONE) in effects
    assert staying(replace(said, at_ms=MAX_CALL_MS - 1))[0].step is not Step.OVER


@pytest.mark.parametrize("before", [(), (YES,), (NoInput(0),)])
def test_who_leaves_is_called_back_at_once_and_staff_are_paged(staying, before):
    _, effects = staying(*before, HungUp(0))
    assert effects == (CallBack(PreferredTime.SOON), PageStaff(PageReason.CALLER_GONE))


def test_an_emergency_while_it_rings_asks_whether_they_will_call_and_never_hangs_up(ruleset, staying):
    state, effects = staying(YES, heard(Meaning.EMERGENCY))
    assert "advice.call_911" in prompts(effects)
    state, effects = step(ruleset, state, YES)
    assert HangUp() not in effects


def test_every_step_of_a_call_has_a_row_for_it():
    assert all("suicide" in TABLE[at] for at in DURING_A_CALL)


def test_rings_whoever_is_there_at_any_hour(ruleset):
    closed = replace(SHOWN, closed=tuple(Target))
    _, history = fold(ruleset, [closed, CONNECTED, SUICIDE])
    assert history[-1][1][-1] == Transfer(Target.FRONT_DESK)
