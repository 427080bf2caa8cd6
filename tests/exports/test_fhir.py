from __future__ import annotations

import json
import sys
from dataclasses import replace
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calls.given import held
from tests.exports.fhir_calls import ALL_NO, SMALL, TEXT, decided_call, resources, snapshot, stored
from voicebot.dialog.events import Channel, Connected, HungUp, SecondThought
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.exports.fhir import to_fhir
from voicebot.exports.fhir.case import read_case
from voicebot.triage import Answer, decide

some_answers = st.fixed_dictionaries({}, optional=dict.fromkeys(SMALL.questions, st.sampled_from(list(Answer))))


def references(value):
    """Yield every reference in a resource."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        yield from (found for child in value.values() for found in references(child))
    elif isinstance(value, list):
        yield from (found for child in value for found in references(child))


@settings(max_examples=20, deadline=None)
@given(some_answers)
def test_any_answers_make_a_bundle_that_is_sound_and_says_what_the_engine_says(answers):
    written = to_fhir(decided_call(answers), {})
    bundle = json.loads(written)
    assert json.loads(Bundle.model_validate_json(written).model_dump_json()) == bundle
    holds_together(bundle)
    made = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    answers_every_question(made["Questionnaire"], made["QuestionnaireResponse"])
    agrees(decide(SMALL, answers), made["GuidanceResponse"], made.get("ServiceRequest"))


def holds_together(bundle):
    here = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(here) == len(bundle["entry"])
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        assert UUID(resource["id"]).version == 5
        contained = {f"#{inner['id']}" for inner in resource.get("contained", ())}
        assert set(references(resource)) <= here | contained


def answers_every_question(asked, told):
    assert told["questionnaire"] == f"{asked['url']}|{asked['version']}"
    assert [item["linkId"] for item in told["item"]] == [item["linkId"] for item in asked["item"]]
    for question, answered in zip(asked["item"], told["item"], strict=True):
        (answer,) = answered["answer"]
        assert answer in question["answerOption"]


def agrees(decision, guidance, proposal):
    fired = [reason["coding"][0]["code"] for reason in guidance["reasonCode"]]
    assert fired == [rule.id for rule in decision.rules]
    assert (proposal is None) == (decision.urgency == 0)
    if proposal:
        assert proposal["code"]["coding"][0]["code"] == decision.level
        assert [category["coding"][0]["code"] for category in proposal["category"]] == list(decision.destinations)


def test_a_call_of_the_real_dialog_is_told_whole(ruleset):
    made = resources(held(ruleset, hang_up_after=1000))
    assert set(made) >= {"Questionnaire", "QuestionnaireResponse", "Encounter", "Communication", "Provenance"}
    assert {item["linkId"] for item in made["Questionnaire"]["item"]} == set(ruleset.questions)


def test_equal_calls_give_equal_bytes_and_other_calls_other_ids():
    call = decided_call({"saddle": "yes"})
    assert to_fhir(call, {}) == to_fhir(decided_call({"saddle": "yes"}), {})
    one, other = resources(call), resources(replace(call, call_id="call-2"))
    same = {name for name in one if one[name]["id"] == other[name]["id"]}
    assert same == {"Questionnaire"}


def test_advice_that_was_cut_as_its_answer_was_taken_back_is_not_told():
    messages = [entry.message for entry in decided_call(ALL_NO, "advice.call_911").entries]
    assert read_case(stored(messages), {}).urgency == 5
    back = [*messages[:-1], SecondThought(9000, Meaning.NO, 0.98, "no"), HungUp(20_000)]
    case = read_case(stored(back), {})
    assert (case.urgency, case.destinations, case.cut_short) == (None, (), True)
    assert to_fhir(stored(back), {})


def test_advice_about_a_patient_for_whom_another_calls_is_the_same_advice():
    assert read_case(decided_call(ALL_NO, "patient.advice.call_911"), {}).urgency == 5


def test_an_old_call_is_told_by_its_own_rules():
    old = TEXT.replace("version: 0.1.0", "version: 0.0.9").replace("wipe or sit?", "sit?")
    made = resources(decided_call({"saddle": "yes"}, ruleset=snapshot(old)))
    assert made["QuestionnaireResponse"]["questionnaire"].endswith("|0.0.9")
    texts = {item["linkId"]: item["text"] for item in made["Questionnaire"]["item"]}
    assert texts["saddle"] == "Do you have new numbness between your legs, where you sit?"
    assert made["Questionnaire"]["id"] != resources(decided_call({"saddle": "yes"}))["Questionnaire"]["id"]


def test_the_origin_names_the_rules_to_the_byte_and_everything_made_by_them():
    made = resources(decided_call({"saddle": "yes"}))
    origin = made["Provenance"]
    rules, record = (entity["what"] for entity in origin["entity"])
    assert rules["identifier"]["value"] == SMALL.sha256
    assert rules["display"] == "rule set small 0.1.0"
    assert record["identifier"]["value"] == "call-1"
    assert origin["policy"] == ["urn:voicebot:ruleset:small:0.1.0"]
    others = {f"urn:uuid:{resource['id']}" for name, resource in made.items() if name != "Provenance"}
    assert {target["reference"] for target in origin["target"]} == others


def test_rules_nobody_approved_are_a_draft_and_approved_ones_are_not():
    made = resources(decided_call(ALL_NO))["Questionnaire"]
    assert (made["status"], made["experimental"]) == ("draft", True)
    signed = TEXT.replace("approver: null", "approver: A. Clinician").replace(
        "approved_on: null", "approved_on: 2026-11-01"
    )
    made = resources(decided_call(ALL_NO, ruleset=snapshot(signed)))["Questionnaire"]
    assert (made["status"], made["experimental"], made["approvalDate"]) == ("active", False, "2026-11-01")


def test_the_caller_has_no_name_anywhere():
    for resource in resources(decided_call({"saddle": "yes"})).values():
        for caller in resource.get("contained", ()):
            assert caller["resourceType"] == "Patient"
            assert caller["name"] == [
                {
                    "extension": [
                        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "not-asked"}
                    ]
                }
            ]


def test_causes_stand_with_the_rule_and_nowhere_else():
    made = resources(decided_call({"saddle": "yes"}))
    (fired,) = made.pop("GuidanceResponse")["reasonCode"]
    assert [code["valueCoding"]["code"] for code in fired["extension"] if "valueCoding" in code] == ["G83.4"]
    assert "icd-10" not in json.dumps(made)


def test_without_the_library_the_remedy_is_told(monkeypatch):
    for name in list(sys.modules):
        if name.startswith(("fhir.", "voicebot.exports.fhir.")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fhir", None)
    with pytest.raises(VoicebotError, match=r"pip install 'voicebot\[fhir\]'") as raised:
        to_fhir(decided_call({}), {})
    assert (raised.value.code, raised.value.exit_code) == ("fhir_missing", 3)


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (stored([Connected(0, Channel.TEXT)]), "start"),
        (decided_call({}, ruleset=snapshot(TEXT.replace("version: 0.1.0", "version: first draft"))), "questionnaire"),
        (decided_call({"saddle": "yes"}, ruleset=snapshot(TEXT.replace("[G83.4]", "[' ']"))), r"Coding\.code"),
    ],
    ids=["no start", "a version that fits no address", "an empty code"],
)
def test_what_cannot_be_told_is_refused(call, place):
    with pytest.raises(VoicebotError, match=place) as raised:
        to_fhir(call, {})
    assert raised.value.code == "fhir_impossible"
