"""The application's background worker, begun by whoever opens a page that shows what it has done. Waits for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.batch.worker import Worker
from voicebot.web.console.desk import database

if TYPE_CHECKING:
    from flask import Flask

    from voicebot.parts import Parts

_KEY = "voicebot_worker"


def worker_of(app: Flask, parts: Parts) -> Worker:
    """Return the worker of `app`, one for all pages."""
    worker: Worker = app.extensions.setdefault(_KEY, Worker(parts.store, database(parts)))
    return worker
