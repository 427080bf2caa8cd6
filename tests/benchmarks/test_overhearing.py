"""Callers in danger and the line's own voice, for a moment: both are counted."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from benchmarks import overhearing


@pytest.mark.e2e
def test_urgent_phrases_and_echoes_are_counted():
    given = ["--voices", "1", "--prompts", "2", "--jobs", "1"]
    done = CliRunner().invoke(overhearing.main, given, catch_exceptions=False)
    heard = dict(re.findall(r"over an echo of (-\d+) dB: (\d) of 3 urgent phrases", done.output))
    assert set(heard) == {str(level_db) for level_db in overhearing.LEVELS_DB}
    assert int(heard["-60"]) >= 2
    assert re.search(r"heard in 0\.\d h of the line's own voice: 0\n", done.output)
