"""GuidanceResponse: the rules that fired and what each considers; the only place of the rules' ICD-10-CM codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.guidanceresponse import GuidanceResponse

from voicebot.exports.fhir.codes import CALLER, ICD_10_CM, LINE, OWN, anonymous_caller, ruleset_url

if TYPE_CHECKING:
    from fhir.resources.R4B.reference import Reference

    from voicebot.exports.fhir.case import Case
    from voicebot.triage.file_format import Rule


def guidance(case: Case, encounter: Reference) -> GuidanceResponse | None:
    """Return what the rules said; None when they never decided. Data is requested while a red flag is still open."""
    if case.record.decision is None:
        return None
    rules = {rule.id: rule for rule in case.ruleset.rules}
    fired = case.record.decision["rules"]
    return GuidanceResponse(
        id=case.id_of("GuidanceResponse"),
        contained=[anonymous_caller()],
        moduleUri=ruleset_url(case.ruleset, case.ruleset.version),
        status="success" if case.record.decision["complete"] else "data-requested",
        subject=CALLER,
        encounter=encounter,
        occurrenceDateTime=case.ended,
        performer=LINE,
        reasonCode=[_fired(case, rules[rule["id"]], rule["level"]) for rule in fired],
        note=[Annotation(text=case.ruleset.notice)],
    )


def _fired(case: Case, rule: Rule, level: int) -> CodeableConcept:
    """Return a fired rule; the causes it considers hang on the rule as extensions and are no codes of the caller."""
    considered = [
        Extension(url=f"{OWN}:considered-not-diagnosed", valueCoding=Coding(system=ICD_10_CM, code=code))
        for code in rule.icd10
    ]
    return CodeableConcept(
        extension=[Extension(url=f"{OWN}:urgency", valueInteger=level), *considered],
        coding=[Coding(system=ruleset_url(case.ruleset), version=case.ruleset.version, code=rule.id)],
        text=rule.spoken,
    )
