"""The sound of a call, for those who may hear it: one stereo file to play, and how loud it is.

Each file as it is stored is for those who may take calls out as well. Every request for sound is written down. What was
not recorded is told as a gap; nothing is before the caller agreed.
"""

from __future__ import annotations

import itertools
from typing import IO, TYPE_CHECKING, cast

from flask import Response, abort, jsonify, request, send_from_directory
from werkzeug.wsgi import wrap_file

from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action
from voicebot.storage.rows import Side
from voicebot.storage.two_lanes import TwoLanes, peaks, recorded, silent, stretches, total_ms
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, need

if TYPE_CHECKING:
    from flask import Blueprint

    from voicebot.parts import Parts

TYPE = "audio/wav"
LONGEST_MS = 24 * 3600 * 1000
"""No call lasts for a day."""


def call_sound_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the sound of calls."""
    blueprint = page_blueprint("call_sound")
    store, folder = parts.store, parts.settings.audio_dir

    @blueprint.get("/calls/<call_id>/sound.wav")
    @allowed(Action.HEAR)
    def both(call_id: str) -> Response:
        found = stretches(store.audio(call_id), folder)
        if not found:
            abort(404)
        audited(Audited.CALL_HEARD, call_id)
        lanes = TwoLanes(found)
        response = Response(
            wrap_file(request.environ, cast("IO[bytes]", lanes)), mimetype=TYPE, direct_passthrough=True
        )
        response.content_length = lanes.size
        response.make_conditional(request.environ, accept_ranges=True, complete_length=lanes.size)
        return _uncached(response)

    @blueprint.get("/calls/<call_id>/peaks.json")
    @allowed(Action.HEAR)
    def loudness(call_id: str) -> Response:
        found = stretches(store.audio(call_id), folder)
        length_ms = max(total_ms(found), min(request.args.get("ms", 0, type=int), LONGEST_MS))
        (caller, line), real = peaks(found, length_ms), recorded(found)
        return _uncached(
            jsonify(
                seconds=length_ms / 1000,
                caller=caller,
                line=line,
                recorded=real,
                silent=silent(caller, line, real, length_ms),
            )
        )

    @blueprint.get("/calls/<call_id>/<any(caller, line, place):side>.wav")
    @allowed(Action.EXPORT)
    def stored(call_id: str, side: str) -> Response:
        need(Action.HEAR)
        files = [file for file in store.audio(call_id) if file.side == side]
        part = request.args.get("part", 0, type=int)
        if not 0 <= part < len(files):
            abort(404)
        audited(Audited.CALL_EXPORTED, call_id)
        return _uncached(send_from_directory(folder, files[part].name, mimetype=TYPE, conditional=True))

    return blueprint


def stored_files(parts: Parts, call_id: str) -> list[tuple[Side, int, int]]:
    """Return (side, part, start in ms) for each recorded file of a call, as its address names it."""
    counts = {side: itertools.count() for side in Side}
    return [(file.side, next(counts[file.side]), file.starts_at_ms) for file in parts.store.audio(call_id)]


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
