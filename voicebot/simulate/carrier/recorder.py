"""Takes down what a person says until silence, a key, the greatest length, or until they hang up. Keeps no files."""

from __future__ import annotations

from dataclasses import dataclass, field

from voicebot.simulate.carrier.audio import FRAME_MS, level_dbfs

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
    def silent(self) -> bool:
        """Whether nothing was said and no key was pressed, or nothing is left after trimming."""
        ended_by_key = self.key not in {"", HUNG_UP}
        return not any(self.loud) and (self.trim_silence or not ended_by_key)

    @property
    def audio(self) -> bytes:
        """What is kept of it (mu-law): without the silence around it if that is trimmed and there is anything else."""
        if not self.trim_silence or not any(self.loud):
            return b"".join(self.frames)
        first, last = self.loud.index(True), len(self.loud) - self.loud[::-1].index(True)
        return b"".join(self.frames[first:last])
