"""QuestionnaireResponse: what the caller answered. A question not asked says so; no answer is ever left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.questionnaireresponse import (
    QuestionnaireResponse,
    QuestionnaireResponseItem,
    QuestionnaireResponseItemAnswer,
)

from voicebot.exports.fhir.codes import ANSWERS, CALLER, LINE, anonymous_caller, questionnaire_url

if TYPE_CHECKING:
    from fhir.resources.R4B.reference import Reference

    from voicebot.exports.fhir.case import Case


def response(case: Case, encounter: Reference) -> QuestionnaireResponse:
    """Return the answers in the order of asking; in progress when the caller hung up or is still there."""
    ruleset = case.ruleset
    return QuestionnaireResponse(
        id=case.id_of("QuestionnaireResponse"),
        contained=[anonymous_caller()],
        questionnaire=f"{questionnaire_url(ruleset)}|{ruleset.version}",
        status="in-progress" if case.cut_short else "completed",
        subject=CALLER,
        encounter=encounter,
        authored=case.ended,
        author=LINE,
        source=CALLER,
        item=[_item(case, name) for name in case.questions],
    )


def _item(case: Case, question: str) -> QuestionnaireResponseItem:
    answer = QuestionnaireResponseItemAnswer(valueCoding=ANSWERS[case.answers[question]])
    return QuestionnaireResponseItem(linkId=question, text=case.ruleset.questions[question].text, answer=[answer])
