"""`/console/password`: a member's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template, request

from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.passwords import MIN_LENGTH, check_password, hash_password, is_right
from voicebot.staff.roles import Action
from voicebot.web.console.attempt_limit import AttemptLimit
from voicebot.web.console.cookie import give_token
from voicebot.web.console.desk import desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member

if TYPE_CHECKING:
    from flask import Blueprint

    from voicebot.parts import Parts


def password_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the password's page."""
    blueprint = page_blueprint("password")
    limit = AttemptLimit(parts)

    @blueprint.get("/password")
    @allowed(Action.SIGN_IN)
    def form() -> Response:
        return _form()

    @blueprint.post("/password")
    @allowed(Action.SIGN_IN)
    def change() -> Response:
        """Change the password; every other browser that was signed in is signed out."""
        at, who, new = desk(), member(), request.form.get("new", "")
        if wait_s := limit.wait_s(f"password of {who.id}"):
            return _form(f"Too many attempts. Please wait {wait_s} seconds.", 429)
        kept = at.staff.kept(who.name)
        if kept is None or not is_right(request.form.get("password", ""), kept.password_hash):
            return _form("The current password is wrong.", 422)
        if new != request.form.get("again", ""):
            return _form("The new password was typed in two ways.", 422)
        try:
            check_password(new, who.name)
        except VoicebotError as weak:
            return _form(str(weak), 422)
        audited(Audited.PASSWORD_CHANGED, who.name)
        at.staff.change(who.name, password_hash=hash_password(new))
        response = _form(done=True)
        give_token(response, at.staff.begin_session(who, at.clock()))
        return response

    return blueprint


def _form(fault: str = "", status: int = 200, *, done: bool = False) -> Response:
    kept = desk().staff.kept(member().name)
    html = render_template(
        "console/password.html",
        fault=fault,
        done=done,
        has_password=kept is not None and kept.password_hash is not None,
        min_length=MIN_LENGTH,
    )
    return Response(html, status=status)
