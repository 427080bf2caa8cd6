"""Calls with sound, in this process: recorded voices through the real ears, live line and prompts, as fast as it goes.

The telephone network between them is emulated 20 ms at a time on a clock of its own; nobody waits. A stream that is
cut is opened again, as is one that ended with a transfer to nobody: there is no server here that could go on turn by
turn; the wire mode has one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from voicebot.dialog.asking import GRAMMAR
from voicebot.dialog.events import Channel
from voicebot.keeping import Recorder
from voicebot.line import BYTES_PER_MS, Clear, Close, Line, Order, Play
from voicebot.session import Session, open_session
from voicebot.simulate.caller import SimulatedCaller, vocabulary
from voicebot.simulate.carrier import HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.audio import FRAME_BYTES, FRAME_MS, SILENT_FRAME
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.simulate.carrier.playback import Playback
from voicebot.simulate.in_process import after_last_words
from voicebot.simulate.phone import CallerOnPhone
from voicebot.simulate.verdict import Run, check, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voicebot.simulate.in_process import Clinic
    from voicebot.simulate.scenario import Scenario
    from voicebot.simulate.voices import Voice, Voices
    from voicebot.speech.ears import Ears
    from voicebot.speech.voice import RenderedPrompts


class AudioCalls:
    """Places scenarios as calls with sound."""

    def __init__(
        self,
        clinic: Clinic,
        ears: Ears,
        prompts: RenderedPrompts,
        voices: Voices,
        recorder: Callable[[str, Callable[[], int]], Keeper] | None = None,
    ) -> None:
        """Take the parts, and what makes the recorder of a call by its id and clock; without it no sound is kept."""
        self.clinic = clinic
        self.ears = ears
        self.prompts = prompts
        self.recorder = recorder
        self._voices = voices

    def place(self, scenario: Scenario, seed: int) -> Run:
        """Run one call to its end and judge it; `seed` chooses the voice, unless the scenario does, and the noise."""
        voice = self._voices.cast(scenario.speaker, vocabulary(scenario), seed)
        session = self.clinic.new_call(Channel.STREAM, scenario.line)
        _Call(self, session, scenario, voice, seed).run()
        facts = read_facts(self.clinic.ruleset, self.clinic.store.load(session.call_id))
        failures = check(scenario.expect, facts)
        return Run(scenario.name, "audio", seed, session.call_id, facts, failures, voice.speaker, voice.synthetic)


class Keeper(Recorder, Protocol):
    """Keeps the sound of a call."""

    def close(self) -> None:
        """End the recording."""


class _Nowhere:
    """Keeps no sound."""

    def write(self, caller: bytes, line: bytes) -> None:
        """Forget it."""

    def keep_number(self, number: str) -> None:
        """Forget it."""

    def keep_place(self, mulaw: bytes, _starts_at_ms: int) -> bool:
        """Forget it, but tell whether there was anything."""
        return bool(mulaw)

    def close(self) -> None:
        """Nothing was kept."""


class _Call:
    """One call: the wire between the line and the caller's telephone."""

    def __init__(self, calls: AudioCalls, session: Session, scenario: Scenario, voice: Voice, seed: int) -> None:
        clinic = calls.clinic
        self._calls = calls
        self._session = session
        self._conditions = scenario.line
        understand = partial(clinic.grammars.understand, GRAMMAR)
        self._phone = CallerOnPhone(SimulatedCaller(scenario, clinic.ruleset, understand), voice)
        snr_db = scenario.line.snr_db
        self._mouth = Mouth(None if snr_db is None else voice.level_dbfs - snr_db, seed)
        self._playback = Playback()
        self._now_ms = 0
        self._frames = 0
        self._over = False
        self._recorder: Keeper = _Nowhere()
        self._line = self._open()

    def run(self) -> None:
        self._carry_out(self._line.start())
        while not self._over:
            self._act()
            if not self._over:
                self._tick()
        self._recorder.close()

    def _open(self) -> Line:
        calls = self._calls
        self._session = open_session(calls.clinic.ruleset, calls.clinic.store, self._session.call_id)
        self._recorder.close()
        if calls.recorder:
            self._recorder = calls.recorder(self._session.call_id, lambda: self._now_ms)
        return Line(self._session, calls.ears, calls.clinic.grammars, calls.prompts, self._recorder, self._now_ms)

    def _act(self) -> None:
        for action in self._phone.next_actions(self._now_ms):
            match action:
                case Speak(mulaw):
                    self._mouth.speak(mulaw)
                case Press(digit):
                    self._carry_out(self._line.key(digit))
                case HangUp():
                    self._line.hung_up()
                    self._over = True

    def _tick(self) -> None:
        """Let 20 ms go over the wire in both directions."""
        frame, lose_every = self._mouth.frame(), self._conditions.lose_every
        self._frames += 1
        lost = lose_every is not None and self._frames % lose_every == 0
        heard = self._playback.play(FRAME_BYTES)
        self._now_ms += FRAME_MS
        self._carry_out(self._line.frame(SILENT_FRAME if lost else frame))
        for mark in heard.marks:
            self._carry_out(self._line.mark(mark))
        drop_after_s = self._conditions.drop_after_s
        if drop_after_s is not None and self._now_ms - FRAME_MS < drop_after_s * 1000 <= self._now_ms:
            self._drop()

    def _drop(self) -> None:
        self._line.lost("stream_lost")
        self._playback.clear()
        self._line = self._open()
        self._carry_out(self._line.start())

    def _carry_out(self, orders: Iterable[Order]) -> None:
        for order in orders:
            match order:
                case Play(audio, mark):
                    starts_ms = self._now_ms + self._playback.queued / BYTES_PER_MS
                    self._playback.add(audio)
                    self._playback.mark(mark)
                    ends_ms = starts_ms + len(audio) / BYTES_PER_MS
                    self._phone.on_said(Said(mark, SaidKind.MARK, starts_ms, ends_ms, audio))
                case Clear():
                    for cleared in self._playback.clear():
                        self._carry_out(self._line.mark(cleared))
                case Close():
                    ending = self._session.state.closing[-1]
                    if after_last_words(self._session, ending, self._conditions, self._now_ms):
                        self._playback.clear()
                        self._line = self._open()
                        self._carry_out(self._line.start())
                    else:
                        self._over = True
