"""The staff console: pages made on the server, for members of the staff who are signed in. One file a page.

Nothing is open to strangers but the sign-in itself, on this machine no more than from elsewhere. PAGES is the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from voicebot.web.console.approving import approving_page
from voicebot.web.console.audit import audit_page
from voicebot.web.console.call import call_page
from voicebot.web.console.call_backs import call_backs_page
from voicebot.web.console.call_exports import call_exports_page
from voicebot.web.console.call_rerun import call_rerun_page
from voicebot.web.console.call_sound import call_sound_page
from voicebot.web.console.calls import calls_page
from voicebot.web.console.chosen_calls import chosen_calls_page
from voicebot.web.console.corrections import corrections_page
from voicebot.web.console.desk import open_desk
from voicebot.web.console.front import front_page
from voicebot.web.console.live import live_page
from voicebot.web.console.numbers import numbers_page
from voicebot.web.console.password import password_page
from voicebot.web.console.provider import provider_page
from voicebot.web.console.replays import replays_page
from voicebot.web.console.review import review_page
from voicebot.web.console.sign_in import sign_in_page
from voicebot.web.console.users import users_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from voicebot.parts import Parts

PAGES: tuple[Callable[[Parts], Blueprint], ...] = (
    front_page,
    calls_page,
    chosen_calls_page,
    call_page,
    call_sound_page,
    call_rerun_page,
    call_exports_page,
    sign_in_page,
    provider_page,
    password_page,
    review_page,
    corrections_page,
    replays_page,
    approving_page,
    numbers_page,
    live_page,
    call_backs_page,
    users_page,
    audit_page,
)
"""What makes each page's blueprint (see frame.page_blueprint)."""


def add_console(app: Flask, parts: Parts) -> None:
    """Put the console into `app`; `parts` must have a database."""
    open_desk(app, parts)
    app.register_blueprint(
        Blueprint("console_assets", __name__, static_folder="../static", static_url_path="/console/static")
    )
    for page in PAGES:
        app.register_blueprint(page(parts))
