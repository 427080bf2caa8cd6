"""`/console/live`: calls that are going on, pages to staff, and handing a call to a person.

The page asks again every two seconds in short requests: none holds a thread that a caller needs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from voicebot.dialog.effects import PageReason
from voicebot.dialog.safety import MAX_CALL_MS
from voicebot.dialog.spoken import spoken_texts
from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action, may
from voicebot.storage.live import live_rows
from voicebot.taking_over import take_over
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member
from voicebot.web.console.live_view import LiveCall, live_call

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.parts import Parts

LIVE_FOR = timedelta(milliseconds=MAX_CALL_MS)
"""So long after its last event a call that has no end can still be going on."""
SEEN_TO_SHOWN = 20
"""Pages that somebody has seen to, the latest."""
PAGE_REASONS = {
    PageReason.REFUSED: "Told to call 911, and did not say that they will",
    PageReason.CRISIS: "Spoke of suicide",
    PageReason.NOT_TAKEN: "Cannot wait, and nobody took the call",
    PageReason.CALLER_GONE: "May be in danger, and left before anybody could help",
}


def live_page(parts: Parts) -> Blueprint:
    """Return the blueprint of what goes on now."""
    blueprint = page_blueprint("live")
    store, engine = parts.store, database(parts)
    texts = {prompt: sound.text for (prompt, _), sound in parts.voice.sounds.items()} | spoken_texts(parts.ruleset)

    def going_on() -> list[LiveCall]:
        now, words = desk().clock(), may(member().role, Action.SEE_WORDS)
        return [
            live_call(row, store.load(row.call_id), texts, now, words=words)
            for row in live_rows(engine, now - LIVE_FOR)
        ]

    def rendered(template: str, **more: object) -> str:
        return render_template(
            template, calls=going_on(), pages=store.pages(open_only=True), reasons=PAGE_REASONS, **more
        )

    @blueprint.get("/live")
    @allowed(Action.SEE_LIVE)
    def shown() -> str:
        if may(member().role, Action.SEE_WORDS):
            audited(Audited.CALL_OPENED, "calls that go on")
        seen_to = [page for page in store.pages(open_only=False) if page.acknowledged_at]
        seen_to.sort(key=lambda page: page.acknowledged_at or page.at, reverse=True)
        return rendered("console/live.html", seen_to=seen_to[:SEEN_TO_SHOWN])

    @blueprint.get("/live/now")
    @allowed(Action.SEE_LIVE, by_itself=True)
    def now() -> str:
        return rendered("console/_live_now.html")

    @blueprint.post("/live/<call_id>/take")
    @allowed(Action.HAND_OVER)
    def take(call_id: str) -> AnyResponse:
        call = store.call(call_id)
        audited(Audited.CALL_HANDED_OVER, call_id)
        take_over(parts.ruleset, store, call_id, desk().clock())
        at_once = bool(call.call_sid) and parts.recall(call.call_sid or "")
        return redirect(url_for("console_live.shown", taken="now" if at_once else "next"), 303)

    @blueprint.post("/pages/<page_id>/acknowledge")
    @allowed(Action.HAND_OVER)
    def acknowledge(page_id: str) -> AnyResponse:
        audited(Audited.PAGE_ACKNOWLEDGED, page_id)
        if not store.acknowledge_page(page_id, member().name, desk().clock()):
            raise VoicebotError(
                "page_not_open", "This page was seen to already, or is none.", "Look at the list of open pages."
            )
        return redirect(url_for("console_live.shown"), 303)

    return blueprint
