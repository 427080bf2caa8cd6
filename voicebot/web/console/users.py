"""`/console/users`: the accounts, for those who run them. No password is ever chosen or seen twice here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for

from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.passwords import hash_password, made_up_password
from voicebot.staff.roles import Action, Role
from voicebot.web.console.desk import desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.parts import Parts

ROLES = {
    Role.READER: "sees what calls decided, without words or sound",
    Role.REVIEWER: "hears and reviews calls, and calls back",
    Role.LEAD: "a reviewer who also exports, runs calls again and approves rules",
    Role.ADMIN: "runs the accounts, sees no call",
    Role.AUDITOR: "reads the audit, sees no call",
}


def users_page(_parts: Parts) -> Blueprint:
    """Return the blueprint of the accounts."""
    blueprint = page_blueprint("users")

    @blueprint.get("/users")
    @allowed(Action.MANAGE_USERS)
    def accounts() -> Response:
        return _shown()

    @blueprint.post("/users")
    @allowed(Action.MANAGE_USERS)
    def add() -> Response:
        at, password, role = desk(), made_up_password(), _role()
        name = at.staff.check_free(request.form.get("name", ""))
        kept = None if "provider_only" in request.form else hash_password(password)
        audited(Audited.USER_ADDED, f"{name} {role}")
        at.staff.add(name, role, kept, at.clock())
        return _shown(name, password if kept else None)

    @blueprint.post("/users/<name>/role")
    @allowed(Action.MANAGE_USERS)
    def change_role(name: str) -> AnyResponse:
        _check_other(name)
        role = _role()
        audited(Audited.USER_CHANGED, f"{name} {role}")
        desk().staff.change(name, role=role.value)
        return redirect(url_for("console_users.accounts"), 303)

    @blueprint.post("/users/<name>/password")
    @allowed(Action.MANAGE_USERS)
    def new_password(name: str) -> Response:
        _check_other(name)
        password = made_up_password()
        audited(Audited.PASSWORD_CHANGED, name)
        desk().staff.change(name, password_hash=hash_password(password))
        return _shown(name, password)

    @blueprint.post("/users/<name>/disable")
    @allowed(Action.MANAGE_USERS)
    def disable(name: str) -> AnyResponse:
        _check_other(name)
        audited(Audited.USER_DISABLED, name)
        desk().staff.change(name, disabled_at=desk().clock())
        return redirect(url_for("console_users.accounts"), 303)

    @blueprint.post("/users/<name>/enable")
    @allowed(Action.MANAGE_USERS)
    def enable(name: str) -> AnyResponse:
        _check_other(name)
        audited(Audited.USER_CHANGED, f"{name} enabled")
        desk().staff.change(name, disabled_at=None)
        return redirect(url_for("console_users.accounts"), 303)

    return blueprint


def _shown(name: str | None = None, password: str | None = None) -> Response:
    """Show the accounts, and the password that was just made up for `name`, this once."""
    html = render_template(
        "console/users.html", accounts=desk().staff.accounts(), roles=ROLES, added=name, password=password
    )
    return Response(html)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise VoicebotError("unknown_role", "There is no such role.", f"There are: {', '.join(Role)}.") from None


def _check_other(name: str) -> None:
    """Raise unless there is an account `name` and it is somebody else's: the last one must not lock themselves out."""
    desk().staff.account(name)
    if name == member().name:
        raise VoicebotError(
            "own_account", "Nobody changes their own account here.", "Somebody else with the role admin can do it."
        )
