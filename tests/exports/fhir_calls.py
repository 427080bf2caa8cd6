"""Calls made to measure, and their bundles as JSON values."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from voicebot.calls.document import StoredCall
from voicebot.calls.entries import Entry
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import Decided, HangUp, Say, Target, Transfer
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard, HungUp
from voicebot.dialog.meaning import Meaning
from voicebot.exports.fhir import to_fhir
from voicebot.triage import Urgency, decide, parse_ruleset
from voicebot.triage.trace import trace

TEXT = (Path(__file__).parents[1] / "triage" / "small.yaml").read_text()
SMALL = parse_ruleset(TEXT, "small")
ALL_NO = dict.fromkeys(SMALL.questions, "no")


def snapshot(text=TEXT):
    return RuleSetSnapshot(hashlib.sha256(text.encode()).hexdigest(), SMALL.id, SMALL.version, text)


def decided_call(answers, *said, words="canary", channel=Channel.STREAM, ruleset=None):
    """A call that came to a decision over `answers`, then said its advice and the prompts `said`."""
    ruleset = ruleset or snapshot()
    rules = parse_ruleset(ruleset.text, ruleset.id)
    decision = decide(rules, answers)
    messages = [
        CallStarted(0, "2026-11-22T12:00:00+00:00", rules.id, rules.version, rules.sha256),
        Connected(0, channel),
        Say(("greeting",)),
        Heard(4000, Meaning.YES, 0.98, words),
        Decided(decision.to_json(), trace(rules, answers).to_json()),
        Say((f"advice.{decision.level}", *said)),
        Transfer(Target.SCHEDULING) if decision.urgency is Urgency.SPINE_SCHEDULING else HangUp(),
        HungUp(65_250),
    ]
    return stored(messages, ruleset)


def stored(messages, ruleset=None):
    entries = tuple(Entry(seq, message) for seq, message in enumerate(messages))
    return StoredCall("call-1", entries, ruleset or snapshot())


def resources(call):
    """The resources of the call's bundle by type; there is at most one of each."""
    bundle = json.loads(to_fhir(call, {"greeting": "Good day."}))
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
