import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from voicebot.logs import ALLOWED_KEYS, allow_only_known_keys, set_up_logs

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = io.StringIO()
    set_up_logs(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()


def test_a_line_is_json_with_time_and_level(lines: Lines):
    structlog.get_logger().warning("webhook_failed", code="store_failed", status=200)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "webhook_failed", "level": "warning", "code": "store_failed", "status": 200}


def test_what_a_caller_said_and_numbers_are_dropped(lines: Lines):
    structlog.get_logger().info(
        "heard", words="my left leg", caller="+16515550123", exc_info=True, code=["my left leg"], count=3
    )
    (line,) = lines()
    assert line.keys() == {"event", "level", "timestamp", "count"}


def test_control_characters_cannot_forge_a_second_line(lines: Lines):
    structlog.get_logger().info("x", code="a\n{}\r\n")
    assert len(lines()) == 1


def test_lower_levels_are_left_out(lines: Lines):
    set_up_logs(io.StringIO(), logging.WARNING)
    structlog.get_logger().info("quiet")
    assert lines() == []


@given(st.dictionaries(st.text() | st.sampled_from(sorted(ALLOWED_KEYS)), st.text() | st.integers() | st.binary()))
def test_only_allowed_keys_ever_pass(event: dict[str, object]):
    passed = allow_only_known_keys(None, "info", event.copy())
    assert passed.keys() <= ALLOWED_KEYS
    assert not any(isinstance(value, bytes) for value in passed.values())
