import json

from tests.triage.caller_answers import NO, NOT_ASKED, UNKNOWN, YES
from voicebot.triage import decide
from voicebot.triage.trace import trace

ANSWERS = {"saddle": YES, "fever": UNKNOWN, "back_pain": YES, "trauma": NO}


def test_every_rule_is_there_with_what_it_saw(ruleset):
    traced = trace(ruleset, ANSWERS).to_json()
    assert [rule["id"] for rule in traced] == [rule.id for rule in ruleset.rules]
    by_id = {rule["id"]: rule for rule in traced}
    assert by_id["cauda-saddle"] == {
        "id": "cauda-saddle",
        "level": 4,
        "fired": True,
        "gives": 4,
        "conditions": [{"question": "saddle", "answer": "yes"}],
    }
    assert by_id["infection-with-back-pain"] == {
        "id": "infection-with-back-pain",
        "level": 4,
        "fired": True,
        "gives": 3,
        "conditions": [{"question": "fever", "answer": "unknown"}, {"question": "back_pain", "answer": "yes"}],
    }
    assert by_id["after-injury"]["conditions"] == [{"question": "trauma", "answer": str(NO)}]
    assert by_id["fainted"]["conditions"] == [{"question": "faint", "answer": str(NOT_ASKED)}]
    assert not by_id["after-injury"]["fired"]


def test_the_trace_fires_exactly_what_the_decision_names(ruleset):
    for answers in ({}, ANSWERS, {"sit": YES}):
        fired = [rule["id"] for rule in trace(ruleset, answers).to_json() if rule["fired"]]
        assert sorted(fired) == sorted(rule.id for rule in decide(ruleset, answers).rules)


def test_as_text_it_reads_one_line_a_rule(ruleset):
    lines = trace(ruleset, ANSWERS).to_text().splitlines()
    assert len(lines) == len(ruleset.rules)
    assert "fired 4  cauda-saddle: saddle yes" in lines
    assert "      -  after-injury: trauma no" in lines


def test_the_same_answers_give_the_same_bytes(ruleset):
    backwards = dict(reversed(ANSWERS.items()))
    first, second = (json.dumps(trace(ruleset, answers).to_json()) for answers in (ANSWERS, backwards))
    assert first == second
