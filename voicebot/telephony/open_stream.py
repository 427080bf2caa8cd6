"""An open media stream and its line: frames to the line, the line's orders to frames. No thread, no end of a call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from voicebot.line import BYTES_PER_MS, SILENCE, Clear, Close, Line, Play
from voicebot.telephony import frames
from voicebot.telephony.frames import Dtmf, Mark, Media, Stop, decode
from voicebot.telephony.gaps import Gaps
from voicebot.telephony.turns import STOPPING
from voicebot.telephony.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.duty import Duty
    from voicebot.line import Order
    from voicebot.telephony.lateness import Lateness
    from voicebot.telephony.stream_socket import StreamSocket

CHUNK_BYTES = 3200
"""Sound a frame carries, 400 ms; the carrier buffers it and plays it in time."""


class OpenStream:
    """A call's stream, from the moment it is known which call it is."""

    def __init__(self, ws: StreamSocket, line: Line, stream_sid: str, duty: Duty, lateness: Lateness) -> None:
        self.reason: str | None = None
        """The code of what ended it; None while it goes on, and when the line closed it."""
        self._ws, self._line, self._stream_sid, self._duty = ws, line, stream_sid, duty
        self._lateness, self._gaps = lateness, Gaps()
        self._opened_ms = line.now_ms
        self._watchdog = Watchdog(time.monotonic())

    def fileno(self) -> int:
        """Return the descriptor of its socket."""
        return self._ws.fileno()

    def begin(self) -> bool:
        """Let the line say its first words; return whether the stream goes on. Raises as `serve` does."""
        return self._perform(self._line.start())

    def serve(self) -> bool:
        """See to all that has come; return whether the stream goes on.

        Raises SocketClosed, FrameError, and VoicebotError when an event cannot be stored.
        """
        received = self._ws.take()
        if self._duty.leaving:
            self.reason = STOPPING
            return False
        for frame in received:
            if not self._heed(frame):
                return False
        if self._watchdog.gives_up(time.monotonic()):
            self.reason = "stream_silent"
        return self.reason is None

    def _heed(self, frame: str | bytes) -> bool:
        match decode(frame, self._stream_sid):
            case Media(audio, stamp_ms):
                sound_ms = len(audio) / BYTES_PER_MS
                self._watchdog.hears(sound_ms)
                missing = self._gaps.before(stamp_ms, sound_ms)
                orders = self._line.frame(SILENCE * (missing * BYTES_PER_MS) + audio)
                self._lateness.took(self._line.now_ms - self._opened_ms, time.monotonic() * 1000)
                return self._perform(orders)
            case Mark(name):
                return self._perform(self._line.mark(name))
            case Dtmf(key):
                return self._perform(self._line.key(key))
            case Stop():
                self.reason = "stream_stopped"
                return False
            case _:
                return True

    def _perform(self, orders: Iterable[Order]) -> bool:
        """Carry out `orders`; return whether the stream goes on."""
        for order in orders:
            match order:
                case Play(audio, mark):
                    for at in range(0, len(audio), CHUNK_BYTES):
                        self._ws.send(frames.media(self._stream_sid, audio[at : at + CHUNK_BYTES]))
                    self._ws.send(frames.mark(self._stream_sid, mark))
                case Clear():
                    self._ws.send(frames.clear(self._stream_sid))
                case Close():
                    return False
        return True
