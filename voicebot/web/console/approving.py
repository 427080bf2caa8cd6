"""`/console/replays/<replay_id>/approve`: a clinician puts their name under the rules that were run.

Refused while anything stands against it: the replay is not done, or a reviewed emergency would fall. What was approved
is the text of the rules, known by its SHA-256; live calls are answered by it from the next start of the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.replaying import ReplayState, obstacles
from voicebot.staff.roles import Action
from voicebot.storage.replay_store import Approval, ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.triage.approving import with_approval
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited
from voicebot.web.console.review import reader

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response

    from voicebot.parts import Parts

MIN_NAME, MAX_NAME = 5, 200
"""Characters of a name with its license."""


def approving_page(parts: Parts) -> Blueprint:
    """Return the blueprint of approving rules."""
    blueprint = page_blueprint("approving")
    engine = database(parts)
    replays, reviews = ReplayStore(engine), ReviewStore(engine)

    @blueprint.post("/replays/<replay_id>/approve")
    @allowed(Action.APPROVE_RULES)
    def approve(replay_id: str) -> Response:
        replay, now = replays.replay(replay_id), desk().clock()
        floors = reviews.floors()
        against = list(obstacles(floors, replays.results_of(replay_id, floors)))
        if replay.state is not ReplayState.DONE or against:
            raise VoicebotError(
                "rules_not_approvable",
                against[0].why if against else "The replay is not done.",
                "Rules are approved after a replay that ran to its end and lowered no reviewed emergency.",
            )
        sha256, approver = replay.ruleset.sha256, _name()
        audited(Audited.RULES_APPROVED, sha256)
        replays.approve(Approval(sha256, approver, reader(), now, replay_id))
        if desk().ruleset.sha256 == sha256:
            desk().ruleset = with_approval(desk().ruleset, approver, now.date())
        return redirect(url_for("console_replays.one", replay_id=replay_id), 303)

    return blueprint


def _name() -> str:
    """Return the name that was put under the rules; raises VoicebotError `name_missing`."""
    name = " ".join(request.form.get("approver", "").split())
    if not MIN_NAME <= len(name) <= MAX_NAME or "sure" not in request.form:
        raise VoicebotError(
            "name_missing",
            "An approval needs the name and license of the clinician, and the tick beside the sentence above it.",
            "Write them as they are to be shown.",
        )
    return name
