import json

import pytest

from voicebot.cli import run


@pytest.fixture
def answers(tmp_path):
    def write(text):
        path = tmp_path / "answers.json"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_json_and_nothing_else_goes_to_stdout(answers, capsys):
    assert run(["triage", answers('{"saddle": "yes", "sit": "no"}'), "--json"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert (decision["urgency"], decision["level"], decision["destinations"]) == (4, "emergency_room", ["er"])
    assert set(decision) == {
        "urgency", "level", "destinations", "live_person", "urgency_if_no_person", "complete", "rules", "ruleset",
        "next_question", "left_for_staff",
    }  # fmt: skip


def test_what_staff_should_still_ask_is_told(answers, capsys):
    assert run(["triage", answers('{"sit": "yes"}')]) == 0
    assert "Left for staff to ask: night_pain, chemo_med" in capsys.readouterr().out


def test_ids_of_earlier_versions_are_accepted(answers, capsys):
    assert run(["triage", answers('{"bladder": "yes", "leaks_pee": "no", "face_speech": "no"}'), "--json"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert decision["urgency"] == 4
    assert {"id": "cauda-leaks-pee", "level": 4, "because": {"leaks_pee": "yes"}} in decision["rules"]


def test_standard_input_is_read(monkeypatch, capsys, tmp_path):
    piped = tmp_path / "piped.json"
    piped.write_text('{"face_speech": "unknown"}')
    with piped.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert run(["triage", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["live_person"] is True


def test_for_people_the_reasons_and_the_trace_are_printed(answers, capsys):
    assert run(["triage", answers('{"saddle": "declined"}')]) == 0
    said = capsys.readouterr().out
    assert "Urgency 3 (same_day), to nurse." in said
    assert "a person must talk with the caller, or else emergency_room" in said
    assert "fired 3  cauda-saddle: saddle declined" in said
    assert "Next question: face_droop." in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"sadle": "yes"}', "no question 'sadle'"),
        ('{"saddle": "Yes"}', "The answer to saddle is none of yes, no"),
        ('{"saddle": true}', "The answer to saddle is none of"),
        ('{"saddle": "yes", "saddle": "no"}', "answered twice"),
        ("{saddle: yes}", "no JSON (line 1)"),
        ("[]", "no JSON object"),
        ("", "no JSON"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(answers, capsys, text, says):
    assert run(["triage", answers(text), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_a_missing_file_is_exit_2(tmp_path, capsys):
    assert run(["triage", str(tmp_path / "nowhere.json")]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def test_another_rule_set_can_be_named(answers, tmp_path, capsys):
    broken = tmp_path / "mine.yaml"
    broken.write_text("id: mine\n")
    assert run(["triage", answers("{}"), "--rules", str(broken)]) == 2
    assert f"{broken}:1: `version` is missing" in capsys.readouterr().err
