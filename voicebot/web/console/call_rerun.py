"""`/console/calls/<call_id>/rerun`: a call decided again by other rules, beside what was decided. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, request

from voicebot.calls.answers_then import answers_after
from voicebot.calls.replay import replay, under_other_rules
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action
from voicebot.triage.trace import trace
from voicebot.web.console.call_rules import kept_rules
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited
from voicebot.web.decision_view import DecisionView, view_decision
from voicebot.web.wording import URGENCIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Blueprint

    from voicebot.calls.entries import Entry
    from voicebot.parts import Parts
    from voicebot.triage.answers import Answer
    from voicebot.triage.engine import Decision
    from voicebot.triage.ruleset import RuleSet

OWN = "own"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two decisions."""

    title: str
    urgency: int
    urgency_words: str
    person: bool
    """A person must talk with the caller."""
    decision: DecisionView


@dataclass(frozen=True, slots=True)
class Rerun:
    """Both decisions, and what differs, in sentences."""

    same: bool
    told: tuple[str, ...]
    sides: tuple[Side, ...] = ()


def call_rerun_page(parts: Parts) -> Blueprint:
    """Return the blueprint of a call decided again."""
    blueprint = page_blueprint("call_rerun")
    store = parts.store

    @blueprint.get("/calls/<call_id>/rerun")
    @allowed(Action.REPLAY)
    def again(call_id: str) -> str:
        row, entries = store.call(call_id), store.load(call_id)
        chosen = request.args.get("rules", OWN)
        audited(Audited.CALL_REPLAYED, call_id)
        own = kept_rules(store, row.ruleset_sha256)
        if chosen in {OWN, row.ruleset_sha256}:
            result = _by_its_own(own, entries)
        else:
            other = parts.ruleset if chosen == parts.ruleset.sha256 else kept_rules(store, chosen)
            result = _by_others(own, other, entries)
        page = "console/_call_rerun.html" if request.headers.get("HX-Request") else "console/call_rerun.html"
        return render_template(page, rerun=result, call_id=call_id)

    return blueprint


def _by_its_own(own: RuleSet, entries: Sequence[Entry]) -> Rerun:
    """Run the record again as it was; what is stored and what follows now must be the same to the byte."""
    difference = replay(own, entries)
    if difference is None:
        return Rerun(True, ("Run again under its own rules, the call is the same to the byte.",))
    return Rerun(False, tuple(difference.sentences()))


def _by_others(own: RuleSet, other: RuleSet, entries: Sequence[Entry]) -> Rerun:
    compared = under_other_rules(own, other, entries)
    answers = _answers(own, entries)
    kept = {question: answer for question, answer in answers.items() if question not in compared.dropped}
    told = tuple(compared.sentences())
    sides = (
        _side("Under its own rules", own, compared.old, answers),
        _side("Under the other rules", other, compared.new, kept),
    )
    return Rerun(not told, told or ("Nothing would be decided otherwise.",), sides)


def _answers(own: RuleSet, entries: Sequence[Entry]) -> Mapping[str, Answer]:
    noted = list(answers_after(own, entries))
    return noted[-1].answers if noted else {}


def _side(title: str, ruleset: RuleSet, decision: Decision, answers: Mapping[str, Answer]) -> Side:
    return Side(
        title,
        int(decision.urgency),
        URGENCIES[decision.urgency],
        decision.live_person,
        view_decision(decision.to_json(), trace(ruleset, answers).to_json(), ruleset),
    )
