"""A rule set with the name of a clinician under it that was put there after its file was written. Judges no caller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from voicebot.triage.file_format import Rule
    from voicebot.triage.ruleset import RuleSet


def with_approval(ruleset: RuleSet, approver: str, approved_on: date) -> RuleSet:
    """Return the rule set approved by `approver`; rules with an approval of their own keep that one.

    The text stays as it was, and so does its SHA-256: that is what was approved.
    """
    approval = ruleset.approval.model_copy(update={"approver": approver, "approved_on": approved_on})

    def rule(one: Rule) -> Rule:
        return one.model_copy(update={"approval": approval}) if one.approval == ruleset.approval else one

    return replace(
        ruleset,
        approval=approval,
        rules=tuple(rule(one) for one in ruleset.rules),
        base=rule(ruleset.base),
        no_symptom=rule(ruleset.no_symptom),
    )
