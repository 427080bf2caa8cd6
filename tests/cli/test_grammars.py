import json

import pytest

from voicebot.cli import run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "g.yaml").write_text('intents:\n  "no":\n    data:\n      - sentences: ["no[, thank you]"]\n')
    return tmp_path


def test_the_bundled_grammars_are_sound(capsys):
    assert run(["grammars", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["grammars"]["yes_no"] > 500


def test_a_mistake_is_told_with_its_line(capsys, folder):
    (folder / "g.yaml").write_text('intents:\n  "nein": {}\n')
    assert run(["grammars", "check", "--folder", str(folder)]) == 2
    assert f"{folder}/g.yaml:2: unknown meaning 'nein'" in capsys.readouterr().err


def test_a_word_the_model_lacks_is_told(capsys, folder):
    (folder / "g.yaml").write_text('intents:\n  "no":\n    data:\n      - sentences: ["no xyzzy"]\n')
    assert run(["grammars", "check", "--folder", str(folder)]) == 3
    assert "'xyzzy'" in capsys.readouterr().err


def test_samples_are_sentences_with_their_meaning(capsys, folder):
    assert run(["grammars", "sample", "g", "--folder", str(folder), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows == [{"sentence": "no thank you", "meaning": "no"}, {"sentence": "no", "meaning": "no"}]


def test_samples_of_one_meaning(capsys):
    assert run(["grammars", "sample", "yes_no", "--meaning", "back"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("back ") for line in lines)
