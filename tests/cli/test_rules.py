import json

import pytest

from voicebot import assets
from voicebot.cli import run


@pytest.fixture
def edited(tmp_path):
    def write(before, after):
        text = assets.RULESET.read_text(encoding="utf-8")
        assert text.count(before) == 1
        path = tmp_path / "mine.yaml"
        path.write_text(text.replace(before, after), encoding="utf-8")
        return str(path)

    return write


def test_the_bundled_rule_set_is_sound_and_unapproved(capsys):
    assert run(["rules", "check", str(assets.RULESET)]) == 0
    said = capsys.readouterr().out
    assert "is sound: 57 questions" in said
    assert "No clinician has approved it." in said


def test_a_broken_file_is_told_line_by_line_with_exit_2(edited, capsys):
    path = edited("    all_of: [saddle]\n", "    all_of: [sadle]\n")
    assert run(["rules", "check", path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no question sadle; mend the name or add the question." in err
    assert f"{path}:" in err


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_an_unreadable_file_is_one_sentence_with_exit_2(tmp_path, capsys, content):
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    assert run(["rules", "check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_show_prints_json_and_nothing_else(capsys):
    assert run(["rules", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "one-leg-numbness"
    assert len(shown["questions"]) == 57


def test_show_reads_like_a_page(capsys):
    assert run(["rules", "show"]) == 0
    assert "Rules of level 5, call 911" in capsys.readouterr().out


def test_diff_says_what_changed_in_words(edited, capsys):
    path = edited("text: Do you have back pain?", "text: Does your back ache?")
    assert run(["rules", "diff", str(assets.RULESET), path]) == 0
    said = capsys.readouterr().out
    assert said == 'The question back_pain now asks "Does your back ache?", before "Do you have back pain?"\n'
    assert run(["rules", "diff", path, path]) == 0
    assert capsys.readouterr().out == "Both rule sets say the same.\n"


def test_diff_shows_callers_whose_outcome_changes(edited, capsys):
    path = edited("    all_of: [saddle]\n    level: 4\n", "    all_of: [saddle]\n    level: 3\n")
    assert run(["rules", "diff", str(assets.RULESET), path]) == 0
    said = capsys.readouterr().out
    assert "The rule cauda-saddle falls from level 4 to level 3." in said
    assert "  saddle yes: Urgency goes from 4 (emergency room) to 3 (same day)." in said


def test_page_is_markdown(capsys):
    assert run(["rules", "page"]) == 0
    assert capsys.readouterr().out.startswith("# Numbness in one leg\n")


def test_diagram_is_mermaid(capsys):
    assert run(["rules", "diagram"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD\n")
