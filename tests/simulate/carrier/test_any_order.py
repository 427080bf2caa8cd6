"""Whatever happens on a call, in whatever order, the emulator keeps to Twilio's rules.

Hypothesis speaks, presses keys, is silent, hangs up, repeats webhooks, drops streams, lets the server fail or be slow,
and changes the call over REST. The rules are those that the verbs' own tests have their sources for.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise
from socket import SHUT_RDWR
from threading import Event

import requests
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.simulate.carrier.carrier_fakes import loud
from tests.simulate.carrier.conftest import TOKEN
from tests.simulate.carrier.hotline import CALLEE, LEADS_TO, PROMPT, Hotline, Trouble
from tests.simulate.carrier.stepped import Puppet, SteppedCall, SteppedClock
from voicebot.simulate.carrier import Carrier, EndReason, Faults, HangUp, Network, Party, Press, Purpose, Speak
from voicebot.simulate.carrier.entries import (
    CallerPressed,
    Dialed,
    Ended,
    Executed,
    Failed,
    MarkReturned,
    Recorded,
    Requested,
    StreamClosed,
    StreamOpened,
    Updated,
)

ACCOUNT = "AC" + "0" * 32
PAUSE = '<Response><Pause length="5"/></Response>'
PARTIES = {
    "answers": Party(ring_s=1, talk_s=4),
    "busy": Party.busy(),
    "no answer": Party.no_answer(),
    "voicemail": Party.voicemail(loud(3000)),
    "declines": Party.declines(),
    "hangs up": Party.hangs_up(),
}
STREAM_ENDS_MS = 5000
"""Of the call, and at least as long in real time."""
RARELY = st.sampled_from([False, False, False, True])
"""Calls that end at once show little."""
alive = precondition(lambda self: not self.clock.over)
streaming = precondition(lambda self: not self.clock.over and self.stream_is_open)


class AnyOrder(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock, self.person = SteppedClock(), Puppet()
        self.line = Hotline(TOKEN, self.clock.let_pass)
        self.entries = []
        self.marks = []
        self.call = self.carrier = None

    @initialize(
        party=st.sampled_from(["answers", "answers", *sorted(PARTIES)]),
        twice=st.booleans(),
        fallback=st.booleans(),
        network=st.sampled_from([Network(), Network(stall_every_s=0.5), Network(outage_every_s=0.5)]),
        key=st.sampled_from(["", "1", "2", "3", "3"]),
        later_ms=st.sampled_from([0, 0, 9000]),
    )
    def a_call_comes_in(self, party, twice, fallback, network, key, later_ms):
        self.party, self.twice = PARTIES[party], twice
        self.carrier = Carrier(
            self.line.server.url,
            TOKEN,
            voice_url="/voice",
            status_url="/status",
            fallback_url="/fallback" if fallback else None,
            clock=lambda: self.clock,
            network=network,
            parties={CALLEE: self.party},
            time_limit_s=120,
        )
        faults = Faults(repeat_webhooks=twice)
        watch = self.entries.append
        self.call = SteppedCall(self.clock, lambda: self.carrier.place_call(self.person, faults=faults, watch=watch))
        if key:
            self.the_caller_presses(key)
        self.clock.advance(later_ms)

    @alive
    @rule(length_ms=st.sampled_from([20, 300, 1000, 3000, 9000]))
    def time_goes_by(self, length_ms):
        self.clock.advance(length_ms)

    @alive
    @rule(key=st.sampled_from("1123345670#*"))
    def the_caller_presses(self, key):
        verbs, asked = self.of(Executed), len(self.of(Requested))
        self.person.does(Press(key))
        self.clock.advance(40)
        if verbs and verbs[-1].verb == "Gather" and self.person.heard[-1] == PROMPT:
            assert len(self.of(Requested)) > asked, "a key ends this Gather at once"

    @alive
    @rule(length_ms=st.sampled_from([100, 700]))
    def the_caller_speaks(self, length_ms):
        self.person.does(Speak(loud(length_ms)))
        self.clock.advance(40)

    @alive
    @rule(sure=RARELY)
    def the_caller_hangs_up(self, sure):
        if sure:
            self.hang_up()

    def hang_up(self):
        self.person.does(HangUp())
        self.clock.advance(40)
        assert self.call.finish().ended is EndReason.CALLER_HUNG_UP

    @alive
    @rule(trouble=st.sampled_from(list(Trouble)))
    def the_next_answer_is_in_trouble(self, trouble):
        self.line.trouble = trouble

    @streaming
    @rule(length_ms=st.sampled_from([20, 500, 5000]))
    def the_server_speaks(self, length_ms):
        name = f"mark {len(self.marks)}"
        self.marks.append(name)
        self.socket.media(length_ms)
        self.socket.mark(name)
        self.clock.advance(40)

    @streaming
    @rule()
    def the_server_clears(self):
        self.socket.clear()
        self.clock.advance(40)

    @streaming
    @rule(message=st.sampled_from([b"\xff" * 160, "{", {"event": "stop"}]))
    def the_server_sends_what_it_may_not(self, message):
        self.socket.send(message)
        self.clock.advance(40)
        assert self.clock.over or self.stream_is_open

    @streaming
    @rule()
    def the_server_closes_the_stream(self):
        self.stream_ends(self.socket.socket.close)

    @streaming
    @rule()
    def the_stream_is_dropped(self):
        self.stream_ends(partial(self.socket.socket.sock.shutdown, SHUT_RDWR))

    @alive
    @rule(twiml=st.booleans())
    def the_call_is_taken_elsewhere_over_rest(self, twiml):
        updated = len(self.of(Updated))
        self.change({"Twiml": PAUSE} if twiml else {"Url": f"{self.line.server.url}/updated"})
        assert len(self.of(Updated)) == updated + 1

    @alive
    @rule(sure=RARELY)
    def the_call_is_ended_over_rest(self, sure):
        if sure:
            self.change({"Status": "completed"})
            assert self.call.finish().ended is EndReason.ENDED_BY_API

    def change(self, form):
        sid = self.line.server.forms("/voice")[0]["CallSid"]
        url = f"{self.carrier.api_url}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
        assert requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=30).status_code == 200
        self.clock.advance(40)

    @precondition(lambda self: self.clock.over)
    @rule()
    def nothing_more_happens(self):
        self.call.finish()
        asked = len(self.line.server.seen)
        self.person.does(Press("1"))
        self.clock.let_pass(9000)
        assert len(self.line.server.seen) == asked

    @invariant()
    def every_request_is_signed(self):
        assert self.line.unsigned == []

    @invariant()
    def every_document_was_led_to(self):
        """By the verb before it, an update, or a failure."""
        cause, failed = None, False
        for entry in tuple(self.entries):
            match entry:
                case Executed() | Updated():
                    cause = entry
                case Failed():
                    failed = True
                case Requested(purpose=Purpose.FALLBACK):
                    assert failed
                case Requested(purpose=Purpose.VOICE, path="/updated"):
                    assert isinstance(cause, Updated)
                case Requested(purpose=Purpose.VOICE, path=path) if cause is not None:
                    assert cause.verb in LEADS_TO[path]

    @invariant()
    def digits_are_those_that_were_pressed(self):
        pressed = [entry.digit for entry in self.of(CallerPressed)]
        for entry in self.of(Requested):
            if entry.path == "/menu":
                assert entry.params["Digits"] in pressed

    @invariant()
    def every_recording_was_handed_over(self):
        if self.clock.over or not self.of(Recorded):
            return
        assert len({entry.params["RecordingUrl"] for entry in self.of(Requested) if entry.path == "/recorded"}) == len(
            self.of(Recorded)
        )

    @invariant()
    def marks_come_back_once_and_in_order(self):
        returned = [entry.name for entry in self.of(MarkReturned)]
        assert returned == [name for name in self.marks if name in returned]

    def teardown(self):
        if self.call is None:
            self.line.server.close()
            return
        if not self.clock.over:
            self.hang_up()
        log = self.call.finish()
        self.carrier.close()
        self.line.server.close()
        self.check_the_end(log)
        self.check_repetitions()
        self.check_callees(log)
        for socket in self.line.server.streams:
            check_order(socket.got)

    def check_the_end(self, log):
        assert len(log.heard) == len(log.spoken)
        (ended,) = log.of(Ended)
        behind = log.entries[log.entries.index(ended) + 1 :]
        assert {entry.purpose for entry in behind if isinstance(entry, Requested)} <= {Purpose.STATUS}
        (final,) = self.line.server.forms("/status")[:: 2 if self.twice else 1]
        assert final["CallStatus"] == "completed"
        assert self.line.server.paths[-1] == "/status"
        assert len(log.of(StreamOpened)) == len(log.of(StreamClosed))

    def check_repetitions(self):
        posts = Counter(
            seen.headers["I-Twilio-Idempotency-Token"] for seen in self.line.server.seen if seen.path != "/media"
        )
        assert set(posts.values()) <= ({1, 2} if self.twice else {1})

    def check_callees(self, log):
        dialed = log.of(Dialed)
        accepted = ["The summary." in leg.said for leg in log.callees]
        assert sum(entry.bridged for entry in dialed) <= sum(accepted), "nobody is put through who did not accept"
        if self.party is not PARTIES["answers"]:
            assert not any(entry.bridged for entry in dialed)
        legs = self.line.server.forms("/leg")[:: 2 if self.twice else 1]
        for sid in {form["CallSid"] for form in legs}:
            numbers = [int(form["SequenceNumber"]) for form in legs if form["CallSid"] == sid]
            assert numbers == list(range(len(numbers)))

    def stream_ends(self, end):
        """End the stream on the server's side; on a busy machine it takes a moment until the caller's side sees it."""
        resumed, arrives = self.asked("/resume"), Event()
        end()
        for _ in range(STREAM_ENDS_MS // 20):
            self.clock.advance(20)
            if self.clock.over or not self.stream_is_open:
                break
            arrives.wait(0.02)
        assert self.clock.over or self.asked("/resume") > resumed

    @property
    def stream_is_open(self):
        return len(self.of(StreamOpened)) > len(self.of(StreamClosed))

    @property
    def socket(self):
        return self.line.server.socket_of(self.of(StreamOpened)[-1].stream_sid)

    def asked(self, path):
        return sum(entry.path == path for entry in self.of(Requested))

    def of(self, kind):
        return [entry for entry in tuple(self.entries) if isinstance(entry, kind)]


def check_order(got):
    """Check that a stream's messages are numbered without a gap, and its frames, too."""
    numbers = [int(message["sequenceNumber"]) for message in got if "sequenceNumber" in message]
    assert numbers == list(range(1, len(numbers) + 1))
    chunks = [int(message["media"]["chunk"]) for message in got if message["event"] == "media"]
    assert chunks == list(range(1, len(chunks) + 1))
    stamps = [int(message["media"]["timestamp"]) for message in got if message["event"] == "media"]
    assert all(later > earlier for earlier, later in pairwise(stamps))


AnyOrder.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyOrder = AnyOrder.TestCase
