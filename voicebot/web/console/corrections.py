"""`/console/review/<call_id>/words`: what a caller really said, beside the record; and what is made of it.

Made of it: gold audio for measuring how well the line hears, and scenarios that place the call again. No word is ever
put into the record or into a grammar from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, request, url_for

from voicebot.batch.bulk_replay import parsed
from voicebot.calls.as_scenario import as_scenario
from voicebot.dialog.effects import KeepAudio
from voicebot.dialog.events import Heard, SecondThought
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action
from voicebot.storage.gold import gold_archive
from voicebot.storage.review_store import Correction, ReviewStore
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, audited_each, need
from voicebot.web.console.review import reader

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.parts import Parts

MAX_WORDS = 300
"""Characters."""


def corrections_page(parts: Parts) -> Blueprint:
    """Return the blueprint of corrected words and what is made of them."""
    blueprint = page_blueprint("corrections")
    store, reviews = parts.store, ReviewStore(database(parts))

    @blueprint.post("/review/<call_id>/words/<int:seq>")
    @allowed(Action.REVIEW)
    def correct(call_id: str, seq: int) -> AnyResponse:
        entries = store.load(call_id)
        if not (seq < len(entries) and isinstance(entries[seq].message, Heard | SecondThought)):
            abort(404)
        words = " ".join(request.form.get("words", "").lower().split())[:MAX_WORDS]
        consent = any(isinstance(entry.message, KeepAudio) for entry in entries[:seq])
        audited(Audited.CALL_CORRECTED, call_id)
        reviews.correct(Correction(call_id, seq, words, consent, reader(), desk().clock()))
        return redirect(url_for("console_review.one", call_id=call_id, _anchor=f"said-{seq}"), 303)

    @blueprint.get("/review/<call_id>/scenario.toml")
    @allowed(Action.EXPORT)
    def scenario(call_id: str) -> Response:
        need(Action.SEE_WORDS)
        call, entries, review = store.call(call_id), store.load(call_id), reviews.find(call_id)
        snapshot = store.ruleset(call.ruleset_sha256)
        really_said = {one.seq: one.words for one in reviews.corrections(call_id)}
        audited(Audited.CALL_EXPORTED, call_id)
        text = as_scenario(
            parsed(snapshot.text, snapshot.id),
            entries,
            really_said,
            lambda words: parts.grammars.understand("yes_no", words),
            parts.grammars.words("yes_no"),
            right_level=review.level if review else None,
        )
        return _download(text.encode(), f"call-{call_id[:8]}.toml", "application/toml")

    @blueprint.get("/review/gold.zip")
    @allowed(Action.EXPORT)
    def gold() -> Response:
        need(Action.SEE_WORDS)
        need(Action.HEAR)
        every = reviews.corrections()
        audited(Audited.CALLS_EXPORTED, "corrected words with sound")
        audited_each(Audited.CALL_EXPORTED, list(dict.fromkeys(one.call_id for one in every)))
        body = gold_archive(store, parts.settings.audio_dir, every)
        return _download(body, "gold.zip", "application/zip")

    return blueprint


def _download(body: bytes, name: str, mimetype: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
