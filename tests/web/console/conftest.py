"""A console in front of an office."""

from __future__ import annotations

import pytest

from tests.web.console.staffed import Staffed


@pytest.fixture
def staffed(ruleset, tmp_path):
    made = Staffed(ruleset, tmp_path)
    yield made
    made.close()
