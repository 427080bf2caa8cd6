"""Questionnaire: every question of the rule set and the answers it can have. The same for all calls by these rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.questionnaire import Questionnaire, QuestionnaireItem, QuestionnaireItemAnswerOption

from voicebot.exports.fhir.codes import ANSWERS, OWN, questionnaire_url

if TYPE_CHECKING:
    from voicebot.exports.fhir.case import Case
    from voicebot.triage.ruleset import Question


def questionnaire(case: Case) -> Questionnaire:
    """Return the questions in the order of asking.

    Follow-ups carry no enableWhen: it takes a missing answer for "no", and every question has an answer here, "not
    asked" included.
    """
    ruleset = case.ruleset
    return Questionnaire(
        id=case.questionnaire_id,
        url=questionnaire_url(ruleset),
        version=ruleset.version,
        identifier=[Identifier(system=f"{OWN}:sha256", value=ruleset.sha256)],
        title=ruleset.title,
        status="active" if ruleset.approved else "draft",
        experimental=not ruleset.approved,
        approvalDate=ruleset.approval.approved_on,
        description=ruleset.notice,
        publisher=ruleset.approval.author,
        subjectType=["Patient"],
        item=[_item(ruleset.questions[name]) for name in case.questions],
    )


def _item(question: Question) -> QuestionnaireItem:
    options = [QuestionnaireItemAnswerOption(valueCoding=coding) for coding in ANSWERS.values()]
    return QuestionnaireItem(linkId=question.id, text=question.text, type="choice", answerOption=options)
