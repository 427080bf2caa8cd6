"""Who may open a page of the console. Every route has exactly one guard, `allowed` or `open_to_strangers`.

A guard lets a request in only from our own pages (when it changes anything) and from a member with the right; it draws
no page. A test walks all routes with every role.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from flask import abort, g, make_response, redirect, request, url_for

from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action, may
from voicebot.web.console.cookie import held_token
from voicebot.web.console.desk import desk
from voicebot.web.csrf import check_same_site
from voicebot.web.security import is_from_this_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask.typing import ResponseReturnValue

    from voicebot.staff.members import StaffMember

P = ParamSpec("P")
_SAFE = {"GET", "HEAD", "OPTIONS"}


def allowed(
    action: Action, *, by_itself: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Guard a route: only members with the right to `action` get in; strangers are led to the sign-in.

    `by_itself` is for what a page asks for again and again: it is no sign that somebody still sits there, so it keeps
    nobody signed in.
    """

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            _check_sender()
            at = desk()
            token = held_token()
            found = at.staff.member_of(token, at.clock(), at.limits, active=not by_itself) if token else None
            if found is None or not may_enter_here(found):
                return _to_sign_in()
            g.console_member = found
            need(action)
            return view(*args, **kwargs)

        guarded.console_guard = action  # type: ignore[attr-defined]  # read by the test that walks the routes
        return guarded

    return guard


def need(action: Action) -> None:
    """Refuse a member without the right to `action`; for what needs more rights than the one its guard asks for."""
    if not may(member().role, action):
        audited(Audited.REFUSED, request.endpoint or "")
        abort(403)


def open_to_strangers(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guard a route that must be open before anybody is signed in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        _check_sender()
        return view(*args, **kwargs)

    guarded.console_guard = None  # type: ignore[attr-defined]  # as above
    return guarded


def may_enter_here(who: StaffMember) -> bool:
    """Return whether `who` may come in from where this request comes from: a demonstration's account only from here."""
    return not who.for_demo or is_from_this_machine(desk().settings.public_url)


def member() -> StaffMember:
    """Return who is signed in; only for what stands behind `allowed`."""
    found: StaffMember = g.console_member
    return found


def signed_in() -> StaffMember | None:
    """Return who is signed in, if a guard has found out."""
    found: StaffMember | None = g.get("console_member")
    return found


def audited(what: Audited, subject: str = "") -> None:
    """Write down that the member did `what` to `subject`, the id of a call or the name of an account.

    To be called before the answer is given: what cannot be written down is not done. Raises VoicebotError
    `store_failed`.
    """
    at = desk()
    at.audit.append(at.clock(), member().name, what, subject)


def audited_each(what: Audited, subjects: Sequence[str]) -> None:
    """Write down that the member did `what` to each of `subjects`, as `audited` does."""
    at = desk()
    at.audit.append_each(at.clock(), member().name, what, subjects)


def _check_sender() -> None:
    if request.method not in _SAFE:
        check_same_site(request, desk().settings.public_url)


def _to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in, and from there back to the page that was asked for; htmx is told to load the whole page."""
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("console_sign_in.form")
        return response
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("console_sign_in.form", next=back), 303)
