from __future__ import annotations

import json

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle

from tests.exports.fhir_calls import ALL_NO, decided_call
from voicebot.errors import VoicebotError
from voicebot.exports.fhir import request, to_fhir
from voicebot.exports.fhir.checks import CODES, CODINGS, wrong_codes

CALL = decided_call(ALL_NO | {"face_speech": "declined", "saddle": "yes", "sit": "not_asked"})
GOOD = to_fhir(CALL, {})
WORDS = sorted(CODES.keys() - {"Questionnaire.subjectType", "QuestionnaireResponse.item.answer.valueBoolean"})


def places(value, path, wanted):
    """Yield (holder, key) of every element at the path `wanted`."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if path == wanted and not isinstance(item, dict):
                yield value, index
            yield from places(item, path, wanted)
    elif isinstance(value, dict):
        path = value.get("resourceType", path)
        for name, child in value.items():
            if f"{path}.{name}" == wanted:
                yield from ((item, "code") for item in child) if isinstance(child, list) else [(value, name)]
            yield from places(child, f"{path}.{name}", wanted)


def test_what_is_exported_is_right():
    assert wrong_codes(json.loads(GOOD)) == []


@pytest.mark.parametrize("path", WORDS)
def test_a_wrong_word_is_found_where_the_library_sees_none(path):
    bundle = json.loads(GOOD)
    found = list(places(bundle, "", path))
    assert found, "every checked element is in the bundle"
    holder, key = found[-1]
    holder[key] = "bogus"
    assert Bundle.model_validate(bundle)
    assert wrong_codes(bundle) == [path]


@pytest.mark.parametrize("key", ["system", "code"])
@pytest.mark.parametrize("path", sorted(CODINGS))
def test_a_wrong_coding_is_found(path, key):
    bundle = json.loads(GOOD)
    holder, name = next(places(bundle, "", path))
    (holder if name == "code" else holder[name])[key] = "bogus"
    assert wrong_codes(bundle) == [path]


def test_a_subject_that_is_no_patient_is_found():
    bundle = json.loads(GOOD)
    bundle["entry"][0]["resource"]["subjectType"] = ["Device"]
    assert wrong_codes(bundle) == ["Questionnaire.subjectType"]


def test_a_bare_boolean_is_no_answer():
    bundle = json.loads(GOOD)
    bundle["entry"][2]["resource"]["item"][0]["answer"] = [{"valueBoolean": False}]
    assert Bundle.model_validate(bundle)
    assert wrong_codes(bundle) == ["QuestionnaireResponse.item.answer.valueBoolean"]


@pytest.mark.parametrize("entry", json.loads(GOOD)["entry"], ids=lambda entry: entry["resource"]["resourceType"])
def test_every_closed_set_the_library_tells_of_is_checked_in_full(entry):
    kind = entry["resource"]["resourceType"]
    for name, field in get_fhir_model_class(kind).model_fields.items():
        told = set((field.json_schema_extra or {}).get("enum_values", ()))
        if told and name in entry["resource"]:
            assert CODES[f"{kind}.{name}"] >= told - {"+"}, "a plus stands for more that it does not tell"


def test_a_slip_in_the_program_never_leaves_it(monkeypatch):
    monkeypatch.setattr(request, "PRIORITIES", dict.fromkeys(request.PRIORITIES, "quickly"))
    with pytest.raises(VoicebotError, match=r"ServiceRequest\.priority") as raised:
        to_fhir(CALL, {})
    assert raised.value.code == "fhir_impossible"
