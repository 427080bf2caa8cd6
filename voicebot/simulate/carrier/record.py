"""Record: takes down what the caller says. Source: twilio.com/docs/voice/twiml/record. Keeps and serves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import FRAME_MS, level_dbfs
from voicebot.simulate.carrier.entries import EndReason
from voicebot.simulate.carrier.line import CallOver, Line
from voicebot.simulate.carrier.prompts import beep

if TYPE_CHECKING:
    from voicebot.simulate.carrier.verbs import Record

SILENCE_DBFS = -42.0
"""A frame below this level (dB relative to full scale) is silence. Twilio does not publish its own threshold."""
HUNG_UP = "hangup"
"""What stands in Digits when the caller hung up while being recorded."""


@dataclass
class Recording:
    """What was taken down so far."""

    trim_silence: bool
    frames: list[bytes] = field(default_factory=list)
    loud: list[bool] = field(default_factory=list)
    key: str = ""
    """The key that ended it, `hangup`, or empty."""

    def add(self, frame: bytes) -> None:
        """Take down 20 ms of mu-law."""
        self.frames.append(frame)
        self.loud.append(level_dbfs(frame) > SILENCE_DBFS)

    @property
    def length_ms(self) -> int:
        """Length before trimming."""
        return len(self.frames) * FRAME_MS

    @property
    def quiet_ms(self) -> int:
        """Length of the silence at its end."""
        since = next((i for i, loud in enumerate(reversed(self.loud)) if loud), len(self.loud))
        return since * FRAME_MS

    @property
    def audio(self) -> bytes:
        """What is kept of it (mu-law); nothing if it is an empty recording.

        Silence that only the timeout or a hang-up ended is an empty recording. Silence ended by a key or by its
        greatest length is one only when silence is trimmed. (Twilio documents the first; the rest follows from what
        is left after trimming.)
        """
        ended_by_key = self.key not in {"", HUNG_UP}
        if not any(self.loud) and (self.trim_silence or not ended_by_key):
            return b""
        if not self.trim_silence:
            return b"".join(self.frames)
        first, last = self.loud.index(True), len(self.loud) - self.loud[::-1].index(True)
        return b"".join(self.frames[first:last])


def record(verb: Record, line: Line) -> Recording:
    """Record until silence, a finish key, the greatest length, or until the caller hangs up.

    Raises CallOver when the call ends otherwise.
    """
    if verb.play_beep:
        beep(line)
    recording = Recording(verb.trim_silence)
    while recording.length_ms < verb.max_length_s * 1000 and recording.quiet_ms < verb.timeout_s * 1000:
        try:
            tick = line.tick()
        except CallOver as over:
            if over.reason is not EndReason.CALLER_HUNG_UP:
                raise
            recording.key = HUNG_UP
            return recording
        recording.add(tick.frame)
        recording.key = next((key for key in tick.digits if key in verb.finish_on_key), "")
        if recording.key:
            return recording
    return recording
