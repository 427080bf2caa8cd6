"""Vosk's arithmetic uses the wide instructions where all processors have them, and whoever sets it decides."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from voicebot.speech.processor import CHOICE, NEEDED, WIDE, choose, kernels

if TYPE_CHECKING:
    from pathlib import Path

WIDE_FLAGS = f"flags\t\t: fpu sse2 {' '.join(sorted(NEEDED))} amx_bf16"
NARROW_FLAGS = "flags\t\t: fpu sse2 avx2 fma"


def cpuinfo(*flags: str) -> str:
    return "\n\n".join(f"processor\t: {number}\n{line}\nbogomips\t: 4400" for number, line in enumerate(flags))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (cpuinfo(WIDE_FLAGS, WIDE_FLAGS), WIDE),
        (cpuinfo(NARROW_FLAGS), None),
        (cpuinfo(WIDE_FLAGS, NARROW_FLAGS), None),
        ("processor\t: 0\nFeatures\t: fp asimd\n", None),
        ("", None),
    ],
    ids=["all are wide", "none is", "one is not", "another kind", "nothing is told"],
)
def test_the_kernels_suit_every_processor(text: str, expected: str | None) -> None:
    assert kernels(text) == expected


@pytest.mark.parametrize(("told", "expected"), [(None, WIDE), ("Haswell", "Haswell")])
def test_whoever_sets_it_decides(
    told: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CHOICE, told or "")
    if not told:
        monkeypatch.delenv(CHOICE)
    file = tmp_path / "cpuinfo"
    file.write_text(cpuinfo(WIDE_FLAGS))
    choose(file)
    assert os.environ[CHOICE] == expected


def test_without_a_cpuinfo_it_is_left_to_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOICE, "")
    monkeypatch.delenv(CHOICE)
    choose(tmp_path / "none")
    assert CHOICE not in os.environ


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these kernels are of other processors")
def test_vosk_takes_what_was_chosen() -> None:
    told = {**os.environ, "OPENBLAS_VERBOSE": "2", CHOICE: "Haswell"}
    command = [sys.executable, "-c", "import voicebot.speech.vosk_ears"]
    ended = subprocess.run(command, env=told, capture_output=True, text=True, check=True)
    cores = {line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("Core:")}
    assert cores == {"Core: Haswell"}
