"""An office to place calls in, and a browser in front of it."""

from __future__ import annotations

import pytest

from tests.web.office import Office


@pytest.fixture
def office(ruleset, tmp_path):
    return Office(ruleset, tmp_path)


@pytest.fixture
def client(office):
    return office.client
