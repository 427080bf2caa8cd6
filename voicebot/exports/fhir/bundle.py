"""Bundle: the resources of one call put together, checked, and written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fhir.resources.R4B.bundle import Bundle, BundleEntry
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference
from pydantic import ValidationError

from voicebot.errors import VoicebotError
from voicebot.exports.fhir.case import Case, read_case
from voicebot.exports.fhir.checks import wrong_codes
from voicebot.exports.fhir.codes import OWN
from voicebot.exports.fhir.communication import communication
from voicebot.exports.fhir.encounter import encounter
from voicebot.exports.fhir.guidance import guidance
from voicebot.exports.fhir.provenance import provenance
from voicebot.exports.fhir.questionnaire import questionnaire
from voicebot.exports.fhir.request import service_request
from voicebot.exports.fhir.response import response
from voicebot.exports.fhir.task import task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir.resources.R4B.resource import Resource

    from voicebot.calls.document import StoredCall


def bundle_json(call: StoredCall, texts: Mapping[str, str]) -> str:
    """Return the call as one line of JSON; see `voicebot.exports.fhir.to_fhir`."""
    case = read_case(call, texts)
    try:
        written = bundle(case).model_dump_json()
    except ValidationError as error:
        places = sorted(
            {".".join((error.title, *map(str, found["loc"]))) for found in error.errors(include_input=False)}
        )
        raise _impossible(places) from None
    if wrong := wrong_codes(json.loads(written)):
        raise _impossible(wrong)
    return written


def bundle(case: Case) -> Bundle:
    """Return every resource of the call; they refer to each other by the ids they have here."""
    call = encounter(case)
    answers = response(case, _to(call))
    fired = guidance(case, _to(call))
    proposal = service_request(case, _to(call), [_to(made) for made in (answers, fired) if made])
    left = task(case, _to(call), _to(proposal or answers))
    made: list[Resource] = [questionnaire(case), call, answers, communication(case, _to(call))]
    made += [resource for resource in (fired, proposal, left) if resource]
    made.append(provenance(case, [_to(resource) for resource in made]))
    return Bundle(
        id=case.id_of("Bundle"),
        type="collection",
        identifier=Identifier(system=f"{OWN}:call", value=case.call_id),
        timestamp=case.ended,
        entry=[BundleEntry(fullUrl=_to(resource).reference, resource=resource) for resource in made],
    )


def _to(resource: Resource) -> Reference:
    return Reference(reference=f"urn:uuid:{resource.id}")


def _impossible(places: list[str]) -> VoicebotError:
    return VoicebotError(
        "fhir_impossible",
        f"The call cannot be told in FHIR: see {', '.join(places)}.",
        "Mend the rule set if it is named there, or report this.",
    )
