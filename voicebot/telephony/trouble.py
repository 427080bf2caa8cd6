"""How trouble in a webhook is written down: the code alone, never what a caller said, never a number."""

from __future__ import annotations

import structlog
from flask import request

from voicebot.errors import VoicebotError

STORE_FAILED = "store_failed"

_log = structlog.get_logger()


def log_failure(error: Exception) -> None:
    """Log that the webhook being answered met `error`."""
    code = error.code if isinstance(error, VoicebotError) else "internal_error"
    _log.error("webhook_failed", endpoint=request.endpoint, code=code, error=type(error).__name__)
