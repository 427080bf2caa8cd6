"""A real browser in front of a console with calls in it; one of each for all tests."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.web.console_browser.browsing import Browsing
from tests.web.console_browser.seeded import Seeded

if TYPE_CHECKING:
    from voicebot.staff.roles import Role

CHROMIUM = shutil.which("chromium")
PATIENCE_S = 300
"""The first test waits for all calls to be placed, one of them with sound."""
MISSING = "needs chromium (Debian: apt-get install chromium), which script/test installs when run by root"


def pytest_collection_modifyitems(items):
    """Everything in this folder shares one browser; without one it is skipped here, and fails where CI is set."""
    for item in items:
        if "console_browser" in item.path.parts:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def seeded(ruleset, tmp_path_factory):
    made = Seeded(ruleset, tmp_path_factory.mktemp("console"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(seeded):
    with seeded.served() as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    assert CHROMIUM, MISSING
    with Browsing(CHROMIUM) as browsing:
        yield browsing


@pytest.fixture
def open_as(chromium, seeded, address):
    """Return a function that opens a page of the console, signed in as a role, in a window of its own."""
    windows = []

    def opened(role: Role | None, path="/console", **window):
        secret = seeded.session_of(role) if role else None
        windows.append(chromium.window(address, secret, **window))
        page = windows[-1].new_page()
        page.goto(address + path)
        return page

    yield opened
    for window in windows:
        window.close()
    assert chromium.complaints() == []
