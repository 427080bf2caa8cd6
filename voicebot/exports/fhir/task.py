"""Task: what the line left for staff: to call back, and to ask what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.task import Task, TaskInput

from voicebot.calls.outcome import Outcome
from voicebot.exports.fhir.codes import CALLER, LINE, PRIORITIES, anonymous_caller, questionnaire_url
from voicebot.exports.fhir.left_open import holds_red_flag, open_questions, urgency_so_far
from voicebot.triage.levels import RED_FLAG, Urgency

if TYPE_CHECKING:
    from fhir.resources.R4B.reference import Reference

    from voicebot.exports.fhir.case import Case

SUICIDE = "The caller spoke of suicide."
LEFT = "The caller left before the questions came to an end."
NOBODY = "Nobody took over the call."
ASKED = "The caller is to be called back."
OPEN = "Questions that could change the outcome are open."
_NOBODY_SAID = frozenset({"transfer.nobody", "transfer.failed_urgent"})


def task(case: Case, encounter: Reference, focus: Reference) -> Task | None:
    """Return what staff have to do about this call; None when nothing is left, and while the call runs.

    Parsed rather than built field by field: FHIR has a field `for`, which is a word of Python.
    """
    questions = open_questions(case)
    reasons = _reasons(case, questions)
    if not case.over or not reasons:
        return None
    return Task.model_validate(
        {
            "id": case.id_of("Task"),
            "contained": [anonymous_caller()],
            "status": "requested",
            "intent": "proposal",
            "priority": PRIORITIES[_weight(case, reasons, questions)],
            "code": CodeableConcept(text="Call back"),
            "description": " ".join(reasons),
            "focus": focus,
            "for": CALLER,
            "encounter": encounter,
            "authoredOn": case.ended,
            "requester": LINE,
            "input": [_input(case, question) for question in questions] or None,
        }
    )


def _reasons(case: Case, questions: tuple[str, ...]) -> list[str]:
    holds = {
        SUICIDE: "suicide.heard" in case.said,
        LEFT: case.record.outcome is Outcome.HUNG_UP,
        NOBODY: case.record.outcome is Outcome.FAILED or bool(case.said & _NOBODY_SAID),
        ASKED: case.record.outcome is Outcome.CALL_BACK,
        OPEN: bool(questions),
    }
    return [reason for reason, held in holds.items() if held]


def _weight(case: Case, reasons: list[str], questions: tuple[str, ...]) -> Urgency:
    """Return how soon staff are to act: the same day at the latest, unless no red flag is open and nothing failed.

    Talk of suicide cannot wait: whether the caller is in danger is unknown, and unknown is never no.
    """
    if SUICIDE in reasons:
        return Urgency.CALL_911
    harmless = set(reasons) <= {OPEN, ASKED} and not holds_red_flag(case, questions)
    return urgency_so_far(case) if harmless else max(urgency_so_far(case), RED_FLAG)


def _input(case: Case, question: str) -> TaskInput:
    ruleset = case.ruleset
    asked = Coding(
        system=questionnaire_url(ruleset),
        version=ruleset.version,
        code=question,
        display=ruleset.questions[question].text,
    )
    return TaskInput(type=CodeableConcept(text="Question to ask"), valueCoding=asked)
