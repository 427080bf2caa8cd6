"""The pages of the calls: a list, one call with the reasons for its decision, and its sound. They only read.

They open on this machine alone (see security.py), and show the words of the rule set a call was decided by.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request, send_from_directory, url_for

from voicebot.dialog.events import Channel
from voicebot.dialog.spoken import spoken_texts
from voicebot.errors import VoicebotError
from voicebot.storage.rows import Side
from voicebot.triage.ruleset import RuleSet, parse_ruleset
from voicebot.web.call_view import CallSummary, minutes, summarize
from voicebot.web.conversation import conversation
from voicebot.web.decision_view import view_decision
from voicebot.web.intake_words import load_words, on_the_page
from voicebot.web.security import only_on_this_machine

if TYPE_CHECKING:
    from voicebot.parts import Parts
    from voicebot.storage.rows import AudioFile, CallRow
    from voicebot.storage.store import CallStore

CALLS_A_PAGE = 50
_LANES = {Side.CALLER: "The caller", Side.LINE: "The line", Side.PLACE: "Where the caller is"}


@dataclass(frozen=True, slots=True)
class Player:
    """One recorded stretch of one side."""

    title: str
    starts: str
    """On the call's clock."""
    url: str


def calls_blueprint(parts: Parts) -> Blueprint:
    """Return the blueprint of `GET /calls`, `/calls/<call_id>` and `/calls/<call_id>/<side>.wav`."""
    store = parts.store
    texts_in_force = {prompt_id: sound.text for (prompt_id, _), sound in parts.voice.sounds.items()}
    form_words = load_words()
    blueprint = Blueprint("calls", __name__, url_prefix="/calls", template_folder="templates", static_folder="static")
    blueprint.before_request(only_on_this_machine(parts.settings.public_url))
    blueprint.add_app_template_filter(minutes, "minutes")

    @blueprint.context_processor
    def rules_in_force() -> dict[str, RuleSet]:
        return {"ruleset": parts.ruleset}

    @blueprint.errorhandler(VoicebotError)
    def trouble(error: VoicebotError) -> tuple[str, int]:
        return render_template("calls/trouble.html", error=error), 404 if error.code == "unknown_call" else 500

    @blueprint.get("")
    def newest() -> str:
        rows = store.list_calls(CALLS_A_PAGE + 1, request.args.get("before"))
        now = datetime.now(UTC)
        calls = [_summary(store, row, now) for row in rows[:CALLS_A_PAGE]]
        older = calls[-1].call_id if len(rows) > CALLS_A_PAGE else None
        return render_template("calls/newest.html", calls=calls, older=older)

    @blueprint.get("/<call_id>")
    def one(call_id: str) -> str:
        row, entries = store.call(call_id), store.load(call_id)
        call = summarize(row, entries, datetime.now(UTC))
        ruleset = _ruleset_of(store, row)
        spoken = texts_in_force | (spoken_texts(ruleset) if ruleset else {})
        texts = on_the_page(spoken, form_words) if row.channel is Channel.WEB else spoken
        decision = call.record.decision
        return render_template(
            "calls/one.html",
            call=call,
            decision=view_decision(decision, call.record.trace, ruleset) if decision else None,
            passages=conversation(entries, texts),
            players=_players(store.audio(call_id)),
        )

    @blueprint.get("/<call_id>/<any(caller, line):side>.wav")
    def sound(call_id: str, side: str) -> Response:
        stretches = [file for file in store.audio(call_id) if file.side == side]
        part = request.args.get("part", 0, type=int)
        if not 0 <= part < len(stretches):
            abort(404)
        response = send_from_directory(
            parts.settings.audio_dir, stretches[part].name, mimetype="audio/wav", conditional=True
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _summary(store: CallStore, row: CallRow, now: datetime) -> CallSummary:
    return summarize(row, store.load(row.call_id), now)


def _players(files: list[AudioFile]) -> list[Player]:
    """Return a player for each stretch of each side, in time; turn by turn, every recorded answer is a stretch."""
    parts = {side: itertools.count() for side in Side}
    return [
        Player(
            _LANES[file.side],
            minutes(file.starts_at_ms),
            url_for("calls.sound", call_id=file.call_id, side=file.side.value, part=next(parts[file.side]) or None),
        )
        for file in files
    ]


def _ruleset_of(store: CallStore, row: CallRow) -> RuleSet | None:
    """Return the rules the call was decided by; None when this version can no longer read them."""
    try:
        snapshot = store.ruleset(row.ruleset_sha256)
        return _parsed(snapshot.text, f"{snapshot.id} {snapshot.version}")
    except VoicebotError as error:
        if error.code in {"unknown_ruleset", "ruleset_broken"}:
            return None
        raise


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> RuleSet:
    return parse_ruleset(text, name)
