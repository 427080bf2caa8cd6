"""Logs: one JSON line an event, and only keys that are allowed by name. Nothing a caller said and no number gets in.

A log is read by many and kept for long, so a new key is added here, on purpose, or it never appears.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

ALLOWED_KEYS = frozenset(
    {
        "timestamp",
        "level",
        "event",  # what happened, a fixed word in the code
        "call_id",  # our own random id, never the carrier's
        "channel",
        "close_code",
        "code",  # a VoicebotError code
        "count",
        "endpoint",
        "error",  # the class of an exception, never its message
        "late",  # how many of the frames counted were late
        "ms",
        "path",
        "port",
        "seq",
        "status",
        "version",
    }
)
"""Every key that may appear in a log line."""


def allow_only_known_keys(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what was not allowed by name, and values that are no plain word, number or truth value.

    Values are cut to 200 characters. A structlog processor.
    """
    return {
        key: value[:200] if isinstance(value, str) else value
        for key, value in event.items()
        if key in ALLOWED_KEYS and (value is None or isinstance(value, str | int | float))
    }


def set_up_logs(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send log lines of `level` and above to `stream` (standard error when left out) as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_only_known_keys,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
    )
