"""The lines over days on the page of numbers, drawn in a real browser from the table beside them."""

from __future__ import annotations

import pytest

from tests.web.console_browser.browsing import DESKTOP, axe_findings
from tests.web.console_browser.served import OverDays
from voicebot.staff.roles import Role

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def clinic(ruleset, tmp_path_factory):
    made = OverDays(ruleset, tmp_path_factory.mktemp("over-days"))
    with made.served() as address:
        made.address = address
        yield made
    made.close()


@pytest.fixture
def numbers(chromium, clinic):
    """Return a function that opens the page in a window with these options."""
    windows = []

    def opened(**options):
        windows.append(chromium.window(clinic.address, clinic.session_of(Role.LEAD), **options))
        page = windows[-1].new_page()
        page.goto(clinic.address + "/console/numbers")
        return page

    yield opened
    for window in windows:
        window.close()
    assert chromium.complaints() == []


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": DESKTOP},
        {"viewport": NARROW, "color_scheme": "dark"},
        {"viewport": DESKTOP, "forced_colors": "active"},
    ],
    ids=["desktop", "narrow, dark", "forced colors"],
)
def test_the_lines_are_there_and_axe_finds_nothing(numbers, options):
    page = numbers(**options)
    page.locator(".lines canvas").nth(2).wait_for()
    assert page.locator(".lines canvas").count() == 3
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for canvas in page.locator(".lines canvas").all():
        assert canvas.evaluate(
            "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((part) => part)"
        )


def test_pointing_at_a_day_reads_it_off_in_every_picture(numbers, clinic):
    page = numbers()
    cells = [row.locator("th, td").all_text_contents() for row in page.locator("#days-table tbody tr").all()]
    told = page.locator(".lines .u-value")
    page.locator(".lines .u-over").first.hover(position={"x": 1, "y": 50})
    day, calls, by_the_line, *gaps = cells[0]
    expected = [day, calls, day, by_the_line, day, *gaps]
    page.wait_for_function(
        "day => document.querySelector('.lines .u-value').textContent === day", arg=day, timeout=5000
    )
    assert told.all_text_contents() == expected
    assert cells[OverDays.DAYS - OverDays.QUIET][1:] == ["0", "", "", "", ""]


def test_without_scripts_the_table_tells_the_same(numbers):
    page = numbers(java_script_enabled=False)
    assert not page.locator("figure.lines").first.is_visible()
    page.locator("summary", has_text="Day by day").click()
    assert page.locator("#days-table tbody tr").first.is_visible()
