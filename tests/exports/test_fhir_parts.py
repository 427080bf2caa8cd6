from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.calls.given import held
from tests.exports.fhir_calls import ALL_NO, decided_call, resources, stored
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard, HungUp
from voicebot.dialog.meaning import Meaning

V2 = "http://terminology.hl7.org/CodeSystem/v2-0532"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
TASK = "Task"
STARTED = CallStarted(0, "2026-11-22T12:00:00+00:00", "", "", "")
CONNECTED = Connected(0, Channel.STREAM)


@pytest.mark.parametrize(
    ("answer", "system", "code"),
    [
        ("yes", V2, "Y"),
        ("no", V2, "N"),
        ("unknown", V2, "ASKU"),
        ("not_asked", V2, "NASK"),
        ("declined", ABSENT, "asked-declined"),
    ],
)
def test_each_answer_has_its_code(answer, system, code):
    told = resources(decided_call({"saddle": answer}))["QuestionnaireResponse"]
    (item,) = [item for item in told["item"] if item["linkId"] == "saddle"]
    (found,) = item["answer"]
    assert set(found) == {"valueCoding"}
    assert (found["valueCoding"]["system"], found["valueCoding"]["code"]) == (system, code)


@pytest.mark.parametrize(
    ("question", "level", "priority"),
    [
        ("face_speech", "call_911", "stat"),
        ("saddle", "emergency_room", "stat"),
        ("foot_sore", "same_day", "asap"),
        ("night_pain", "primary_care", "urgent"),
        ("sit", "spine_scheduling", "routine"),
    ],
)
def test_each_level_has_its_priority(question, level, priority):
    proposal = resources(decided_call(ALL_NO | {question: "yes"}))["ServiceRequest"]
    assert (proposal["code"]["coding"][0]["code"], proposal["priority"]) == (level, priority)
    assert proposal["intent"] == "proposal"


def test_self_care_asks_for_no_service():
    assert "ServiceRequest" not in resources(decided_call(ALL_NO))


def test_whoever_calls_it_an_emergency_is_urgent_whatever_was_decided():
    call = decided_call({"sit": "yes"}, "emergency.heard", "advice.call_911")
    proposal = resources(call)["ServiceRequest"]
    assert (proposal["priority"], proposal["code"]["coding"][0]["code"]) == ("stat", "call_911")
    where = [category["coding"][0]["code"] for category in proposal["category"]]
    assert "ems" in where
    assert "spine" not in where
    assert proposal["reasonCode"][0]["text"] == "The caller said that this is an emergency."


def test_a_telephone_encounter_tells_when_and_how_it_ended():
    encounter = resources(decided_call({"saddle": "yes"}))["Encounter"]
    assert (encounter["class"]["code"], encounter["type"][0]["coding"][0]["code"]) == ("VR", "185317003")
    assert encounter["period"] == {"start": "2026-11-22T12:00:00Z", "end": "2026-11-22T12:01:05.250000Z"}
    assert (encounter["status"], encounter["extension"][0]["valueCode"]) == ("finished", "emergency_room")


def test_a_web_form_is_no_telephone_call():
    made = resources(decided_call({"saddle": "yes"}, channel=Channel.WEB))
    assert made["Encounter"]["type"] == [{"text": "Web form"}]
    assert made["Communication"]["medium"][0]["coding"][0]["code"] == "ONLINEWRIT"


def test_what_was_said_is_told_in_order():
    said = resources(decided_call({"saddle": "yes"}))["Communication"]
    assert said["medium"][0]["coding"][0]["code"] == "PHONE"
    words = [payload["contentString"] for payload in said["payload"]]
    assert words == ["line: Good day.", "caller: canary", "line: [advice.emergency_room]"]


def test_deleted_words_stay_deleted_and_what_they_meant_stays():
    made = resources(decided_call({"saddle": "yes"}, words=None))
    assert "canary" not in json.dumps(made)
    assert made["Communication"]["payload"][1]["contentString"] == "caller: [words deleted, taken for: yes]"


def test_who_hangs_up_leaves_the_questions_in_progress_and_is_called_back(ruleset):
    made = resources(held(ruleset, hang_up_after=5))
    assert made["QuestionnaireResponse"]["status"] == "in-progress"
    assert made["Encounter"]["status"] == "finished"
    assert not {"ServiceRequest", "GuidanceResponse"} & set(made)
    assert made[TASK]["priority"] == "asap"
    assert made[TASK]["description"].startswith("The caller left before the questions came to an end.")
    open_ones = {asked["valueCoding"]["code"] for asked in made[TASK]["input"]}
    told = {item["linkId"]: item["answer"][0]["valueCoding"]["code"] for item in made["QuestionnaireResponse"]["item"]}
    assert "N" in told.values()
    assert {told[question] for question in open_ones} == {"NASK"}


def test_who_hangs_up_at_once_is_called_back_and_asked_from_the_beginning(ruleset):
    left = resources(held(ruleset, hang_up_after=0))[TASK]
    assert left["priority"] == "asap"
    assert "input" not in left


def test_a_stroke_sign_not_cleared_before_the_caller_left_cannot_wait():
    unsure = [Heard(at_ms, Meaning.UNSURE, 0.98) for at_ms in (8000, 12000)]
    made = resources(stored([STARTED, CONNECTED, Heard(4000, Meaning.YES, 0.98), *unsure, HungUp(13000)]))
    assert made["QuestionnaireResponse"]["item"][0]["linkId"] == "face_speech"
    assert made["QuestionnaireResponse"]["item"][0]["answer"][0]["valueCoding"]["code"] == "ASKU"
    assert made[TASK]["priority"] == "stat"


def test_a_running_call_leaves_nothing_to_staff_yet(ruleset):
    call = held(ruleset, hang_up_after=5)
    made = resources(replace(call, entries=call.entries[:-1]))
    assert made["Encounter"]["status"] == made["Communication"]["status"] == "in-progress"
    assert made["QuestionnaireResponse"]["status"] == "in-progress"
    assert "end" not in made["Encounter"]["period"]
    assert TASK not in made


@pytest.mark.parametrize("bladder", ["no", "not_asked"])
def test_a_complete_call_leaves_nothing_to_staff(bladder):
    made = resources(decided_call(ALL_NO | {"saddle": "yes", "bladder": bladder}))
    assert TASK not in made
    assert made["GuidanceResponse"]["status"] == "success"


@pytest.mark.parametrize(
    ("answers", "left", "priority"),
    [
        (ALL_NO | {"sit": "yes", "night_pain": "not_asked"}, ["night_pain"], "routine"),
        (ALL_NO | {"sit": "yes", "rash": "not_asked"}, ["rash"], "asap"),
        (ALL_NO | {"night_pain": "yes", "sit": "not_asked"}, ["sit"], "urgent"),
        (ALL_NO | {"rash": "unknown"}, ["rash"], "asap"),
        (ALL_NO | {"saddle": "unknown"}, ["saddle"], "asap"),
        (ALL_NO | {"face_speech": "declined"}, ["face_speech"], "stat"),
    ],
    ids=["primary care", "same day", "someone else besides", "unknown", "unknown and graver", "declined stroke sign"],
)
def test_what_is_open_is_left_for_staff(answers, left, priority):
    made = resources(decided_call(answers))[TASK]
    assert [asked["valueCoding"]["code"] for asked in made["input"]] == left
    assert made["priority"] == priority


def test_data_is_requested_while_a_red_flag_is_open():
    made = resources(decided_call(ALL_NO | {"saddle": "not_asked"}))
    assert made["GuidanceResponse"]["status"] == "data-requested"


def test_talk_of_suicide_cannot_wait():
    left = resources(decided_call(ALL_NO, "suicide.heard"))[TASK]
    assert (left["priority"], left["description"]) == ("stat", "The caller spoke of suicide.")


def test_whom_nobody_took_over_is_called_back_the_same_day():
    left = resources(decided_call(ALL_NO | {"sit": "yes"}, "transfer.nobody"))[TASK]
    assert (left["priority"], left["description"]) == ("asap", "Nobody took over the call.")
