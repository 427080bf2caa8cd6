"""Whatever happens in whatever order, the laws of the dialog hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from voicebot.dialog.effects import CallBack, HangUp, Listen, PreferredTime, RecordPlace, Say, Target, Transfer
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Disconnected,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    NumberEntered,
    Played,
    SecondThought,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.failing import MAX_FAILED_TURNS
from voicebot.dialog.machine import fold, step
from voicebot.dialog.meaning import URGENT, Meaning
from voicebot.dialog.spoken import required_prompts
from voicebot.dialog.state import State, Step
from voicebot.triage.answers import Answer
from voicebot.triage.engine import decide

ASKING = frozenset(Step) - {Step.RINGING, Step.PLACE, Step.CLOSING, Step.OVER}
IN_DANGER = {Step.WILL_CALL, Step.PLACE_CONSENT, Step.PLACE, Step.STAYING}
"""Steps whose failed turns lead elsewhere than to the same question."""
TAKEN_OR_GONE = {TransferOutcome.ANSWERED, TransferOutcome.CALLER_GONE}


def test_the_laws_hold_for_any_order_of_events(ruleset):
    sayable = required_prompts(ruleset)

    class Calls(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.events = []
            self.stored = PreferredTime.WITHDRAWN
            self.state = State()

        @initialize(closed=st.sets(st.sampled_from(Target)), number_shown=st.booleans())
        def begin(self, closed, number_shown):
            self.happen(
                CallStarted(
                    0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64, tuple(closed), number_shown=number_shown
                )
            )
            self.happen(Connected(0, Channel.STREAM))

        def happen(self, event):
            before = self.state
            self.events.append(event)
            self.state, effects = step(ruleset, before, event)
            said = [prompt for effect in effects if isinstance(effect, Say) for prompt in effect.prompts]
            assert set(said) <= sayable
            self.stored = next((one.preferred for one in reversed(effects) if isinstance(one, CallBack)), self.stored)
            assert self.stored is (self.state.call_back or PreferredTime.WITHDRAWN), "a call back nobody wants, or none"
            if self.state.step in ASKING and effects:
                assert isinstance(effects[-1], Listen), "dead air: a question without an ear"
                assert said, "dead air: an ear without a question"
            if self.state.step is Step.CLOSING and effects:
                assert isinstance(effects[-1], Transfer | HangUp)
            if Transfer(Target.SCHEDULING) in effects:
                decision = decide(ruleset, self.state.answers)
                assert decision.urgency <= 2
                assert decision.complete
                assert Answer.UNKNOWN not in {
                    answer for question, answer in self.state.answers.items() if ruleset.questions[question].level >= 3
                }
            if before.step is Step.OVER:
                assert not effects
            if self.state.step is Step.PLACE and effects:
                assert isinstance(effects[-1], RecordPlace)
            if self.state.crisis and HangUp() in effects:
                answered = isinstance(event, TransferEnded) and event.outcome in TAKEN_OR_GONE
                assert answered, "whoever spoke of suicide is not hung up on"
            if self.state.step in {Step.CALL_BACK, Step.CALL_BACK_TIME}:
                assert self.state.can_be_called
                assert decide(ruleset, self.state.answers).urgency_if_no_person <= 2, "who cannot wait is put through"
            if Target.SCHEDULING in self.state.closed:
                assert Transfer(Target.SCHEDULING) not in effects

        @rule(
            meaning=st.sampled_from([*Meaning, None]),
            confidence=st.floats(0, 1),
            over_prompt=st.booleans(),
        )
        def speak(self, meaning, confidence, over_prompt):
            self.happen(Heard(0, meaning, confidence, over_prompt=over_prompt))

        @rule(meaning=st.sampled_from([Meaning.YES, Meaning.NO, Meaning.NO, Meaning.NO, Meaning.UNSURE]))
        def answer_well(self, meaning):
            self.happen(Heard(0, meaning, 1.0))

        @rule(meaning=st.sampled_from([*Meaning]))
        def think_again(self, meaning):
            before = self.state
            self.happen(SecondThought(0, meaning))
            if before.undo and before.undo.crisis is not before.crisis:
                assert self.state.step is before.step, "talk of suicide cannot be taken back"
            elif before.undo and meaning not in URGENT and self.state.step not in {Step.CLOSING, *IN_DANGER}:
                assert replace(self.state, failed=0) == replace(before.undo, failed=0, channel=before.channel)

        @rule(key=st.sampled_from("0123456789*#"))
        def press(self, key):
            self.happen(KeyPressed(0, key))

        @rule(complete=st.booleans())
        def key_in_a_number(self, complete):
            self.happen(NumberEntered(0, complete))

        @rule()
        def say_nothing(self):
            self.happen(NoInput(0))

        @rule(channel=st.sampled_from(Channel))
        def reconnect(self, channel):
            self.happen(Disconnected(0, "socket_closed"))
            self.happen(Connected(0, channel))

        @precondition(lambda self: self.state.step is Step.CLOSING)
        @rule(outcome=st.sampled_from(TransferOutcome))
        def transfer(self, outcome):
            self.happen(Played(0))
            self.happen(TransferEnded(0, outcome))

        @rule()
        def break_down(self):
            self.happen(Fault(0, "ears_failed"))

        @precondition(lambda self: len(self.events) > 12)
        @rule()
        def hang_up(self):
            self.happen(HungUp(0))

        @invariant()
        def failures_are_capped(self):
            assert self.state.failed < MAX_FAILED_TURNS

        @invariant()
        def folding_the_events_again_gives_the_same_call(self):
            assert fold(ruleset, self.events)[0] == self.state

    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )


def test_every_patient_caller_reaches_an_end(ruleset):
    for meaning in (Meaning.YES, Meaning.NO, Meaning.UNSURE):
        state, _ = fold(
            ruleset,
            [
                CallStarted(0, "2026-01-01T00:00:00+00:00", "rules", "1", "0" * 64),
                Connected(0, Channel.STREAM),
                Heard(0, Meaning.YES, 1.0),
                *[Heard(0, meaning, 1.0)] * 150,
            ],
        )
        assert state.step is Step.CLOSING
