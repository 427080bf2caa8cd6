import shutil

import pytest

from voicebot import assets
from voicebot.errors import VoicebotError
from voicebot.speech.locate_model import check_model, locate_model, model_info, sample_rate


@pytest.fixture
def model(tmp_path):
    """A copy of the bundled model, free to break."""
    return shutil.copytree(assets.MODEL, tmp_path / "model")


def test_the_bundled_model_is_found_whole_and_native_8_khz():
    model = locate_model()
    check_model(model)
    info = model_info(model)
    assert (info.bundled, info.sample_rate) == (True, 8000)
    assert info.words >= 5000
    assert info.megabytes <= 8


def test_a_setting_names_another(model):
    assert locate_model(model) == model
    assert not model_info(model).bundled


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(VoicebotError, match="VOICEBOT_MODEL") as caught:
        locate_model(tmp_path / "none")
    assert (caught.value.code, caught.value.exit_code) == ("model_missing", 3)


@pytest.mark.parametrize(
    "name",
    ["am/final.mdl", "conf/model.conf", "conf/mfcc.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"],
)
def test_a_missing_file_is_named(model, name):
    (model / name).unlink()
    with pytest.raises(VoicebotError, match=f"lacks {name}") as caught:
        check_model(model)
    assert (caught.value.code, caught.value.exit_code) == ("model_broken", 3)


@pytest.mark.parametrize(
    "options", ["--beam=13.0\n", "--endpoint.silence-phones=\n", "# --endpoint.silence-phones=1\n"]
)
def test_an_option_without_which_vosk_aborts_is_named(model, options):
    (model / "conf" / "model.conf").write_text(options)
    with pytest.raises(VoicebotError, match=r"lacks --endpoint\.silence-phones"):
        check_model(model)


def test_a_model_that_takes_no_grammar_is_refused(model):
    (model / "graph" / "HCLG.fst").touch()
    with pytest.raises(VoicebotError, match="takes no grammar"):
        check_model(model)


@pytest.mark.parametrize(
    ("name", "options", "rate"),
    [
        ("mfcc.conf", "--sample-frequency=8000", 8000),
        ("mfcc.conf", "--use-energy=false\n--sample-frequency=16000 # wide band\n", 16000),
        ("mfcc.conf", "--use-energy=false", 16000),
        ("fbank.conf", "--sample-frequency=8000.0", 8000),
    ],
)
def test_the_sample_rate_is_in_the_feature_options(model, name, options, rate):
    (model / "conf" / "mfcc.conf").unlink()
    (model / "conf" / name).write_text(options)
    assert sample_rate(model) == rate


def test_a_model_with_its_words_inside_the_graph_has_no_count(model):
    (model / "graph" / "words.txt").unlink()
    assert model_info(model).words is None
