"""Several calls of the list, ticked one by one, taken for review at once. Taking them out is call_exports.py's."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import redirect, request, url_for

from voicebot.errors import VoicebotError
from voicebot.staff.roles import Action
from voicebot.storage.review_store import ReviewStore
from voicebot.web.console.call_filters import kept_parts
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed
from voicebot.web.console.review import reader

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response

    from voicebot.parts import Parts

NOT_TO_BE_HAD = {"review_taken", "review_not_wanted", "unknown_review"}
"""Why a call is left as it is: somebody else has it, or it does not wait for a review."""


def chosen_calls_page(parts: Parts) -> Blueprint:
    """Return the blueprint of what is done with calls that were ticked."""
    blueprint = page_blueprint("chosen_calls")
    reviews = ReviewStore(database(parts))

    @blueprint.post("/chosen-calls/claim")
    @allowed(Action.REVIEW)
    def claim() -> Response:
        """Take those that wait for a review, and lead back to the list, which tells how many these were."""
        taken, left = 0, 0
        for call_id in dict.fromkeys(request.form.getlist("call")):
            try:
                reviews.claim(call_id, reader(), desk().clock())
                taken += 1
            except VoicebotError as error:
                if error.code not in NOT_TO_BE_HAD:
                    raise
                left += 1
        view = kept_parts(parse_qsl(request.form.get("view", "")))
        here = url_for("console_calls.listed")
        return redirect(f"{here}?{urlencode([*view, ('taken', taken), ('left', left)])}", 303)

    return blueprint
