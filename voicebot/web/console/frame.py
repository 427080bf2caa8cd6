"""What all pages of the console have in common: their blueprint, headers, words on top, and how trouble is told."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from voicebot.errors import VoicebotError
from voicebot.staff.roles import Action, may
from voicebot.web.console.desk import desk
from voicebot.web.console.guard import signed_in
from voicebot.web.console.nav import NAV

STATUS = {
    "call_not_taken": HTTPStatus.CONFLICT,
    "no_call_back": HTTPStatus.CONFLICT,
    "page_not_open": HTTPStatus.CONFLICT,
    "choice_unclear": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_unreadable": HTTPStatus.UNPROCESSABLE_ENTITY,
    "form_refused": HTTPStatus.FORBIDDEN,
    "name_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "name_unusable": HTTPStatus.UNPROCESSABLE_ENTITY,
    "password_weak": HTTPStatus.UNPROCESSABLE_ENTITY,
    "own_account": HTTPStatus.CONFLICT,
    "review_not_held": HTTPStatus.CONFLICT,
    "review_not_wanted": HTTPStatus.CONFLICT,
    "review_taken": HTTPStatus.CONFLICT,
    "rules_approved": HTTPStatus.CONFLICT,
    "rules_not_approvable": HTTPStatus.CONFLICT,
    "ruleset_broken": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unknown_call": HTTPStatus.NOT_FOUND,
    "unknown_replay": HTTPStatus.NOT_FOUND,
    "unknown_review": HTTPStatus.NOT_FOUND,
    "fhir_impossible": HTTPStatus.UNPROCESSABLE_ENTITY,
    "fhir_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unknown_ruleset": HTTPStatus.NOT_FOUND,
    "unknown_role": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unknown_user": HTTPStatus.NOT_FOUND,
    "user_exists": HTTPStatus.CONFLICT,
    "verdict_unclear": HTTPStatus.UNPROCESSABLE_ENTITY,
    "view_unusable": HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""HTTP status of the errors a member may meet; all others are ours, 500."""

TROUBLE = {
    400: ("Something is missing", "The page sent less than is needed. Please load it again."),
    403: ("You may not do this", "Your role has no right to this page. Whoever runs the accounts can change that."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Not possible", "This address takes another kind of request."),
    413: ("Too large", "What was sent is too large."),
    500: ("Something broke", "The log of the service names it. Please tell whoever runs it."),
}
"""Status -> heading and sentence."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_A_YEAR_S = 365 * 24 * 3600
"""Browsers that were here by TLS once come by nothing else for so long (OWASP ASVS 5.0, 3.4.1)."""

_log = structlog.get_logger()


def page_blueprint(name: str) -> Blueprint:
    """Return the blueprint of a page; its endpoints are `console_<name>.<function>`."""
    blueprint = Blueprint(f"console_{name}", __name__, url_prefix="/console", template_folder="../templates")
    blueprint.context_processor(_on_every_page)
    blueprint.after_request(_add_headers)
    blueprint.register_error_handler(VoicebotError, _trouble)
    blueprint.register_error_handler(Exception, _broken)
    return blueprint


def nonce() -> str:
    """Return this response's nonce, for styles that a script of ours makes (wavesurfer's)."""
    if "console_nonce" not in g:
        g.console_nonce = secrets.token_urlsafe(16)
    made: str = g.console_nonce
    return made


def _on_every_page() -> dict[str, Any]:
    who = signed_in()
    return {
        "who": who,
        "may": {action.name: bool(who and may(who.role, action)) for action in Action},
        "nav": [entry for entry in NAV if who and may(who.role, entry.action)],
        "ruleset": desk().ruleset,
        "nonce": nonce(),
    }


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce()))
    # Without it browsers send `Origin: null` with our own forms.
    response.headers["Referrer-Policy"] = "same-origin"
    if (desk().settings.public_url or "").startswith("https:"):
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR_S}"
    return response


def _trouble(error: VoicebotError) -> Response:
    status = STATUS.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("console_failed", endpoint=request.endpoint, code=error.code)
        return _told(status, *TROUBLE[500])
    return _told(status, "This did not work", str(error))


def _broken(error: Exception) -> Response | HTTPException:
    if isinstance(error, HTTPException):
        status = error.code or 500
        return _told(status, *TROUBLE[status]) if status in TROUBLE else error
    _log.error("console_failed", endpoint=request.endpoint, error=type(error).__name__)
    return _told(500, *TROUBLE[500])


def _told(status: int, heading: str, sentence: str) -> Response:
    return Response(render_template("console/trouble.html", heading=heading, sentence=sentence), status=status)
