"""Whatever happens on a call, in whatever order: it never falls silent, comes to an end, and can be run again."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from voicebot.dialog.effects import HangUp, Listen, RecordPlace, Transfer
from voicebot.dialog.events import (
    CallStarted,
    Channel,
    Connected,
    Disconnected,
    HungUp,
    NoInput,
    PlaceRecorded,
    Played,
    TransferEnded,
    TransferOutcome,
)
from voicebot.dialog.machine import fold, step
from voicebot.dialog.samples import every_event
from voicebot.dialog.state import State, Step

STARTS = [event for event in every_event() if isinstance(event, CallStarted)]
EVENTS = [event for event in every_event() if not isinstance(event, CallStarted)]
CALM = [event for event in EVENTS if not isinstance(event, HungUp)]
SILENCES = 400
"""So many silences in a row bring every call to its end, also one that stays with somebody in danger."""


def test_in_any_order_a_call_goes_on_and_comes_to_an_end(ruleset):
    class Calls(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.state, self.events, self.due = State(), [], ()

        @initialize(started=st.sampled_from(STARTS), channel=st.sampled_from(Channel))
        def begin(self, started, channel):
            self.happen(started)
            self.happen(Connected(0, channel))

        def happen(self, event):
            self.events.append(event)
            self.state, effects = step(ruleset, self.state, event)
            self.due = effects or self.due
            return effects

        @rule(event=st.sampled_from(CALM))
        def something_happens(self, event):
            self.happen(event)

        @rule(event=st.sampled_from(CALM))
        def something_happens_twice(self, event):
            self.happen(event)
            self.happen(event)

        @rule(channel=st.sampled_from(Channel), lost=st.booleans())
        def the_process_dies_and_another_goes_on(self, channel, lost):
            assert fold(ruleset, self.events)[0] == self.state, "the record alone tells where the call is"
            if lost:
                self.happen(Disconnected(0, "stream_broken"))
            self.happen(Connected(0, channel))

        @invariant()
        def something_is_going_on(self):
            if self.state.step is Step.OVER or not self.due:
                return
            waits_for = RecordPlace if self.state.step is Step.PLACE else Listen
            assert isinstance(self.due[-1], Transfer | HangUp if self.state.step is Step.CLOSING else waits_for)

        def teardown(self):
            """The caller falls silent, and whoever is rung does not answer."""
            for _ in range(SILENCES):
                if self.state.step is Step.OVER or isinstance(self.due[-1], HangUp):
                    return
                self.happen(self.next_silence())
            raise AssertionError("a call that never ends")

        def next_silence(self):
            if self.state.step is Step.PLACE:
                return PlaceRecorded(0, 0)
            if self.state.step is not Step.CLOSING:
                return NoInput(0)
            return TransferEnded(0, TransferOutcome.NO_ANSWER) if self.state.played else Played(0)

    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
