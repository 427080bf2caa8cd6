"""Attempts are counted over a minute, by all processes together, and then forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.storage.given import NOON
from voicebot.storage.attempts import Attempts
from voicebot.storage.tables import ATTEMPTS


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_store").engine


def test_one_more_than_allowed_waits_for_the_rest_of_the_minute(engine):
    attempts, elsewhere = Attempts(engine, 2), Attempts(engine, 2)
    assert [attempts.wait_s("ann", NOON), elsewhere.wait_s("ann", NOON + timedelta(seconds=10))] == [0, 0]
    assert attempts.wait_s("ann", NOON + timedelta(seconds=20)) == 40
    assert elsewhere.wait_s("ann", NOON + timedelta(seconds=59.9)) == 1
    assert attempts.wait_s("bob", NOON + timedelta(seconds=20)) == 0
    assert attempts.wait_s("ann", NOON + timedelta(seconds=60)) == 0


def test_who_tried_is_kept_as_a_hash_and_for_a_minute(engine):
    Attempts(engine, 2).wait_s("hunter2", NOON)
    with engine.connect() as connection:
        (kept,) = connection.execute(select(ATTEMPTS)).all()
    assert "hunter2" not in str(kept)
    Attempts(engine, 2).wait_s("ann", NOON + timedelta(minutes=2))
    with engine.connect() as connection:
        assert list(connection.scalars(select(ATTEMPTS.c["count"]))) == [1]
