"""`/console/review`: the queue, and one call under review: claim it, judge it, flag it, give it back.

What a verdict leads to is voicebot.staff.review's; here a form becomes one.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, redirect, render_template, request, url_for

from voicebot.batch.bulk_replay import parsed
from voicebot.calls.record import read_record
from voicebot.dialog.spoken import spoken_texts
from voicebot.errors import VoicebotError
from voicebot.staff.agreement import ENOUGH, agreement
from voicebot.staff.audit_chain import Audited
from voicebot.staff.review import Reader, Verdict
from voicebot.staff.roles import Action, may
from voicebot.storage.replay_store import ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.web.console.background import worker_of
from voicebot.web.console.call_rules import standing
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member
from voicebot.web.console.keys import HELP, REVIEW
from voicebot.web.console.review_panel import Panel, beside, how_long, panel
from voicebot.web.console.review_view import LEVELS, level_in_words, passages
from voicebot.web.console.review_words import REASONS, STATES

if TYPE_CHECKING:
    from flask import Blueprint
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from voicebot.parts import Parts
    from voicebot.storage.review_store import Review

MAX_REASON = 500
"""Characters."""


def review_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the review."""
    blueprint = page_blueprint("review")
    reviews, replays = ReviewStore(database(parts)), ReplayStore(database(parts))
    in_force = {prompt_id: sound.text for (prompt_id, _), sound in parts.voice.sounds.items()}

    emergency_within = timedelta(minutes=parts.settings.review_emergency_minutes)

    def seen(review: Review) -> Panel:
        return panel(review, member().id, desk().clock(), emergency_within)

    def panel_of(call_id: str) -> Panel | None:
        review = reviews.find(call_id)
        return seen(review) if review else None

    def in_queue(call_id: str) -> tuple[str | None, str | None]:
        return beside([seen(review) for review in reviews.queue()], call_id)

    @blueprint.app_context_processor
    def on_other_pages() -> dict[str, object]:
        return {
            "review_panel": panel_of,
            "review_beside": in_queue,
            "review_reasons": REASONS,
            "review_states": STATES,
            "review_levels": LEVELS,
            "level_in_words": level_in_words,
            "how_long": how_long,
        }

    @blueprint.get("/review")
    @allowed(Action.REVIEW)
    def queue() -> str:
        worker_of(current_app, parts).wake()
        return render_template(
            "console/review_queue.html",
            waiting=[seen(review) for review in reviews.queue()],
            length=reviews.queue_length(),
            emergency_within=emergency_within,
            agreements=(
                ("The line and the first reader", agreement(reviews.line_and_first())),
                ("The first and the second reader", agreement(reviews.first_and_second())),
            ),
            enough=ENOUGH,
        )

    @blueprint.get("/review/<call_id>")
    @allowed(Action.REVIEW)
    def one(call_id: str) -> str:
        call, entries = parts.store.call(call_id), parts.store.load(call_id)
        audited(Audited.CALL_OPENED, call_id)
        snapshot = parts.store.ruleset(call.ruleset_sha256)
        ruleset = parsed(snapshot.text, snapshot.id)
        texts = in_force | spoken_texts(ruleset)
        sees_words = may(member().role, Action.SEE_WORDS)
        corrections = reviews.corrections(call_id) if sees_words else []
        return render_template(
            "console/review_call.html",
            call=call,
            record=read_record(entries),
            standing=standing(call, ruleset, replays.approvals().get(ruleset.sha256), desk().ruleset.sha256),
            panel=panel_of(call_id),
            keys=[*REVIEW, HELP],
            passages=list(passages(entries, texts, corrections, words=sees_words)),
        )

    @blueprint.post("/review/<call_id>/claim")
    @allowed(Action.REVIEW)
    def claim(call_id: str) -> Response:
        reviews.claim(call_id, reader(), desk().clock())
        return _back_to(call_id)

    @blueprint.post("/review/<call_id>/renew")
    @allowed(Action.REVIEW)
    def renew(call_id: str) -> ResponseReturnValue:
        """Answer a page on which somebody works with what stands about the claim now."""
        try:
            claim = reviews.renew(call_id, reader(), desk().clock())
        except VoicebotError as error:
            if error.code not in {"review_taken", "review_not_held"}:
                raise
            return render_template("console/_review_claim.html", lost=error.message), HTTPStatus.CONFLICT
        return render_template("console/_review_claim.html", claim=claim)

    @blueprint.post("/review/<call_id>/release")
    @allowed(Action.REVIEW)
    def release(call_id: str) -> Response:
        reviews.release(call_id, reader())
        return redirect(url_for("console_review.queue"), 303)

    @blueprint.post("/review/<call_id>/verdict")
    @allowed(Action.REVIEW)
    def first_verdict(call_id: str) -> Response:
        if reviews.review(call_id).verdicts:
            raise VoicebotError(
                "review_not_wanted",
                "This call needs no further verdict from you.",
                "A disagreement is read a second time by somebody else.",
            )
        return _judge(call_id)

    @blueprint.post("/review/<call_id>/second-verdict")
    @allowed(Action.SECOND_READ)
    def second_verdict(call_id: str) -> Response:
        return _judge(call_id)

    def _judge(call_id: str) -> Response:
        verdict = _verdict(reviews.review(call_id).line_level)
        audited(Audited.CALL_REVIEWED, call_id)
        reviews.judge(call_id, verdict)
        return redirect(url_for("console_review.queue"), 303)

    @blueprint.post("/review/<call_id>/flag")
    @allowed(Action.REVIEW)
    def flag(call_id: str) -> Response:
        audited(Audited.CALL_FLAGGED, call_id)
        reviews.flag(call_id, reader() if "flag" in request.form else None, desk().clock())
        return _back_to(call_id)

    return blueprint


def reader() -> Reader:
    """Return who is signed in, as a reader of calls."""
    return Reader(member().id, member().name)


def _back_to(call_id: str) -> Response:
    return redirect(url_for("console_review.one", call_id=call_id), 303)


def _verdict(line_level: int | None) -> Verdict:
    """Return the verdict of the form that was sent; raises VoicebotError `verdict_unclear`."""
    form, now = request.form, desk().clock()
    reason = " ".join(form.get("reason", "").split())[:MAX_REASON]
    if form.get("verdict") == "agree":
        return Verdict(reader(), now, agrees=True, level=line_level, reason=reason)
    level = form.get("level", type=int)
    told = form.get("verdict") == "disagree" and level is not None and level in dict(LEVELS) and level != line_level
    if not told or not reason:
        raise VoicebotError(
            "verdict_unclear",
            "A disagreement needs the right urgency, another than the line's, and a reason.",
            "Choose one and say why in a few words.",
        )
    return Verdict(reader(), now, agrees=False, level=level, reason=reason)
