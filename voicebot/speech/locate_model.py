"""Finds the speech model and checks its files before anything loads them. Reads small text files, loads no model.

A model with a wrong option can end the whole process with an assertion, so it is refused here first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.assets import MODEL
from voicebot.errors import Exit, VoicebotError

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_RATE = 16000
"""Kaldi's own default sample rate, Hz."""
REQUIRED = ("am/final.mdl", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the files of a model tell about it."""

    path: Path
    sample_rate: int
    """Hz."""
    words: int | None
    """Size of the vocabulary; None where it is inside the graph."""
    megabytes: float
    bundled: bool


def locate_model(setting: Path | None = None) -> Path:
    """Return the folder of the model a setting names, of the bundled one without a setting.

    Raises VoicebotError `model_missing` when there is no such folder.
    """
    model = setting or MODEL
    if not model.is_dir():
        remedy = "Set VOICEBOT_MODEL to the folder of a Vosk model." if setting else "Install the package again."
        raise VoicebotError("model_missing", f"There is no speech model at {model}.", remedy, Exit.CANNOT_RUN)
    return model


def check_model(model: Path) -> None:
    """Check the files Vosk needs and the options without which it aborts the process.

    Raises VoicebotError `model_broken` naming what is missing.
    """
    if (model / "graph" / "HCLG.fst").exists():
        raise _broken(f"The speech model {model} takes no grammar (it has graph/HCLG.fst).")
    for name in REQUIRED:
        if not (model / name).is_file():
            raise _broken(f"The speech model {model} lacks {name}.")
    if _features(model) is None:
        raise _broken(f"The speech model {model} lacks conf/mfcc.conf.")
    options = _options(model / "conf" / "model.conf")
    if not options.get("--endpoint.silence-phones"):
        raise _broken(f"{model / 'conf' / 'model.conf'} lacks --endpoint.silence-phones.")


def sample_rate(model: Path) -> int:
    """Return the sample rate a model was trained for, in Hz, as its feature options tell it."""
    features = _features(model)
    rate = _options(features).get("--sample-frequency", "") if features else ""
    return int(float(rate)) if rate else DEFAULT_RATE


def model_info(model: Path) -> ModelInfo:
    """Return what the files of a model tell about it."""
    listed = model / "graph" / "words.txt"
    words = len(listed.read_text("utf-8").splitlines()) - 1 if listed.is_file() else None
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    return ModelInfo(model, sample_rate(model), words, round(size / 1e6, 1), model.resolve() == MODEL.resolve())


def _features(model: Path) -> Path | None:
    """Return the file of feature options: Vosk takes mfcc.conf before fbank.conf."""
    names = (model / "conf" / "mfcc.conf", model / "conf" / "fbank.conf")
    return next((path for path in names if path.is_file()), None)


def _options(path: Path) -> dict[str, str]:
    """Return Kaldi options (`--name=value`, one a line, # begins a comment)."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8", errors="replace").splitlines())
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def _broken(what: str) -> VoicebotError:
    remedy = "Use one such as vosk-model-small-en-us-0.15, or unset VOICEBOT_MODEL to use the bundled one."
    return VoicebotError("model_broken", what, remedy, Exit.CANNOT_RUN)
