"""The media stream's socket: frames to the line, the line's orders to frames. What is said and when is the line's own.

However a stream ends, the call goes on: the carrier asks /voice/resume, and the record tells what is left to do. A
`stop` frame is therefore no hang-up, only the end of the stream; that the caller is gone is told by /voice/status.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, abort, request

from voicebot.errors import VoicebotError
from voicebot.line import Line
from voicebot.session import open_session
from voicebot.storage.private import private_folder
from voicebot.telephony.clock import ms_since, utc_now
from voicebot.telephony.crew import Crew
from voicebot.telephony.frames import CloseCode, FrameError, Start, decode
from voicebot.telephony.gate import is_genuine_socket
from voicebot.telephony.lateness import Lateness
from voicebot.telephony.open_stream import OpenStream
from voicebot.telephony.recorder import CallRecorder
from voicebot.telephony.stream_socket import LARGEST_BYTES, PING_S, SocketClosed, StreamSocket, Taken, accept
from voicebot.telephony.trouble import STORE_FAILED

if TYPE_CHECKING:
    from flask import Flask

    from voicebot.parts import Parts

START_S = 10.0
"""The carrier tells which call this is right after it opened the stream; one that does not is none."""

_log = structlog.get_logger()


def register_media(app: Flask, parts: Parts, *, ping_s: float = PING_S, largest: int = LARGEST_BYTES) -> None:
    """Add the WebSocket /media to `app`; an upgrade that was not signed is refused with 403.

    The other side is pinged every `ping_s` seconds, and sends no message of more than `largest` bytes.
    """
    private_folder(parts.settings.audio_dir)
    blueprint, crew = Blueprint("media", __name__), Crew()

    @blueprint.before_request
    def refuse_forged() -> None:
        if not is_genuine_socket(request, parts.settings):
            _log.warning("signature_refused", endpoint="media")
            abort(403)

    @blueprint.route("/media", websocket=True)
    def media() -> Response:
        with contextlib.suppress(SocketClosed):
            serve_stream(accept(request.environ, ping_s=ping_s, largest=largest), parts, crew)
        return Taken()

    app.register_blueprint(blueprint)


def serve_stream(ws: StreamSocket, parts: Parts, crew: Crew) -> None:
    """Answer one call over its open socket, served by `crew`, and close the socket with a code that tells why."""
    line: Line | None = None
    recorder: CallRecorder | None = None
    lateness = Lateness()
    seat = contextlib.ExitStack()
    try:
        start = _await_start(ws)
        line, recorder = _open_line(start, parts)
        seat.enter_context(parts.duty.streaming(start.call_sid))
        stream = OpenStream(ws, line, start.stream_sid, parts.duty, lateness)
        if stream.begin():
            crew.carry(stream)
        reason, close_code = stream.reason, CloseCode.NORMAL
    except FrameError as error:
        reason, close_code = error.code, error.close_code
    except (SocketClosed, OSError):
        reason, close_code = "stream_broken", CloseCode.NORMAL
    except Exception as error:  # noqa: BLE001 - whatever broke, the call goes on turn by turn
        reason, close_code = error.code if isinstance(error, VoicebotError) else "internal_error", CloseCode.OUR_FAULT
        _log.error("stream_failed", code=reason, error=type(error).__name__)
    with seat:  # the webhook that follows the stream waits for what it has to note
        if line and reason and reason != STORE_FAILED:  # a store that just failed would only keep the caller waiting
            _note_loss(line, reason)
    if recorder:
        recorder.close()
    _log.info("stream_ended", code=reason, count=lateness.frames, late=lateness.late, ms=lateness.worst_ms)
    with contextlib.suppress(SocketClosed, OSError):
        ws.close(close_code)


def _await_start(ws: StreamSocket) -> Start:
    """Return the frame that tells which call this is."""
    until = time.monotonic() + START_S
    while (frame := ws.receive(timeout=max(0.0, until - time.monotonic()))) is not None:
        if isinstance(message := decode(frame, None), Start):
            return message
    raise FrameError("stream_silent", "The media stream did not start.", CloseCode.POLICY)


def _open_line(start: Start, parts: Parts) -> tuple[Line, CallRecorder]:
    """Return the line of the call whose token was given; raises FrameError `stream_token_wrong`."""
    now = utc_now()
    call = parts.store.use_stream_token(start.call_sid, start.parameters.get("token", ""), now)
    if call is None:
        raise FrameError("stream_token_wrong", "The media stream has no valid token.", CloseCode.POLICY)
    opened_ms = ms_since(call.started_at, now)
    session = open_session(parts.ruleset, parts.store, call.call_id)
    recorder = CallRecorder(parts.store, parts.settings.audio_dir, call.call_id, lambda: line.now_ms)
    line = Line(session, parts.ears, parts.grammars, parts.voice, recorder, opened_ms)
    return line, recorder


def _note_loss(line: Line, reason: str) -> None:
    """Store that the stream ended; when the call already went on elsewhere there is nothing to add."""
    try:
        line.lost(reason)
    except VoicebotError as error:
        _log.info("stream_end_not_stored", code=error.code)
