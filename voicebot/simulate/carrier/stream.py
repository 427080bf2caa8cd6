"""The media stream of a call: frames to the server in real time, its audio to the caller's ear, marks back when heard.

The messages are built and checked in frames.py, the buffer is playback.py; this is the loop that joins them to a
socket.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES
from voicebot.simulate.carrier.caller import SaidKind
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import Cleared, MarkFate, MarkReturned, StreamClosed, StreamOpened
from voicebot.simulate.carrier.faults import BadFrame, Faults
from voicebot.simulate.carrier.frames import Clear, Mark, Media, Sender, StreamIds, read
from voicebot.simulate.carrier.line import CallOver, Line
from voicebot.simulate.carrier.playback import Playback
from voicebot.simulate.carrier.websocket import ServerClosed, WebSocket

if TYPE_CHECKING:
    import random

_FIRST_TIMESTAMP_MS = range(100, 181)
"""Seen on live streams: the first frame is stamped 102, 155, 171 ms."""
_JITTER_MS = range(-2, 3)
_NORMAL_CLOSURE, _POLICY_VIOLATION = 1000, 1008
_OVERSIZE = 100 * 1024


@dataclass
class _Prompt:
    """Audio that came since the last mark."""

    starts_ms: float
    audio: bytearray


class MediaStream:
    """One bidirectional stream on a line."""

    def __init__(self, line: Line, socket: WebSocket, ids: StreamIds, faults: Faults, chance: random.Random) -> None:
        self._line, self._log, self._socket = line, line.log, socket
        self._stream_sid = ids.stream_sid
        self._faults = faults
        self._chance = chance
        self._sender = Sender(ids, chance.choice(_FIRST_TIMESTAMP_MS))
        self._playback = Playback()
        self._prompt: _Prompt | None = None

    def run(self, parameters: dict[str, str]) -> None:
        """Stream until the server closes the socket.

        Raises CallOver when the call ends, and CarrierError when the server sent what it may not (31950, 31951) or the
        connection broke (31921).
        """
        self._log.add(StreamOpened(self._line.clock.now_ms(), self._stream_sid))
        try:
            self._socket.send(self._sender.connected())
            self._socket.send(self._sender.start(parameters))
            self._line.catch_up()
            while True:
                self._frame()
        except CallOver:
            self._stop(_NORMAL_CLOSURE)
            raise
        except ServerClosed as closed:
            self._socket.close()
            if closed.code != _NORMAL_CLOSURE:
                raise CarrierError(ErrorCode.STREAM_CLOSED_BY_SERVER, f"the stream broke off ({closed.code})") from None
        except CarrierError:
            self._stop(_POLICY_VIOLATION)
            raise
        finally:
            self._log.add(StreamClosed(self._line.clock.now_ms()))

    def _frame(self) -> None:
        """Live through 20 ms."""
        self._listen_until_due()
        played = self._playback.play(FRAME_BYTES)
        tick = self._line.tick(played.audio)
        self._return_marks(played.marks, MarkFate.PLAYED)
        for digit in tick.digits:
            self._socket.send(self._sender.dtmf(digit))
        message = self._sender.media(tick.frame, self._chance.choice(_JITTER_MS))
        self._log.frames_sent += 1
        if not self._faults.loses_frame(self._log.frames_sent):
            self._socket.send(message)
        self._go_wrong()

    def _listen_until_due(self) -> None:
        while True:
            due_s = self._line.next_tick_s
            frame = self._socket.receive(due_s)
            if frame is None:
                return
            self._take(read(frame, self._stream_sid))

    def _take(self, message: Media | Mark | Clear) -> None:
        match message:
            case Media(audio):
                self._log.frames_received += 1
                if self._prompt is None:
                    self._line.prompt_begins()
                    self._prompt = _Prompt(self._heard_from_ms(), bytearray())
                self._prompt.audio += audio
                self._playback.add(audio)
            case Mark(name):
                prompt = self._prompt or _Prompt(self._heard_from_ms(), bytearray())
                self._prompt = None
                self._playback.mark(name)
                self._line.says(name, SaidKind.MARK, bytes(prompt.audio), prompt.starts_ms)
            case Clear():
                self._log.add(Cleared(self._line.clock.now_ms()))
                self._prompt = None
                self._return_marks(self._playback.clear(), MarkFate.CLEARED)

    def _heard_from_ms(self) -> float:
        """Return when audio that arrives now will be heard (ms of the call)."""
        return self._line.position_ms + self._playback.queued / BYTES_PER_MS

    def _return_marks(self, names: tuple[str, ...], fate: MarkFate) -> None:
        for name in names:
            lost = self._faults.lose_marks
            self._log.add(MarkReturned(self._line.clock.now_ms(), name, MarkFate.LOST if lost else fate))
            if not lost:
                self._socket.send(self._sender.mark(name))

    def _stop(self, code: int) -> None:
        try:
            self._socket.send(self._sender.stop())
        except ServerClosed:
            pass
        finally:
            self._socket.close(code)

    def _go_wrong(self) -> None:
        if self._log.frames_sent == self._faults.drop_socket_after_frames:
            self._socket.cut()
        if self._faults.bad_frame and self._log.frames_sent == self._faults.bad_frame_after_frames:
            self._socket.send(self._bad_frame(self._faults.bad_frame))

    def _bad_frame(self, kind: BadFrame) -> str | bytes:
        silence = base64.b64encode(b"\xff" * FRAME_BYTES).decode()
        match kind:
            case BadFrame.GARBLED:
                return '{"event":"media","media":{"payl'
            case BadFrame.BINARY:
                return b"\xff" * FRAME_BYTES
            case BadFrame.WRONG_STREAM_SID:
                return json.dumps(
                    {**json.loads(self._sender.media(b"\xff" * FRAME_BYTES)), "streamSid": "MZ" + "0" * 32}
                )
            case BadFrame.OVERSIZE:
                return self._sender.media(b"\xff" * _OVERSIZE)
            case BadFrame.UNKNOWN_EVENT:
                return json.dumps({"event": "weather", "streamSid": self._stream_sid, "weather": {"payload": silence}})
