"""The house stays small: sizes that a reader can hold."""

from __future__ import annotations

from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("voicebot", "acoustic", "benchmarks", "tests") for path in (ROOT / room).rglob("*.py")]


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_over_400_lines():
    assert [str(path.relative_to(ROOT)) for path in CODE if lines(path) > 400] == []


def test_the_median_file_is_at_most_150_lines():
    assert median(lines(path) for path in (ROOT / "voicebot").rglob("*.py")) <= 150


def test_the_main_flow_fits_on_a_few_screens():
    assert lines(ROOT / "voicebot" / "session.py") <= 250


def test_every_module_says_what_belongs_in_it():
    silent = [
        path for path in CODE if "tests" not in path.parts and not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert [str(path.relative_to(ROOT)) for path in silent if path.stat().st_size] == []


def test_only_one_file_imports_each_engine():
    for engine, home in {"vosk": "vosk_ears.py", "pyttsx3": "pyttsx3_voice.py"}.items():
        importers = {
            path.name
            for path in (ROOT / "voicebot").rglob("*.py")
            if any(
                line.strip().startswith((f"import {engine}", f"from {engine} "))
                for line in path.read_text(encoding="utf-8").splitlines()
            )
        }
        assert importers == {home}
