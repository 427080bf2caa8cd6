"""The codes that FHIR requires, checked by ourselves: the library takes any word for a status.

Value sets are those of FHIR R4 (4.0.1), which R4B leaves as they are; of code systems, the codes that we use. Written
out here a second time, so that a slip elsewhere is found and not repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REQUEST_PRIORITY = frozenset({"routine", "urgent", "asap", "stat"})
_REQUEST_INTENT = frozenset(
    {
        "proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option",
    }
)  # fmt: skip
_REQUEST_STATUS = frozenset({"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"})

CODES: Mapping[str, frozenset[str]] = {
    "Bundle.type": frozenset(
        {
            "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history",
            "searchset", "collection",
        }
    ),
    "Communication.status": frozenset(
        {
            "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
        }
    ),
    "Encounter.status": frozenset(
        {
            "planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error",
            "unknown",
        }
    ),
    "GuidanceResponse.status": frozenset(
        {"success", "data-requested", "data-required", "in-progress", "failure", "entered-in-error"}
    ),
    "Patient.name.extension.valueCode": frozenset({"not-asked", "asked-unknown", "asked-declined", "unknown"}),
    "Provenance.entity.role": frozenset({"derivation", "revision", "quotation", "source", "removal"}),
    "Questionnaire.item.type": frozenset(
        {
            "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url",
            "choice", "open-choice", "attachment", "reference", "quantity",
        }
    ),
    "Questionnaire.status": frozenset({"draft", "active", "retired", "unknown"}),
    "Questionnaire.subjectType": frozenset({"Patient"}),
    "QuestionnaireResponse.item.answer.valueBoolean": frozenset(),
    "QuestionnaireResponse.status": frozenset({"in-progress", "completed", "amended", "entered-in-error", "stopped"}),
    "ServiceRequest.intent": _REQUEST_INTENT | {"directive"},
    "ServiceRequest.priority": _REQUEST_PRIORITY,
    "ServiceRequest.status": _REQUEST_STATUS,
    "Task.intent": _REQUEST_INTENT | {"unknown"},
    "Task.priority": _REQUEST_PRIORITY,
    "Task.status": frozenset(
        {
            "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
            "failed", "completed", "entered-in-error",
        }
    ),
}  # fmt: skip
"""Path of an element -> the words it may hold. A bare yes or no as true or false is never an answer."""

_YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0532"
_MODE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ANSWERS = frozenset(
    {(_YES_NO, "Y"), (_YES_NO, "N"), (_YES_NO, "ASKU"), (_YES_NO, "NASK"), (_ABSENT, "asked-declined")}
)
_LEVELS = ("self_care", "spine_scheduling", "primary_care", "same_day", "emergency_room", "call_911")
_DESTINATIONS = (
    "ems", "er", "nurse", "ob", "oncology", "vascular", "primary_care", "pharmacist", "spine", "self_care",
)  # fmt: skip

CODINGS: Mapping[str, frozenset[tuple[str, str]]] = {
    "Communication.medium.coding": frozenset({(_MODE, "PHONE"), (_MODE, "ONLINEWRIT")}),
    "Encounter.class": frozenset({("http://terminology.hl7.org/CodeSystem/v3-ActCode", "VR")}),
    "Encounter.type.coding": frozenset({("http://snomed.info/sct", "185317003")}),
    "Provenance.agent.type.coding": frozenset(
        {("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "author")}
    ),
    "Questionnaire.item.answerOption.valueCoding": _ANSWERS,
    "QuestionnaireResponse.item.answer.valueCoding": _ANSWERS,
    "ServiceRequest.category.coding": frozenset(("urn:voicebot:destination", code) for code in _DESTINATIONS),
    "ServiceRequest.code.coding": frozenset(("urn:voicebot:level", code) for code in _LEVELS),
}
"""Path of a coding -> the system and code it may hold."""

ADDRESSES = frozenset({"GuidanceResponse.moduleUri", "Provenance.policy", "QuestionnaireResponse.questionnaire"})
"""Paths of addresses that hold the version of a rule set, which a clinic writes as it likes."""


def wrong_codes(resource: Mapping[str, Any]) -> list[str]:
    """Return the path of every code outside its value set and of every address with a gap, in JSON values."""
    return list(_wrong(resource, ""))


def _wrong(value: object, path: str) -> Iterator[str]:
    match value:
        case list():
            for item in value:
                yield from _wrong(item, path)
        case dict():
            path = value.get("resourceType", path)
            if path in CODINGS and (value.get("system"), value.get("code")) not in CODINGS[path]:
                yield path
            for name, child in value.items():
                yield from _wrong(child, f"{path}.{name}")
        case _ if path in CODES and value not in CODES[path]:
            yield path
        case str() if path in ADDRESSES and value.split() != [value]:
            yield path
        case _:
            pass
