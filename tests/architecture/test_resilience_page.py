"""docs/resilience.md names a test for every promise, and each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "resilience.md"


def test_every_promise_names_a_test_that_is_there():
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| what")]
    named = [re.search(r"`(tests/\S+\.py)::(test_\w+)`", row) for row in rows]
    assert rows
    assert [row for row, found in zip(rows, named, strict=True) if found is None] == []
    missing = [found[0] for found in named if f"def {found[2]}(" not in (ROOT / found[1]).read_text()]
    assert missing == []
