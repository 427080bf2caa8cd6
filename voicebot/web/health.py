"""`/healthz` and `/readyz`: can the service take a call, for whoever watches it. Tells nothing about any caller."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from voicebot.dialog.safety import MAX_CALL_MS
from voicebot.duty import Standing
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from voicebot.parts import Parts


def health_blueprint(parts: Parts) -> Blueprint:
    """Return the blueprint of `GET /healthz` and `GET /readyz`.

    Health: 200 `{"status": "ok", "calls": n}` with the calls that are going on, or 503 `{"status": "error", "code":
    ...}` when the store of calls does not answer.

    Readiness: 200 `{"status": "ready", "calls": n}` with the calls of this process, or 503 with `draining` or
    `leaving` when it was told to stop and new calls should go elsewhere. The store is not asked, and a full house is
    ready: whoever calls then still reaches a person.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> tuple[dict[str, Any], int]:
        since = datetime.now(UTC) - timedelta(milliseconds=MAX_CALL_MS)
        try:
            return {"status": "ok", "calls": parts.store.live_calls(since)}, 200
        except VoicebotError as error:
            return {"status": "error", "code": error.code}, 503

    @blueprint.get("/readyz")
    def readyz() -> tuple[dict[str, Any], int]:
        standing = parts.duty.standing
        return {"status": standing.value, "calls": parts.duty.calls()}, 200 if standing is Standing.READY else 503

    return blueprint
