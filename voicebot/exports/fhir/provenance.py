"""Provenance: by which rules, to the byte, all this was made. Adds nothing about the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.provenance import Provenance, ProvenanceAgent, ProvenanceEntity
from fhir.resources.R4B.reference import Reference

from voicebot.exports.fhir.codes import HL7, LINE, OWN, ruleset_url

if TYPE_CHECKING:
    from voicebot.exports.fhir.case import Case


def provenance(case: Case, targets: list[Reference]) -> Provenance:
    """Return the origin of the other resources: the line, the rule set with its SHA-256, the call's record.

    `recorded` is when the record ends, not when it was exported, so that equal calls give equal bytes.
    """
    ruleset = case.ruleset
    author = Coding(system=f"{HL7}/provenance-participant-type", code="author", display="Author")
    return Provenance(
        id=case.id_of("Provenance"),
        target=targets,
        occurredPeriod=Period(start=case.started, end=case.ended),
        recorded=case.ended,
        policy=[ruleset_url(ruleset, ruleset.version)],
        agent=[ProvenanceAgent(type=CodeableConcept(coding=[author]), who=LINE)],
        entity=[
            _source(f"{OWN}:sha256", ruleset.sha256, f"rule set {ruleset.id} {ruleset.version}"),
            _source(f"{OWN}:call", case.call_id, "record of the call"),
        ],
    )


def _source(system: str, value: str, display: str) -> ProvenanceEntity:
    return ProvenanceEntity(
        role="source", what=Reference(identifier=Identifier(system=system, value=value), display=display)
    )
