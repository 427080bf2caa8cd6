"""Encounter: that there was a call (or a web form was filled in), when, and where it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.encounter import Encounter

from voicebot.dialog.events import Channel
from voicebot.exports.fhir.codes import CALLER, HL7, OWN, SNOMED_CT, anonymous_caller

if TYPE_CHECKING:
    from voicebot.exports.fhir.case import Case


TELEPHONE = {"coding": [{"system": SNOMED_CT, "code": "185317003", "display": "Telephone encounter"}]}
WEB_FORM = {"text": "Web form"}


def encounter(case: Case) -> Encounter:
    """Return the call as a virtual encounter; its end stays open while the call runs.

    Parsed rather than built field by field: FHIR has a field `class`, which is a word of Python.
    """
    ended = {"end": case.ended} if case.over else {}
    outcome = [{"url": f"{OWN}:outcome", "valueCode": str(case.record.outcome)}] if case.over else None
    return Encounter.model_validate(
        {
            "id": case.id_of("Encounter"),
            "contained": [anonymous_caller()],
            "extension": outcome,
            "identifier": [{"system": f"{OWN}:call", "value": case.call_id}],
            "status": "finished" if case.over else "in-progress",
            "class": {"system": f"{HL7}/v3-ActCode", "code": "VR", "display": "virtual"},
            "type": [WEB_FORM if case.channel is Channel.WEB else TELEPHONE],
            "subject": CALLER,
            "period": {"start": case.started, **ended},
        }
    )
