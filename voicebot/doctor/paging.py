"""The check of pages to staff: whether they have somewhere to go, and whether any waits. Sends none."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from voicebot.doctor.findings import Verdict, error, ok, warning
from voicebot.wiring import open_store

if TYPE_CHECKING:
    from voicebot.config import Settings


def check_pages(settings: Settings) -> Verdict:
    """Look whether pages can be sent, and whether one was not. Raises VoicebotError `store_failed`."""
    if settings.page_url and not settings.page_secret:
        return error("VOICEBOT_PAGE_SECRET is not set: no page is sent unsigned.", "Set it; see docs/safety.md.")
    waiting = _unsent(settings)
    if not settings.page_url:
        told = f" {waiting} of them wait to be seen to." if waiting else ""
        return warning(
            f"VOICEBOT_PAGE_URL is not set: pages to staff are only listed.{told}",
            "Set it, or let somebody look at the console or at `voicebot calls pages` all the time.",
        )
    if waiting:
        return warning(
            f"{waiting} pages to staff were not delivered yet.",
            "Check that VOICEBOT_PAGE_URL answers; `voicebot calls pages` lists them.",
        )
    return ok("Pages to staff have an address, and none waits.")


def _unsent(settings: Settings) -> int:
    """Count the open pages not sent; a database that is not there is not made."""
    url = make_url(settings.sqlalchemy_url())
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return 0
    with closing(open_store(settings)) as store:
        return len(store.unsent_pages())
