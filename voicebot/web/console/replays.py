"""`/console/replays`: stored calls run again under other rules, all at once: asked for, watched, read, stopped.

The running is done in the background (voicebot.batch); a page only tells how far it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from voicebot.batch.bulk_replay import parsed
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.errors import VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.staff.replaying import Change, Obstacle, ReplayState, obstacles
from voicebot.staff.roles import Action, may
from voicebot.storage.call_search import CallSearch
from voicebot.storage.replay_store import Chosen, Replay, ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.triage.diff import differences
from voicebot.triage.ruleset import parse_ruleset
from voicebot.web.console.background import worker_of
from voicebot.web.console.call_filters import FIELDS, read_query
from voicebot.web.console.desk import database, desk
from voicebot.web.console.filter_form import filter_form, in_words
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member
from voicebot.web.console.keys import HELP, LIST
from voicebot.web.console.review import reader
from voicebot.web.console.review_view import LEVELS
from voicebot.web.console.review_words import CHANGES, REPLAY_STATES

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.parts import Parts

MAX_RULES_BYTES = 1024 * 1024
"""A rule set sent by a form; the bundled one has 60 kB."""
RESULTS_A_PAGE = 50
PASTED = "pasted"
CHOOSABLE = FIELDS.keys() - {"live"}
"""Calls are run again when they are over."""


def replays_page(parts: Parts) -> Blueprint:
    """Return the blueprint of bulk replays."""
    blueprint = page_blueprint("replays")
    engine = database(parts)
    replays, reviews, search = ReplayStore(engine), ReviewStore(engine), CallSearch(engine)

    def against(replay: Replay) -> list[Obstacle]:
        floors = reviews.floors()
        return list(obstacles(floors, replays.results_of(replay.replay_id, floors)))

    @blueprint.get("/replays")
    @allowed(Action.REPLAY)
    def listed() -> str:
        worker_of(current_app, parts).wake()
        return render_template(
            "console/replays.html",
            replays=replays.replays(),
            approvals=replays.approvals(),
            kept=replays.rulesets(),
            form=filter_form(search, parts.ruleset, request.args),
            in_force=parts.snapshot,
            states=REPLAY_STATES,
            keys=[*LIST, HELP],
        )

    @blueprint.post("/replays")
    @allowed(Action.REPLAY)
    def begin() -> AnyResponse:
        snapshot = _rules(replays.rulesets(), parts.snapshot)
        chosen = _chosen()
        audited(Audited.CALLS_REPLAYED, snapshot.sha256)
        replays.keep_ruleset(snapshot)
        replay_id = replays.begin(snapshot.sha256, chosen, reader(), desk().clock())
        worker_of(current_app, parts).wake()
        return redirect(url_for("console_replays.one", replay_id=replay_id), 303)

    @blueprint.get("/replays/<replay_id>")
    @allowed(Action.REPLAY)
    def one(replay_id: str) -> str:
        replay = replays.replay(replay_id)
        worker_of(current_app, parts).wake()
        change, after = _shown_change(replay), request.args.get("after", "")
        results = replays.results(replay_id, change, after, RESULTS_A_PAGE + 1)
        form = filter_form(search, parts.ruleset, MultiDict(parse_qsl(replay.chosen.query)))
        new = parsed(replay.ruleset.text, replay.ruleset.id)
        return render_template(
            "console/replay.html",
            replay=replay,
            which=in_words(form.given.items(multi=True), form.choices),
            new=new,
            differences=list(differences(parts.ruleset, new)),
            in_force=parts.snapshot,
            shown=change,
            results=results[:RESULTS_A_PAGE],
            more=results[RESULTS_A_PAGE - 1].call_id if len(results) > RESULTS_A_PAGE else None,
            changes=CHANGES,
            states=REPLAY_STATES,
            levels=LEVELS,
            against=against(replay) if replay.state is ReplayState.DONE else [],
            approval=replays.approvals().get(replay.ruleset.sha256),
            emergencies=len(reviews.floors()),
            waits_for_start=not parts.ruleset.approved,
            answers_now=parts.rules_may_answer,
        )

    @blueprint.get("/replays/<replay_id>/progress")
    @allowed(Action.REPLAY, by_itself=True)
    def progress(replay_id: str) -> Response:
        replay = replays.replay(replay_id)
        worker_of(current_app, parts).wake()
        html = render_template("console/_replay_progress.html", replay=replay, states=REPLAY_STATES)
        headers = {"HX-Refresh": "true"} if replay.ended_at and request.headers.get("HX-Request") else {}
        return Response(html, headers=headers)

    @blueprint.post("/replays/<replay_id>/stop")
    @allowed(Action.REPLAY)
    def stop(replay_id: str) -> AnyResponse:
        replays.finish(replay_id, ReplayState.STOPPED, desk().clock())
        return redirect(url_for("console_replays.one", replay_id=replay_id), 303)

    @blueprint.get("/replays/<replay_id>/rules.yaml")
    @allowed(Action.REPLAY)
    def rules(replay_id: str) -> Response:
        snapshot = replays.replay(replay_id).ruleset
        name = f"{snapshot.id}-{snapshot.version}.yaml"
        return Response(
            snapshot.text,
            mimetype="application/yaml",
            headers={"Content-Disposition": f'attachment; filename="{_file_name(name)}"'},
        )

    return blueprint


def _shown_change(replay: Replay) -> Change:
    """Return which results are shown: those asked for, or else the weightiest there are."""
    asked = request.args.get("show", "")
    if asked in set(Change):
        return Change(asked)
    return next((change for change in CHANGES if replay.counts.get(change)), Change.SAME)


def _rules(kept: list[RuleSetSnapshot], in_force: RuleSetSnapshot) -> RuleSetSnapshot:
    """Return the rules of the form: chosen among those kept, pasted, or sent as a file; checked as every rule set is.

    Raises VoicebotError `ruleset_broken`, `file_unreadable`, `choice_unclear`.
    """
    request.max_content_length = MAX_RULES_BYTES
    request.max_form_memory_size = MAX_RULES_BYTES
    choice = request.form.get("rules", "")
    known = {snapshot.sha256: snapshot for snapshot in (*kept, in_force)}
    if choice in known:
        return known[choice]
    if choice != PASTED:
        raise VoicebotError("choice_unclear", "No rule set was chosen.", "Choose one, or give a new one.")
    sent = request.files.get("file")
    try:
        text = sent.read().decode() if sent and sent.filename else request.form.get("text", "").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise VoicebotError("file_unreadable", "The rule set is no UTF-8 text.", "Save it as UTF-8.") from None
    ruleset = parse_ruleset(text, "rules")
    return RuleSetSnapshot(ruleset.sha256, ruleset.id, ruleset.version, text)


def _chosen() -> Chosen:
    """Return which calls the form chooses; raises VoicebotError `choice_unclear`."""
    given = MultiDict((name, value) for name, value in request.form.items(multi=True) if name in CHOOSABLE)
    asked = read_query(given, desk().clock(), may_see_words=may(member().role, Action.SEE_WORDS))
    if asked.mistakes:
        raise VoicebotError("choice_unclear", " ".join(asked.mistakes), "Choose the calls anew.")
    return Chosen(asked.filter, urlencode(asked.query))


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)
