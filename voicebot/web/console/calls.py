"""`/console/calls`: the list of calls, found by what they were like, and views of it that a member keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import current_app, redirect, render_template, request, url_for

from voicebot.staff.roles import Action, may
from voicebot.storage.call_search import COUNT_UP_TO, CallSearch
from voicebot.storage.saved_views import MAX_NAME, SavedView, SavedViews
from voicebot.web.console.background import worker_of
from voicebot.web.console.call_columns import COLUMNS, Shown, chosen
from voicebot.web.console.call_exports import LAYOUTS, MOST_CALLS
from voicebot.web.console.call_filters import LIVE_FOR, kept_parts, read_query
from voicebot.web.console.desk import database, desk
from voicebot.web.console.filter_form import filter_form
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, member
from voicebot.web.console.keys import HELP, LIST

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response

    from voicebot.parts import Parts
    from voicebot.storage.call_search import CallPage
    from voicebot.web.console.call_filters import Asked

CALLS_A_PAGE = 50
VIEWS = (
    SavedView("All calls", ""),
    SavedView("Live", "live=1"),
    SavedView("Emergencies", "urgency=5&urgency=4"),
    SavedView("Waiting for review", "review=waiting&review=second_reader"),
    SavedView("Hard to understand", "reprompts=3"),
    SavedView("Broken", "fault=any"),
)
"""What everybody has."""


def calls_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the list of calls."""
    blueprint = page_blueprint("calls")
    search, views = CallSearch(database(parts)), SavedViews(database(parts))

    @blueprint.get("/calls")
    @allowed(Action.SEE_CALLS)
    def listed() -> str:
        worker_of(current_app, parts).wake()  # what waits for a review is a column here
        now = desk().clock()
        asked = read_query(request.args, now, may_see_words=may(member().role, Action.SEE_WORDS))
        page = search.page(
            asked.filter, limit=CALLS_A_PAGE, before=request.args.get("before"), after=request.args.get("after")
        )
        call_ids = [call.call_id for call in page.calls]
        columns = chosen(request.args.getlist("column"))
        fired = search.rules(call_ids) if "rules" in {one.name for one in columns} else {}
        rulesets = search.rulesets()
        return render_template(
            "console/calls.html",
            page=page,
            opened=search.opened_by(member().name, call_ids),
            took={name: request.args.get(name, type=int) for name in ("taken", "left")},
            shown=[Shown(call, now - LIVE_FOR, rulesets, fired.get(call.call_id, ())) for call in page.calls],
            count=_counted(page.count),
            asked=asked,
            keys=[*LIST, HELP],
            form=filter_form(search, parts.ruleset, request.args),
            columns=columns,
            all_columns=COLUMNS,
            views=VIEWS,
            own_views=views.all(member().id),
            this_view=urlencode(asked.query),
            links=_links(asked, page),
            longest_name=MAX_NAME,
            exports=[(layout, name, MOST_CALLS[layout]) for layout, name in LAYOUTS.items()],
        )

    @blueprint.post("/views")
    @allowed(Action.SEE_CALLS)
    def keep_view() -> Response:
        query = urlencode(kept_parts(parse_qsl(request.form.get("query", ""))))
        views.keep(member().id, SavedView(request.form.get("name", ""), query))
        return redirect(f"{url_for('console_calls.listed')}?{query}", 303)

    @blueprint.post("/views/forget")
    @allowed(Action.SEE_CALLS)
    def forget_view() -> Response:
        views.forget(member().id, request.form.get("name", ""))
        return redirect(url_for("console_calls.listed"), 303)

    return blueprint


def _counted(count: int) -> str:
    if count > COUNT_UP_TO:
        return f"More than {COUNT_UP_TO} calls"
    return "1 call" if count == 1 else f"{count} calls"


def _links(asked: Asked, page: CallPage) -> dict[str, str]:
    """Return the addresses of the pages beside this one; the query string is the view, so they keep it."""
    places = {
        "newer": {"after": page.calls[0].call_id} if page.calls and page.newer else None,
        "older": {"before": page.calls[-1].call_id} if page.calls and page.older else None,
    }
    here = url_for("console_calls.listed")
    return {name: f"{here}?{urlencode([*asked.query, *place.items()])}" for name, place in places.items() if place}
