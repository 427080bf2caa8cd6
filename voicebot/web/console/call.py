"""`/console/calls/<call_id>`: one call: what was decided and why, what was said, and what went wrong, on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from flask import render_template, url_for

from voicebot.calls.record import read_record
from voicebot.calls.timeline import Kind
from voicebot.dialog.events import Channel
from voicebot.dialog.spoken import spoken_texts
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action, may
from voicebot.storage.call_search import CallSearch
from voicebot.storage.replay_store import ReplayStore
from voicebot.storage.review_store import ReviewStore
from voicebot.storage.rows import Side
from voicebot.web.console.call_columns import COLUMNS, Shown, minutes, outcome, state, urgency
from voicebot.web.console.call_filters import LIVE_FOR
from voicebot.web.console.call_rules import own_rules, standing
from voicebot.web.console.call_sound import stored_files
from voicebot.web.console.call_view import (
    final_answers,
    noted_at,
    say_ms,
    seconds,
    turns,
)
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, member
from voicebot.web.console.keys import call_keys
from voicebot.web.decision_view import view_decision
from voicebot.web.intake_words import load_words, on_the_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint

    from voicebot.parts import Parts

IN_THE_HEAD = ("confidence", "reprompts", "transfer", "faults", "number", "channel", "review", "version")
"""Columns of the list that the head of the page repeats."""
SIDES = {Side.CALLER: "the caller", Side.LINE: "the line", Side.PLACE: "where the caller is"}
SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


@dataclass(frozen=True, slots=True)
class Track:
    """One recorded file, to be taken as it is stored."""

    title: str
    url: str


def call_page(parts: Parts) -> Blueprint:
    """Return the blueprint of a call's page."""
    blueprint = page_blueprint("call")
    store, search, reviews = parts.store, CallSearch(database(parts)), ReviewStore(database(parts))
    replays = ReplayStore(database(parts))
    in_force = {prompt_id: sound.text for (prompt_id, _), sound in parts.voice.sounds.items()}
    form_words = load_words()
    blueprint.add_app_template_filter(minutes, "minutes")
    blueprint.add_app_template_filter(seconds, "seconds")

    @blueprint.get("/calls/<call_id>")
    @allowed(Action.SEE_CALLS)
    def one(call_id: str) -> str:
        row, entries, indexed = store.call(call_id), store.load(call_id), search.call(call_id)
        audited(Audited.CALL_OPENED, call_id)
        ruleset = own_rules(store, row)
        spoken = in_force | (spoken_texts(ruleset) if ruleset else {})
        texts = on_the_page(spoken, form_words) if row.channel is Channel.WEB else spoken
        sees_words = may(member().role, Action.SEE_WORDS)
        every = list(turns(entries, texts, partial(say_ms, parts.voice, texts), ruleset, words=sees_words))
        record = read_record(entries)
        rulesets = search.rulesets()
        tracks = _tracks(parts, call_id) if may(member().role, Action.HEAR) else []
        shown = Shown(indexed, desk().clock() - LIVE_FOR, rulesets, record.rules)
        return render_template(
            "console/call.html",
            call=indexed,
            call_id=call_id,
            state=state(shown),
            urgency=urgency(indexed),
            outcome=outcome(indexed),
            facts=[(column.label, column.text(shown)) for column in COLUMNS if column.name in IN_THE_HEAD],
            decision=view_decision(record.decision, record.trace, ruleset) if record.decision else None,
            turns=every,
            really_said={one.seq: one.words for one in reviews.corrections(call_id)} if sees_words else {},
            answers=list(final_answers(every).values()),
            rules_readable=ruleset is not None,
            noted_at=noted_at(every),
            times=[turn for turn in every if turn.moment.kind in {Kind.NOTE, Kind.FAULT}],
            standing=standing(row, ruleset, replays.approvals().get(row.ruleset_sha256), desk().ruleset.sha256),
            gaps=_gaps(record.turn_gaps_ms),
            tracks=tracks,
            length_ms=max([record.duration_ms, *(turn.moment.to_ms for turn in every)]),
            speeds=SPEEDS,
            rulesets=rulesets,
            in_force=parts.ruleset.sha256,
            keys=call_keys(sound=bool(tracks), review=may(member().role, Action.REVIEW)),
            Kind=Kind,
        )

    return blueprint


def _tracks(parts: Parts, call_id: str) -> list[Track]:
    return [
        Track(
            f"{SIDES[side]}, from {minutes(starts_ms)}",
            url_for("console_call_sound.stored", call_id=call_id, side=side.value, part=part or None),
        )
        for side, part, starts_ms in stored_files(parts, call_id)
    ]


def _gaps(gaps_ms: Sequence[int]) -> str:
    """Return how long the line took to answer, over the whole call, in words."""
    if not gaps_ms:
        return "No turn gap was measured."
    half, most = np.percentile(gaps_ms, [50, 95]) / 1000
    return (
        f"From the end of the caller's speech to the end of the turn: half within {half:.1f} s, "
        f"19 of 20 within {most:.1f} s, the longest {max(gaps_ms) / 1000:.1f} s, over {len(gaps_ms)} answers."
    )
