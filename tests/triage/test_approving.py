"""An approval put under a rule set after its file was written."""

from __future__ import annotations

from datetime import date

from voicebot.triage.answers import Answer
from voicebot.triage.approving import with_approval
from voicebot.triage.engine import decide

DAY = date(2026, 11, 26)


def test_the_rules_are_approved_and_decide_as_before(ruleset):
    approved = with_approval(ruleset, "Jane Doe, RN", DAY)
    assert (approved.approved, ruleset.approved) == (True, False)
    assert {rule.approval.approver for rule in approved.rules} == {"Jane Doe, RN"}
    assert approved.rules[-2:] == (approved.base, approved.no_symptom)
    answers = {"saddle": Answer.YES}
    assert decide(approved, answers).to_json() == decide(ruleset, answers).to_json()
