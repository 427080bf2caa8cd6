"""`/console/sign-in` and `/console/sign-out`. What is open to strangers, and all of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for

from voicebot.staff.audit_chain import Audited
from voicebot.staff.passwords import is_right
from voicebot.staff.roles import Action
from voicebot.web.console.attempt_limit import AttemptLimit
from voicebot.web.console.cookie import give_token, held_token, take_token
from voicebot.web.console.desk import Desk, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, may_enter_here, open_to_strangers

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.parts import Parts
    from voicebot.staff.members import StaffMember

WRONG = "Name or password is wrong."
"""Said of an unknown name, a wrong password, a disabled account and one without a password alike."""
_INSIDE = re.compile(r"/console(?:[/?][\w./?=&%+:@~,-]*)?", re.ASCII)
"""Addresses of the console, as browsers send them."""
NOBODY = "(no account)"
"""Who it was in the audit when no account has the name: what was typed may have been a password."""


def sign_in_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the sign-in."""
    blueprint = page_blueprint("sign_in")
    limit = AttemptLimit(parts)

    @blueprint.get("/sign-in")
    @open_to_strangers
    def form() -> AnyResponse:
        return sign_in_form()

    @blueprint.post("/sign-in")
    @open_to_strangers
    def sign_in() -> AnyResponse:
        at, name = desk(), request.form.get("name", "").strip().lower()
        if wait_s := limit.wait_s(limit.by_sender(), f"at {name}"):
            response = sign_in_form(f"Too many attempts. Please wait {wait_s} seconds.", 429)
            response.headers["Retry-After"] = str(wait_s)
            return response
        kept = at.staff.kept(name)
        right = is_right(request.form.get("password", ""), kept.password_hash if kept else None)
        if kept is None or not right or not may_enter_here(kept.member):
            at.audit.append(at.clock(), kept.member.name if kept else NOBODY, Audited.SIGN_IN_FAILED)
            return sign_in_form(WRONG, 422)
        return let_in(at, kept.member, request.form.get("next", ""))

    @blueprint.post("/sign-out")
    @allowed(Action.SIGN_IN)
    def sign_out() -> AnyResponse:
        audited(Audited.SIGNED_OUT)
        desk().staff.end_session(held_token())
        response = redirect(url_for("console_sign_in.form"), 303)
        take_token(response)
        return response

    return blueprint


def let_in(at: Desk, member: StaffMember, wanted: str) -> AnyResponse:
    """Sign a member in, with a new secret, and lead to the page that was asked for."""
    now = at.clock()
    at.audit.append(now, member.name, Audited.SIGNED_IN)
    at.staff.forget_sessions_before(now - at.limits.absolute)
    if held := held_token():
        at.staff.end_session(held)
    response = redirect(page_after(wanted), 303)
    give_token(response, at.staff.begin_session(member, now))
    return response


def page_after(wanted: str) -> str:
    """Return where to go after signing in: a page of the console, and nowhere else."""
    return wanted if _INSIDE.fullmatch(wanted) and ".." not in wanted else url_for("console_front.begin")


def sign_in_form(fault: str = "", status: int = 200) -> Response:
    """Show the page to sign in on, with what went wrong before."""
    html = render_template(
        "console/sign_in.html",
        fault=fault,
        name=request.form.get("name", ""),
        next=request.values.get("next", ""),
        nobody_yet=desk().staff.nobody_yet(),
        provider=desk().settings.oidc_issuer is not None,
    )
    return Response(html, status=status)
