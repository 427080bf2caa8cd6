"""`/intake`: the line's questions as a web form, for callers who cannot use their voice. Open to everybody, if on.

One question a page, made on the server, no JavaScript. The dialog asks and decides, the record is that of a call. No
address holds anything about the caller. Every page, also of an error, says first what to do in an emergency.
"""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from voicebot.dialog.effects import Target
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.web.csrf import check_form, form_token
from voicebot.web.intake_page import Contact, choices_at, question_page, result_page
from voicebot.web.intake_visits import Visit, Visits
from voicebot.web.intake_words import dialable, load_words, on_the_page
from voicebot.web.limits import RateLimit
from voicebot.web.open_to import check_rules_may_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.config import Settings
    from voicebot.parts import Parts

COOKIE = "__Host-intake"
"""The prefix makes browsers refuse it from any other host, over plain HTTP, or for part of the site."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

STATUS = {
    "form_refused": HTTPStatus.FORBIDDEN,
    "rules_unapproved": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""HTTP status of the errors a visitor may meet; all others are ours."""

_log = structlog.get_logger()


def intake_blueprint(parts: Parts) -> Blueprint:  # noqa: PLR0915 - one short function for each page
    """Return the blueprint of the form. Raises VoicebotError `settings_wrong` when there is no number to give."""
    blueprint = Blueprint("intake", __name__, url_prefix="/intake", template_folder="templates", static_folder="static")
    settings, words = parts.settings, load_words()
    texts = on_the_page({prompt: sound.text for (prompt, _), sound in parts.voice.sounds.items()}, words)
    numbers = _numbers(settings)
    limit = RateLimit(settings.intake_requests_per_minute, settings.trusted_proxies)
    visits = Visits(parts)
    blueprint.add_app_template_filter(dialable, "dialable")

    @blueprint.context_processor
    def on_every_page() -> dict[str, Any]:
        person = Contact(words.contacts[Target.FRONT_DESK], numbers[Target.FRONT_DESK])
        return {"ruleset": parts.ruleset, "words": words, "person": person, "token": form_token(_secret())}

    @blueprint.before_request
    def admit() -> AnyResponse | None:
        if request.endpoint == "intake.static":
            return None
        if wait_s := limit.wait_s(request):
            refusal = _trouble("too_many_requests", HTTPStatus.TOO_MANY_REQUESTS)
            refusal.headers["Retry-After"] = str(wait_s)
            return refusal
        check_rules_may_answer(parts)
        if request.method == "POST":
            check_form(request, _secret(), settings.public_url)
        return None

    @blueprint.after_request
    def tell_our_own_pages_where_forms_come_from(response: Response) -> Response:
        """Without a referrer policy of "same-origin" browsers send `Origin: null` with our own forms."""
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @blueprint.get("")
    def start() -> AnyResponse:
        begun = visits.find(_secret())
        kept = _secret() if begun or not visits.is_known(_secret()) else ""
        secret = kept or secrets.token_urlsafe(32)
        page = make_response(render_template("intake/start.html", begun=begun, token=form_token(secret)))
        page.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="Lax", path="/")
        return page

    @blueprint.post("")
    def begin() -> AnyResponse:
        visits.begin(_secret())
        return redirect(url_for("intake.question"), 303)

    @blueprint.get("/question")
    def question() -> AnyResponse:
        visit = visits.find(_secret())
        if visit is None:
            return redirect(url_for("intake.start"), 303)
        if visit.over:
            return redirect(url_for("intake.result"), 303)
        return _asked(visit, passed="passed" in request.args)

    def _asked(visit: Visit, *, passed: bool = False, unanswered: bool = False) -> Response:
        page = question_page(visit.state, visit.said, texts, words)
        html = render_template("intake/question.html", page=page, seq=visit.seq, passed=passed, unanswered=unanswered)
        return Response(html, status=HTTPStatus.UNPROCESSABLE_ENTITY if unanswered else None)

    @blueprint.post("/question")
    def answer() -> AnyResponse:
        visit = visits.find(_secret())
        if visit is None:
            return redirect(url_for("intake.start"), 303)
        seq, meaning = request.form.get("n", -1, type=int), _meaning()
        if seq == visit.seq and not visit.over and meaning not in choices_at(visit.state.step):
            return _asked(visit, unanswered=True)
        stands = meaning is not None and visits.answer(visit, seq, meaning, words.choices.get(meaning, meaning))
        return redirect(url_for("intake.question", passed=None if stands else ""), 303)

    @blueprint.get("/result")
    def result() -> AnyResponse:
        visit = visits.find(_secret())
        if visit is None or not visit.over:
            return redirect(url_for("intake.question"), 303)
        page = result_page(visit.state, texts, numbers, words)
        return make_response(render_template("intake/result.html", page=page))

    @blueprint.post("/leave")
    def leave() -> AnyResponse:
        if visit := visits.find(_secret()):
            visits.leave(visit)
        response = redirect(url_for("intake.start"), 303)
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
        return response

    @blueprint.errorhandler(VoicebotError)
    def trouble(error: VoicebotError) -> Response:
        if error.code not in STATUS:
            _log.error("intake_failed", endpoint=request.endpoint, code=error.code)
        return _trouble(error.code, STATUS.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR))

    @blueprint.errorhandler(Exception)
    def broken(error: Exception) -> AnyResponse:
        if isinstance(error, HTTPException):
            return _trouble("", error.code)
        _log.error("intake_failed", endpoint=request.endpoint, error=type(error).__name__)
        return _trouble("", HTTPStatus.INTERNAL_SERVER_ERROR)

    return blueprint


def _trouble(code: str, status: int | None) -> Response:
    return Response(render_template("intake/trouble.html", code=code), status=status)


def _secret() -> str:
    """Return the browser's secret; empty when its cookie holds none that we could have given."""
    given = request.cookies.get(COOKIE, "")
    return given if _SECRET.fullmatch(given) else ""


def _meaning() -> Meaning | None:
    """Return what was chosen; None for nothing, for two things at once, and for what no form of ours holds."""
    given = request.form.getlist("answer")
    return Meaning(given[0]) if len(given) == 1 and given[0] in set(Meaning) else None


def _numbers(settings: Settings) -> dict[Target, str]:
    """Return the number a page gives for each target: the same the telephone line puts callers through to."""
    front_desk, scheduling = settings.front_desk_number, settings.scheduling_number
    if not front_desk or not scheduling:
        raise VoicebotError(
            "settings_wrong",
            "The web form cannot be offered without numbers to call.",
            "Set VOICEBOT_FRONT_DESK_NUMBER and VOICEBOT_SCHEDULING_NUMBER.",
        )
    return {
        Target.FRONT_DESK: front_desk,
        Target.SCHEDULING: scheduling,
        Target.NURSE: settings.nurse_number or front_desk,
    }
