"""What others wrote and we ship for browsers is exactly what they published, with its license."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[3] / "voicebot" / "web" / "static" / "vendor"
AXE = Path(__file__).parents[1] / "console_browser" / "vendor"


@pytest.mark.parametrize("folder", [VENDOR, AXE], ids=["shipped", "for tests"])
def test_every_file_is_listed_with_its_hash_and_license(folder):
    with (folder / "vendored.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    there = {path.name for path in folder.iterdir()} - {"vendored.tsv"}
    assert there == {row["file"] for row in rows} | {row["license_file"] for row in rows}
    for row in rows:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
        assert row["version"]
        assert row["license"] in {"0BSD", "BSD-3-Clause", "MIT", "MPL-2.0"}
