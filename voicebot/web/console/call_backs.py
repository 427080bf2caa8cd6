"""`/console/call-backs`: who waits to be called back, with the number, for those who call back. Places no call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from voicebot.calls.record import read_record
from voicebot.dialog.effects import PreferredTime
from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action
from voicebot.web.console.desk import desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response

    from voicebot.parts import Parts

TIMES = {
    PreferredTime.SOON: "At once: cannot wait",
    PreferredTime.MORNING: "In the morning",
    PreferredTime.AFTERNOON: "In the afternoon",
    PreferredTime.ANY: "At any time",
}
DONE_SHOWN = 20
"""Call backs that were done, the latest."""


def call_backs_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the call backs."""
    blueprint = page_blueprint("call_backs")
    store = parts.store

    def decided(call_id: str) -> int | None:
        """Return the urgency of a call, also of one that has no end: that stands in its record alone."""
        told = store.call(call_id).urgency
        return read_record(store.load(call_id)).urgency if told is None else told

    @blueprint.get("/call-backs")
    @allowed(Action.CALL_BACKS)
    def listed() -> str:
        audited(Audited.CALL_BACKS_SEEN)
        waiting = sorted(store.call_backs(), key=lambda row: row.preferred is not PreferredTime.SOON)
        urgency = {row.call_id: decided(row.call_id) for row in waiting}
        done = sorted(store.call_backs(done=True), key=lambda row: row.done_at or row.asked_at, reverse=True)
        return render_template(
            "console/call_backs.html", waiting=waiting, urgency=urgency, done=done[:DONE_SHOWN], times=TIMES
        )

    @blueprint.post("/call-backs/<call_id>/done")
    @allowed(Action.CALL_BACKS)
    def mark_done(call_id: str) -> Response:
        audited(Audited.CALL_BACK_DONE, call_id)
        if not store.call_back_done(call_id, desk().clock()):
            raise VoicebotError(
                "no_call_back", "There is nothing left to be done for this call.", "Look at the list of call backs."
            )
        return redirect(url_for("console_call_backs.listed"), 303)

    return blueprint
