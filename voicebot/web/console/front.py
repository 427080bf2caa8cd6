"""`/console`: where a member begins: what there is for this role. Shows no call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from voicebot.staff.roles import Action
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed

if TYPE_CHECKING:
    from flask import Blueprint

    from voicebot.parts import Parts


def front_page(_parts: Parts) -> Blueprint:
    """Return the blueprint of `GET /console`."""
    blueprint = page_blueprint("front")

    @blueprint.get("")
    @allowed(Action.SIGN_IN)
    def begin() -> str:
        return render_template("console/front.html")

    return blueprint
