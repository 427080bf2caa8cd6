"""What holds for every page of the console, in a real browser."""

from __future__ import annotations

import pytest

from tests.web.console_browser.browsing import DESKTOP, PHONE, axe_findings
from tests.web.console_browser.pages import NO_PAGES, PAGES
from voicebot.staff.roles import Role


def test_every_page_is_in_the_table(seeded):
    answering_get = {
        rule.endpoint
        for rule in seeded.app.url_map.iter_rules()
        if rule.rule.startswith("/console") and "GET" in rule.methods
    }
    assert answering_get - NO_PAGES == {page.endpoint for page in PAGES}


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_axe_finds_nothing_and_the_browser_refuses_nothing(open_as, seeded, page, viewport, scheme):
    shown = open_as(page.role, page.path_in(seeded), viewport=viewport, color_scheme=scheme)
    shown.wait_for_load_state("networkidle")
    assert axe_findings(shown) == []
    wider = shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page is wider than the screen"


def test_a_script_that_is_not_ours_does_not_run(open_as, chromium):
    page = open_as(Role.READER)
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken = 1\">');"
        "const s = document.createElement('script'); s.textContent = 'window.broken = 2'; document.body.append(s);"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") is None
    assert all("Content Security Policy" in told for told in chromium.complaints())
