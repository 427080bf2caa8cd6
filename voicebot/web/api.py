"""`/api/v1`: the rules for other programs, over HTTP. Stateless: answers come in, a decision goes out, nothing is kept.

Nothing of what was sent is told again, neither in an error nor in a log. Only who holds a token gets in; without a
token in the settings nobody does. docs/api.md and `/api/v1/openapi.json` describe it.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, Response, jsonify, request

from voicebot.errors import VoicebotError
from voicebot.triage.answers import parse_answers
from voicebot.triage.answers_json import read_answers
from voicebot.triage.asking import next_screen
from voicebot.triage.describe import to_json
from voicebot.triage.engine import decide
from voicebot.web.limits import RateLimit
from voicebot.web.open_to import check_rules_may_answer
from voicebot.web.openapi import openapi_document

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

    from voicebot.config import Settings
    from voicebot.parts import Parts
    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet

PREFIX = "/api/v1"

STATUS = {
    "answers_unreadable": 400,
    "question_answered_twice": 400,
    "unknown_question": 400,
    "unknown_answer": 400,
    "token_wrong": 401,
    "api_off": 403,
    "rules_unapproved": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_large": 413,
    "not_json": 415,
    "too_many_requests": 429,
}
"""HTTP status of every error that is the sender's to mend; all others are ours, 500."""

_log = structlog.get_logger()


def api_blueprint(parts: Parts) -> Blueprint:
    """Return the blueprint of the API."""
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    ruleset, settings = parts.ruleset, parts.settings
    limit = RateLimit(settings.api_requests_per_minute, settings.trusted_proxies)
    document = openapi_document(ruleset)

    @blueprint.before_request
    def admit() -> Response | None:
        if wait_s := limit.wait_s(request):
            response = _answer_error(VoicebotError("too_many_requests", "Too many requests.", "Wait, then go on."))
            response.headers["Retry-After"] = str(wait_s)
            return response
        _check_token(settings)
        check_rules_may_answer(parts)
        return None

    @blueprint.get("/openapi.json")
    def openapi() -> dict[str, Any]:
        return document

    @blueprint.get("/rulesets")
    def rulesets() -> dict[str, Any]:
        return to_json(ruleset)

    @blueprint.post("/triage")
    def triage() -> dict[str, Any]:
        return decide(ruleset, _answers(ruleset)).to_json()

    @blueprint.post("/next-question")
    def next_question() -> dict[str, Any]:
        answers = _answers(ruleset)
        decision, screen = decide(ruleset, answers), next_screen(ruleset, answers)
        return {
            "next_question": decision.next_question,
            "screen": {**asdict(screen), "level": int(screen.level)} if screen else None,
            "complete": decision.complete,
            "ruleset": decision.to_json()["ruleset"],
        }

    @blueprint.errorhandler(VoicebotError)
    def refused(error: VoicebotError) -> Response:
        return _answer_error(error)

    @blueprint.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        _log.error("api_failed", endpoint=request.endpoint, error=type(error).__name__)
        return _answer_error(VoicebotError("internal_error", "Something broke.", "The log of the service names it."))

    def http_error(error: HTTPException) -> Response | HTTPException:
        """Answer in JSON for whatever lies under the API, routed or not; elsewhere leave the error as it is."""
        if not request.path.startswith(f"{PREFIX}/"):
            return error
        response = _answer_error(_HTTP_ERRORS[error.code or 0])
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
        return response

    for status in _HTTP_ERRORS:
        blueprint.errorhandler(status)(http_error)
    for status in _UNROUTED:
        blueprint.app_errorhandler(status)(http_error)
    return blueprint


_HTTP_ERRORS = {
    404: VoicebotError("not_found", "There is nothing at this address.", f"See {PREFIX}/openapi.json."),
    405: VoicebotError("method_not_allowed", "This address takes another method.", f"See {PREFIX}/openapi.json."),
    413: VoicebotError("too_large", "The request is too large.", "All answers together need a few kilobytes."),
}

_UNROUTED = (404, 405)
"""These come before any blueprint is chosen."""


def _check_token(settings: Settings) -> None:
    """Raise VoicebotError `api_off` or `token_wrong` unless the request bears one of the tokens."""
    if not settings.api_tokens:
        raise VoicebotError("api_off", "The API is off.", "Set VOICEBOT_API_TOKEN to open it.")
    given = request.authorization
    token = (given.token or "") if given and given.type == "bearer" else ""
    if not any(hmac.compare_digest(token.encode(), known.encode()) for known in settings.api_tokens):
        raise VoicebotError("token_wrong", "The token is missing or wrong.", "Send it as Authorization: Bearer TOKEN.")


def _answers(ruleset: RuleSet) -> dict[str, Answer]:
    """Return the answers that were sent; its errors repeat nothing of them."""
    if not request.is_json:
        raise VoicebotError("not_json", "The answers must be JSON.", "Send them as Content-Type: application/json.")
    given = read_answers(request.get_data())
    try:
        return parse_answers(given, ruleset)
    except VoicebotError as error:
        if error.code == "unknown_question":
            raise VoicebotError("unknown_question", "A question is none of the rule set's.", _LISTED) from None
        raise VoicebotError("unknown_answer", "An answer is none of those there are.", _LISTED) from None


_LISTED = f"{PREFIX}/openapi.json lists them all."


def _answer_error(error: VoicebotError) -> Response:
    response = jsonify({"error": error.to_json()})
    response.status_code = STATUS.get(error.code, 500)
    if error.code == "token_wrong":
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
