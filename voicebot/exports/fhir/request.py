"""ServiceRequest: what the line proposes, how soon and by whom. A proposal for staff, never an order or a diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.servicerequest import ServiceRequest

from voicebot.exports.fhir.codes import (
    CALLER,
    LINE,
    PRIORITIES,
    anonymous_caller,
    destination_concept,
    level_concept,
)
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from fhir.resources.R4B.reference import Reference

    from voicebot.exports.fhir.case import Case

EMERGENCY = "The caller said that this is an emergency."


def service_request(case: Case, encounter: Reference, because: list[Reference]) -> ServiceRequest | None:
    """Return the proposal; None when nothing was decided or advised, and for self-care, which asks for no service.

    The reasons are words: the rules' ICD-10-CM codes are causes considered, and would read here as diagnoses.
    """
    urgency = case.urgency
    if urgency is None or urgency is Urgency.SELF_CARE:
        return None
    return ServiceRequest(
        id=case.id_of("ServiceRequest"),
        contained=[anonymous_caller()],
        status="active",
        intent="proposal",
        priority=PRIORITIES[urgency],
        category=[destination_concept(destination) for destination in case.destinations],
        code=level_concept(urgency),
        subject=CALLER,
        encounter=encounter,
        authoredOn=case.ended,
        requester=LINE,
        reasonCode=[CodeableConcept(text=reason) for reason in _reasons(case)] or None,
        supportingInfo=because,
        note=[Annotation(text=case.ruleset.notice)],
    )


def _reasons(case: Case) -> list[str]:
    spoken = {rule.id: rule.spoken for rule in case.ruleset.rules}
    said = [EMERGENCY] if "emergency.heard" in case.said else []
    return said + [spoken[rule] for rule in case.record.rules]
