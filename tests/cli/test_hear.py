import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from voicebot.cli import run

AUDIO = Path(__file__).parents[1] / "audio"


def clip(word):
    rows = (AUDIO / "manifest.tsv").read_text("utf-8").splitlines()
    return AUDIO / next(row.split("\t")[0] for row in reversed(rows) if row.split("\t")[1] == word)


def hear(capsys, *arguments):
    code = run(["hear", *map(str, arguments), "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_file_gets_a_line_in_order(capsys):
    code, (yes, no, repeat, helped) = hear(capsys, *map(clip, ("yes", "no", "repeat", "help")))
    assert code == 0
    assert [row["answer"] for row in (yes, no, repeat, helped)] == ["yes", "no", "repeat", "repeat"]
    assert yes.keys() == {"file", "text", "answer", "action", "confidence", "speech_end_ms", "decided_ms"}
    assert (yes["file"], yes["text"], yes["action"]) == (str(clip("yes")), "yes", "accept")
    assert 0 <= yes["confidence"] <= 1
    assert 0 < yes["speech_end_ms"] < yes["decided_ms"] < 3000


def test_an_answer_is_null_exactly_when_it_is_asked_again(capsys, tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(8000), 8000)
    code, (silence, other) = hear(capsys, tmp_path / "silence.wav", clip("happy"))
    assert code == 0
    for row in (silence, other):
        assert (row["answer"] is None) == (row["action"] == "ask_again")
    assert (silence["text"], silence["confidence"], silence["decided_ms"]) == ("", 0, None)


@pytest.mark.parametrize(
    ("name", "rate", "subtype"),
    [("a.wav", 8000, "ULAW"), ("a.wav", 48000, "PCM_16"), ("a.flac", 16000, "PCM_16"), ("a.wav", 44100, "PCM_24")],
)
def test_any_audio_is_heard(capsys, tmp_path, name, rate, subtype):
    samples, _ = soundfile.read(clip("yes"))
    stereo = np.stack([soxr.resample(samples, 8000, rate)] * 2, axis=1)
    soundfile.write(tmp_path / name, stereo, rate, subtype=subtype)
    code, (row,) = hear(capsys, tmp_path / name)
    assert (code, row["answer"]) == (0, "yes")


def test_a_bad_file_is_told_and_the_rest_go_on(capsys, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"nonsense")
    code, (first, second, third) = hear(capsys, bad, clip("no"), tmp_path / "none.wav")
    assert code == 2
    assert first.keys() == third.keys() == {"file", "error"}
    assert first["error"]["code"] == third["error"]["code"] == "audio_unreadable"
    assert second["answer"] == "no"


def test_people_get_sentences(capsys, tmp_path):
    assert run(["hear", str(clip("no")), str(tmp_path / "none.wav")]) == 2
    printed = capsys.readouterr()
    assert printed.out.startswith(f'{clip("no")}: "no" -> no, accept (')
    assert printed.err.count("\n") == 1


def test_a_file_name_may_be_anything(capsys, tmp_path):
    odd = shutil.copy(clip("yes"), tmp_path / 'ja "oui" sí.flac')
    assert hear(capsys, odd)[1][0]["file"] == str(odd)


def test_an_unknown_grammar_or_model_cannot_run(capsys, monkeypatch, tmp_path):
    assert run(["hear", str(clip("no")), "--grammar", "none"]) == 2
    monkeypatch.setenv("VOICEBOT_MODEL", str(tmp_path / "none"))
    assert run(["hear", str(clip("no"))]) == 3
    assert capsys.readouterr().err.count("\n") == 2
