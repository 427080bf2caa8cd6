"""The telephone line of one leg: 20 ms at a time, in step with the clock.

In each of them the person on this leg hears something and may speak, press a key or hang up. Everything that takes
time takes it here, whatever verb runs; so this is also where a leg is cut off or taken elsewhere.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, SILENT_FRAME, speech_end
from voicebot.simulate.carrier.caller import Caller, HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.entries import CallerPressed, CallerSpoke, EndReason, LineSaid, Replied

if TYPE_CHECKING:
    from voicebot.simulate.carrier.clock import Clock
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.mouth import Mouth
    from voicebot.simulate.carrier.updates import Update


class CallOver(Exception):  # noqa: N818 -- a call that ends is no error
    """The leg ends here."""

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Interrupted(Exception):  # noqa: N818 -- nor is one that is taken elsewhere
    """A call update takes the leg to another document."""

    def __init__(self, update: Update) -> None:
        super().__init__(update)
        self.update = update


@dataclass(frozen=True, slots=True)
class Tick:
    """What the person did in 20 ms."""

    frame: bytes
    """160 bytes of mu-law."""
    digits: tuple[str, ...]
    """Keys pressed, in order."""


class Line:
    """Brings a person's ear, mouth and fingers together with the clock."""

    def __init__(
        self, caller: Caller, log: CallLog, clock: Clock, mouth: Mouth, *, cut_at_ms: dict[EndReason, float]
    ) -> None:
        """Take the two ends of the line, and the times of the call (ms) at which it ends for what reason."""
        self.log = log
        self.clock = clock
        self.cut_at_ms = cut_at_ms
        self.person = caller
        self._mouth = mouth
        self._updates: deque[Update] = deque()
        self._unanswered_since: float | None = None
        self.position_ms = 0
        """How much of the call has gone over the line (ms); a multiple of 20."""
        self.ticks = 0
        """How often the person had a turn: time that was skipped does not count."""

    @property
    def frame_ends_ms(self) -> int:
        """When the next 20 ms are over, in ms of the call."""
        return self.position_ms + FRAME_MS

    def update(self, update: Update) -> None:
        """Ask for something else to be done with this leg, from any thread."""
        self._updates.append(update)

    def check(self) -> None:
        """Raise CallOver or Interrupted when this leg was cut off or is to go elsewhere."""
        for reason, at_ms in self.cut_at_ms.items():
            if self.position_ms >= at_ms:
                raise CallOver(reason)
        if self._updates:
            update = self._updates.popleft()
            if update.ends_call:
                raise CallOver(EndReason.ENDED_BY_API)
            raise Interrupted(update)

    def tick(self, heard: bytes = SILENT_FRAME, *, late_ms: float = 0.0) -> Tick:
        """Let 20 ms go by in which the person hears `heard` (mu-law, at most 160 bytes).

        Waits until they are over, and `late_ms` longer. Raises CallOver when the person hangs up or is cut off, and
        Interrupted when the call is updated.
        """
        self._pace(late_ms)
        self.check()
        digits = self._act()
        self.ticks += 1
        self._pass(heard.ljust(FRAME_BYTES, SILENT_FRAME[:1]))
        return Tick(bytes(self.log.spoken[-FRAME_BYTES:]), digits)

    def catch_up(self) -> None:
        """Skip the time that a request took: nothing was heard, and nobody listened to what was said."""
        while self.clock.now_ms() >= self.frame_ends_ms:
            self._pass(SILENT_FRAME)

    def says(self, name: str, kind: SaidKind, audio: bytes, starts_ms: float) -> None:
        """Tell the person what the line says from `starts_ms` on."""
        ends_ms = starts_ms + len(audio) / BYTES_PER_MS
        self.log.add(LineSaid(self.clock.now_ms(), name, kind, starts_ms, ends_ms))
        self.person.on_said(Said(name, kind, starts_ms, ends_ms, audio))

    def prompt_begins(self) -> None:
        """Take notice that the first byte of a new prompt is here; it answers an utterance that is over by now."""
        now_ms = self.clock.now_ms()
        if self._unanswered_since is not None and now_ms >= self._unanswered_since:
            self.log.add(Replied(now_ms, now_ms - self._unanswered_since))
            self._unanswered_since = None

    def _pace(self, late_ms: float) -> None:
        """Wait until the next 20 ms are over and `late_ms` have gone by."""
        due_ms = self.frame_ends_ms + late_ms
        while (due_s := self.clock.seconds_until(due_ms)) > 0:
            time.sleep(due_s)
        behind_ms = (self.clock.now_ms() - due_ms) / self.clock.speed
        self.log.worst_lateness_ms = max(self.log.worst_lateness_ms, behind_ms)

    def _act(self) -> tuple[str, ...]:
        digits = []
        for action in self.person.next_actions(self.position_ms):
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
