"""The telephone line of one call: 20 ms at a time, in step with the clock.

In each of them the caller hears something and may speak, press a key or hang up.

Everything that takes time on a call takes it here, whatever verb runs; so this is also where a call is cut off.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, SILENT_FRAME, speech_end
from voicebot.simulate.carrier.caller import Caller, HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.entries import CallerPressed, CallerSpoke, EndReason, LineSaid, Replied

if TYPE_CHECKING:
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.mouth import Mouth


class CallOver(Exception):  # noqa: N818 -- a call that ends is no error
    """The call ends here."""

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Clock:
    """Milliseconds since the call began; with a `speed` of 2 they go by twice as fast."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._began = time.monotonic()

    def now_ms(self) -> float:
        """Return the time of the call (ms)."""
        return (time.monotonic() - self._began) * 1000 * self.speed

    def seconds_until(self, at_ms: float) -> float:
        """Return how long it is until a time of the call, in seconds of real time; 0 if it went by."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.speed)


@dataclass(frozen=True, slots=True)
class Tick:
    """What the caller did in 20 ms."""

    frame: bytes
    """160 bytes of mu-law."""
    digits: tuple[str, ...]
    """Keys pressed, in order."""


class Line:
    """Brings the caller's ear, mouth and fingers together with the clock."""

    def __init__(
        self, caller: Caller, log: CallLog, clock: Clock, mouth: Mouth, *, cut_at_ms: dict[EndReason, float]
    ) -> None:
        """Take the two ends of the line, and the times of the call (ms) at which it ends for what reason."""
        self.log = log
        self.clock = clock
        self._caller = caller
        self._mouth = mouth
        self._cut_at_ms = cut_at_ms
        self._unanswered_since: float | None = None
        self.position_ms = 0
        """How much of the call has gone over the line (ms); a multiple of 20."""
        self.ticks = 0
        """How often the caller had a turn: time that was skipped does not count."""

    @property
    def next_tick_s(self) -> float:
        """Seconds of real time until the next 20 ms are complete."""
        return self.clock.seconds_until(self.position_ms + FRAME_MS)

    def tick(self, heard: bytes = SILENT_FRAME) -> Tick:
        """Let 20 ms go by in which the caller hears `heard` (mu-law, at most 160 bytes).

        Waits until they are over. Raises CallOver when the caller hangs up or the call's time is up.
        """
        self._wait()
        for reason, at_ms in self._cut_at_ms.items():
            if self.position_ms >= at_ms:
                raise CallOver(reason)
        digits = self._act()
        self.ticks += 1
        self._pass(heard.ljust(FRAME_BYTES, SILENT_FRAME[:1]))
        return Tick(bytes(self.log.spoken[-FRAME_BYTES:]), digits)

    def pause(self, length_ms: float) -> None:
        """Let some time go by in silence."""
        until = self.position_ms + length_ms
        while self.position_ms < until:
            self.tick()

    def catch_up(self) -> None:
        """Skip the time that a request took: nothing was heard, and nobody listened to what was said."""
        while self.next_tick_s == 0:
            self._pass(SILENT_FRAME)

    def says(self, name: str, kind: SaidKind, audio: bytes, starts_ms: float) -> None:
        """Tell the caller what the line says from `starts_ms` on."""
        ends_ms = starts_ms + len(audio) / BYTES_PER_MS
        self.log.add(LineSaid(self.clock.now_ms(), name, kind, starts_ms, ends_ms))
        self._caller.on_said(Said(name, kind, starts_ms, ends_ms, audio))

    def prompt_begins(self) -> None:
        """Take notice that the first byte of a new prompt is here; it answers an utterance that is over by now."""
        now_ms = self.clock.now_ms()
        if self._unanswered_since is not None and now_ms >= self._unanswered_since:
            self.log.add(Replied(now_ms, now_ms - self._unanswered_since))
            self._unanswered_since = None

    def _wait(self) -> None:
        due_s = self.next_tick_s
        if due_s > 0:
            time.sleep(due_s)
        late_ms = (self.clock.now_ms() - self.position_ms - FRAME_MS) / self.clock.speed
        self.log.worst_lateness_ms = max(self.log.worst_lateness_ms, late_ms)

    def _act(self) -> tuple[str, ...]:
        digits = []
        for action in self._caller.next_actions(self.position_ms):
            match action:
                case Speak(mulaw):
                    starts_ms = self.position_ms + self._mouth.pending / BYTES_PER_MS
                    self._unanswered_since = starts_ms + speech_end(mulaw) / BYTES_PER_MS
                    self._mouth.speak(mulaw)
                    self.log.add(CallerSpoke(starts_ms, self._unanswered_since))
                case Press(digit):
                    digits.append(digit)
                    self.log.add(CallerPressed(self.position_ms, digit))
                case HangUp():
                    raise CallOver(EndReason.CALLER_HUNG_UP)
        return tuple(digits)

    def _pass(self, heard: bytes) -> None:
        self.log.heard += heard
        self.log.spoken += self._mouth.frame()
        self.position_ms += FRAME_MS
