"""How our closed sets are written in FHIR: code systems, codes, names. Nothing about a single call.

Our own systems are names, not addresses: nothing answers there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.humanname import HumanName
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.reference import Reference

from voicebot.triage.answers import Answer
from voicebot.triage.levels import Destination, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.ruleset import RuleSet

OWN = "urn:voicebot"
HL7 = "http://terminology.hl7.org/CodeSystem"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED_CT = "http://snomed.info/sct"

ANSWERS: Mapping[Answer, Coding] = {
    Answer.YES: Coding(system=f"{HL7}/v2-0532", code="Y", display="Yes"),
    Answer.NO: Coding(system=f"{HL7}/v2-0532", code="N", display="No"),
    Answer.UNKNOWN: Coding(system=f"{HL7}/v2-0532", code="ASKU", display="asked but unknown"),
    Answer.DECLINED: Coding(system=f"{HL7}/data-absent-reason", code="asked-declined", display="Asked But Declined"),
    Answer.NOT_ASKED: Coding(system=f"{HL7}/v2-0532", code="NASK", display="not asked"),
}
"""Source: HL7 table 0532 (expanded yes/no indicator), which has no word for "declined"; FHIR's own set has."""

PRIORITIES: Mapping[Urgency, str] = {
    Urgency.CALL_911: "stat",
    Urgency.EMERGENCY_ROOM: "stat",
    Urgency.SAME_DAY: "asap",
    Urgency.PRIMARY_CARE: "urgent",
    Urgency.SPINE_SCHEDULING: "routine",
    Urgency.SELF_CARE: "routine",
}
"""Source: FHIR R4 request-priority."""

LINE = Reference(type="Device", display="voicebot, the clinic's automated telephone line")
CALLER = Reference(reference="#caller")


def anonymous_caller() -> Patient:
    """Return the caller as far as the line knows them: a voice. The line asks for no name."""
    absent = Extension(url="http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode="not-asked")
    return Patient(id="caller", name=[HumanName(extension=[absent])])


def level_concept(urgency: Urgency) -> CodeableConcept:
    """Return an urgency level as a code of our own."""
    words = urgency.label.replace("_", " ")
    return CodeableConcept(coding=[Coding(system=f"{OWN}:level", code=urgency.label, display=words)])


def destination_concept(destination: Destination) -> CodeableConcept:
    """Return who can help as a code of our own."""
    words = destination.replace("_", " ")
    return CodeableConcept(coding=[Coding(system=f"{OWN}:destination", code=str(destination), display=words)])


def questionnaire_url(ruleset: RuleSet) -> str:
    """Return the name of the questionnaire, the same for every version of the rule set."""
    return f"{OWN}:questionnaire:{ruleset.id}"


def ruleset_url(ruleset: RuleSet, *version: str) -> str:
    """Return the name of the rule set, the same for every version of it unless one is given."""
    return ":".join((OWN, "ruleset", ruleset.id, *version))
