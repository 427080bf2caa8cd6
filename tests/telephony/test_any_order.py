"""Whatever happens on the telephone and to the server, in whatever order: a caller is never left in silence or lost.

Hypothesis presses keys, speaks, is silent, hangs up, sends webhooks twice, drops streams, loses answers, fills the disk
and kills the process. The carrier is the emulator, the server a real one, its clock and its ears are scripted.
"""

from __future__ import annotations

from functools import partial
from threading import Event as Moment

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.simulate.carrier.stepped import Puppet, SteppedCall, SteppedClock
from tests.telephony.conftest import ACCOUNT, FRONT_DESK, NURSE, SCHEDULING, TOKEN, parts_over
from tests.telephony.crashing import CrashingServer, Trouble
from voicebot.dialog.effects import HangUp, Listen, RecordPlace, Transfer
from voicebot.dialog.events import Event
from voicebot.dialog.machine import fold
from voicebot.dialog.state import Step
from voicebot.simulate.carrier import Carrier, EndReason, Faults, Party, Press
from voicebot.simulate.carrier import HangUp as PutDown
from voicebot.simulate.carrier.entries import LineSaid, Requested, StreamClosed, StreamOpened
from voicebot.speech.ears import Utterance
from voicebot.speech.scripted import ScriptedEars
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony import watchdog

SAID = ["yes", "yes", "no", "no", "no", "not sure", "operator", "help", "repeat", "[unk]", ""]
OVERHEARD = ["", "", "", "emergency", "i want to kill myself", "yes"]
"""What is said while the line cannot be interrupted."""
PARTIES = [Party(ring_s=1, talk_s=2), Party.busy(), Party.no_answer(), Party.declines(), Party.hangs_up()]
SILENCE_S = 90
"""Longer than anything lasts in which the line says nothing: ringing, and talking with whoever was rung."""
TURNS = 60
"""So many things in a row the line may say to somebody who never answers."""
alive = precondition(lambda self: not self.clock.over)
streaming = precondition(lambda self: not self.clock.over and self.stream_is_open)


def utterance(words):
    return (Utterance(words, 0.99, started_ms=400, ended_ms=800, decided_ms=1400),) if words else ()


def test_in_any_order_nobody_is_left_in_silence_or_lost(ruleset, grammars, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(watchdog, "WINDOW_S", 3600)  # the clock of these calls stands still in between

    class Calls(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.clock, self.person, self.server = SteppedClock(), Puppet(), CrashingServer()
            self.store, self.entries, self.carrier = MemoryStore(), [], None

        @initialize(
            streams=st.booleans(),
            twice=st.booleans(),
            lose_marks=st.booleans(),
            refuse=st.sampled_from([False, False, True]),
            party=st.sampled_from(PARTIES),
            said=st.lists(st.sampled_from(SAID), max_size=30),
            overheard=st.lists(st.sampled_from(OVERHEARD), max_size=10),
        )
        def a_call_comes_in(self, streams, twice, lose_marks, refuse, party, said, overheard):
            self.carrier = Carrier(
                self.server.url,
                TOKEN,
                ACCOUNT,
                status_url="/voice/status",
                fallback_url="/voice/fallback",
                clock=lambda: self.clock,
                parties=dict.fromkeys((FRONT_DESK, NURSE, SCHEDULING), party),
                time_limit_s=4 * 3600,
            )
            parts = partial(
                parts_over,
                ruleset,
                grammars,
                tmp_path_factory.mktemp("data"),
                ears=ScriptedEars(map(utterance, said), map(utterance, overheard)),
                streaming=streams,
                public_url=self.server.url,
                twilio_api_url=self.carrier.api_url,
                allow_unapproved_rules=True,
            )
            self.server.start(lambda store: parts(store=store), self.store)
            faults = Faults(repeat_webhooks=twice, lose_marks=lose_marks, refuse_stream=refuse)
            watch = self.entries.append
            self.call = SteppedCall(
                self.clock, lambda: self.carrier.place_call(self.person, faults=faults, watch=watch)
            )
            self.passes(300)

        @alive
        @rule(key=st.sampled_from("1122223790#*"))
        def the_caller_presses(self, key):
            self.person.does(Press(key))
            self.passes(600)

        @alive
        @rule(length_ms=st.sampled_from([100, 1000, 3000]))
        def time_goes_by(self, length_ms):
            self.passes(length_ms)

        @alive
        @rule()
        def the_caller_waits(self):
            self.await_the_line()

        @alive
        @rule(sure=st.sampled_from([False, False, False, True]))
        def the_caller_hangs_up(self, sure):
            if sure:
                self.person.does(PutDown())
                self.passes(100)

        @alive
        @rule(trouble=st.sampled_from(Trouble))
        def the_next_webhook_is_in_trouble(self, trouble):
            self.server.trouble = trouble

        @alive
        @rule()
        def the_disk_is_full_for_a_moment(self):
            self.server.process.refuses = 1

        @alive
        @rule()
        def the_process_is_killed(self):
            self.server.crash()
            self.passes(200)

        @streaming
        @rule()
        def the_stream_is_dropped(self):
            self.server.cut_streams()
            self.passes(200)

        @precondition(lambda self: self.clock.over)
        @rule()
        def nothing_more_happens(self):
            asked = len(self.of(Requested))
            self.passes(1000)
            assert len(self.of(Requested)) == asked or self.call.log is None

        @invariant()
        def the_record_tells_what_is_going_on(self):
            messages = self.record()
            state, _ = fold(ruleset, [message for message in messages if isinstance(message, Event)])
            due = next((one for one in reversed(messages) if isinstance(one, ENDINGS)), None)
            if due is not None and state.step is not Step.OVER:
                assert isinstance(due, Transfer | HangUp if state.step is Step.CLOSING else Listen | RecordPlace)

        def teardown(self):
            for _ in range(TURNS):
                if self.carrier is None or self.clock.over:
                    break
                self.await_the_line()
            if self.carrier is not None and not self.clock.over and self.in_crisis():
                self.person.does(PutDown())
                self.passes(600)
            if self.carrier is not None:
                assert self.clock.over, "a call that never ends"
                log = self.call.finish()
                assert log.ended in {EndReason.HANGUP_VERB, EndReason.CALLER_HUNG_UP}, log.entries
                self.carrier.close()
            self.server.close()

        def in_crisis(self):
            """Whoever spoke of suicide is kept for an hour: before that only they or a person end the call."""
            state, _ = fold(ruleset, [message for message in self.record() if isinstance(message, Event)])
            return state.crisis

        def passes(self, length_ms):
            """Let time go by, and on a stream the server keep up with it."""
            until = self.clock.now_ms() + length_ms
            while self.clock.now_ms() < until and not self.clock.over:
                self.clock.let_pass(100 if self.stream_is_open else 500)
                self.clock.stand()
                Moment().wait(0.002)

        def await_the_line(self):
            """Be silent until the line says something, or the call is over."""
            said = len(self.of(LineSaid))
            for _ in range(SILENCE_S):
                if self.clock.over or len(self.of(LineSaid)) > said:
                    return
                self.passes(1000)
            raise AssertionError(f"dead air: {self.entries[-12:]} {self.record()[-6:]}")

        def record(self):
            calls = self.store.call_ids()
            return [entry.message for entry in self.store.load(calls[0])] if calls else []

        def of(self, kind):
            return [entry for entry in tuple(self.entries) if isinstance(entry, kind)]

        @property
        def stream_is_open(self):
            return len(self.of(StreamOpened)) > len(self.of(StreamClosed))

    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make a call shorter takes longer than to read it
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


ENDINGS = (Listen, RecordPlace, Transfer, HangUp)
