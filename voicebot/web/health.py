"""`/healthz`: whether the service can take a call, for whoever watches it. Tells nothing about any caller."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from voicebot.errors import VoicebotError
from voicebot.line import MAX_CALL_MS

if TYPE_CHECKING:
    from voicebot.parts import Parts


def health_blueprint(parts: Parts) -> Blueprint:
    """Return the blueprint of `GET /healthz`.

    200 `{"status": "ok", "calls": n}` with the calls that are going on, or 503 `{"status": "error", "code": ...}` when
    the store of calls does not answer.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> tuple[dict[str, Any], int]:
        since = datetime.now(UTC) - timedelta(milliseconds=MAX_CALL_MS)
        try:
            return {"status": "ok", "calls": parts.store.live_calls(since)}, 200
        except VoicebotError as error:
            return {"status": "error", "code": error.code}, 503

    return blueprint
