"""The recipe rebuilds the bundled graph from the grammars, its words in their right places. Needs its own tools."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voicebot import assets
from voicebot.speech.audio import read_audio
from voicebot.speech.grammars import Grammars
from voicebot.speech.recording import hear
from voicebot.speech.vosk_ears import VoskEars

ROOT = Path(__file__).parents[2]
pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")
if not shutil.which("fstconvert"):
    pytest.skip("OpenFST's programs (Debian: libfst-tools) are not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """The bundled model with its graph thrown away and built again."""
    model = shutil.copytree(assets.MODEL, tmp_path_factory.mktemp("acoustic") / "model")
    for name in ("HCLr.fst", "Gr.fst", "words.txt", "disambig_tid.int"):
        (model / "graph" / name).unlink()
    subprocess.run([sys.executable, "-m", "acoustic.build_graph", model], check=True, cwd=ROOT)
    return model


def words(model):
    return {line.split()[0] for line in (model / "graph" / "words.txt").read_text("utf-8").splitlines()}


def test_the_bundled_graph_has_the_words_of_the_recipe(rebuilt):
    assert words(rebuilt) == words(assets.MODEL)


@pytest.mark.parametrize(("clip", "word"), [("an251-fash-b", "yes"), ("an90-fbbh-b", "no")])
def test_the_rebuilt_graph_hears_the_right_words(rebuilt, clip, word):
    (path,) = (ROOT / "tests" / "audio").rglob(f"{clip}.flac")
    assert hear(read_audio(path), VoskEars(rebuilt), Grammars.load(assets.GRAMMARS), "yes_no").text == word
