"""Communication: what was said on the call, line by line. A caller's words that were deleted stay deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.communication import Communication, CommunicationPayload

from voicebot.dialog.events import Channel
from voicebot.exports.fhir.codes import CALLER, HL7, anonymous_caller

if TYPE_CHECKING:
    from fhir.resources.R4B.reference import Reference

    from voicebot.calls.transcript import Spoken
    from voicebot.exports.fhir.case import Case


PHONE = Coding(system=f"{HL7}/v3-ParticipationMode", code="PHONE", display="telephone")
WEB_FORM = Coding(system=f"{HL7}/v3-ParticipationMode", code="ONLINEWRIT", display="online written")


def communication(case: Case, encounter: Reference) -> Communication:
    """Return both sides of the call in their order; sender and recipient are left out, as both spoke."""
    medium = WEB_FORM if case.channel is Channel.WEB else PHONE
    return Communication(
        id=case.id_of("Communication"),
        contained=[anonymous_caller()],
        status="completed" if case.over else "in-progress",
        medium=[CodeableConcept(coding=[medium])],
        subject=CALLER,
        encounter=encounter,
        sent=case.started,
        received=case.ended if case.over else None,
        payload=[CommunicationPayload(contentString=_words(line)) for line in case.lines] or None,
    )


def _words(line: Spoken) -> str:
    if line.text is None:
        return f"{line.speaker}: [words deleted, taken for: {line.meaning or 'not understood'}]"
    return f"{line.speaker}: {line.text}"
