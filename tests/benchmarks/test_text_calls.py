"""Calls in words, for a moment: they are held in processes of their own, and counted."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from benchmarks import text_calls


@pytest.mark.e2e
def test_calls_are_held_and_counted():
    done = CliRunner().invoke(text_calls.main, ["--seconds", "0.2", "--processes", "1"], catch_exceptions=False)
    assert done.exit_code == 0
    told = re.search(r"(\d+) calls a second in 1 processes, ([\d.]+) questions a call; ([\d.]+) ms", done.output)
    assert told
    assert all(float(figure) > 0 for figure in told.groups())
