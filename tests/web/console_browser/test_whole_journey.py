"""From signing in to signing out by keyboard alone: a call is found, played, corrected, decided again and taken out."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.web.console.staffed import PASSWORD
from tests.web.console_browser.test_sign_in_journey import press_until
from voicebot.staff.roles import Role

SOUND_BEGINS_S = 30
"""Nothing is recorded before consent, which is asked after the first emergency questions."""


def corrects_a_word(page):
    """Take the call, which leads to its words, say what was really said, and give the call back."""
    page.keyboard.press("t")
    page.get_by_role("heading", name="What was said").wait_for()
    page.get_by_text("You have this call until").wait_for()
    page.keyboard.press("e")
    page.keyboard.type("yes of course")
    page.keyboard.press("Enter")
    expect(page.locator("ins")).to_contain_text(["of", "course"])
    press_until(page, "Give back", "Shift+Tab", most=200)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="To be reviewed").wait_for()


def test_a_lead_understands_a_call_by_keyboard_alone(open_as, seeded):
    call_id = seeded.call_ids["cauda-equina-saddle"]
    page = open_as(None, "/console/calls")
    press_until(page, "name")
    page.keyboard.type(Role.LEAD.value)
    press_until(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    # find it: by its id, in the list's own search
    page.get_by_role("heading", name="Calls", level=1).wait_for()
    press_until(page, "q")
    page.keyboard.type(call_id)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    press_until(page, page.locator("tbody a").first.inner_text(), most=120)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/calls/{call_id}")

    # what was decided, and why, in its first lines
    assert "4, emergency room" in page.locator(".told").inner_text()
    assert "yes" in page.locator(".because").inner_text()

    # play it, and follow a word: the tab key leads to one of them, the arrows from word to word
    page.keyboard.press("Space")
    page.wait_for_function("!document.getElementById('sound').paused")
    page.keyboard.press("Space")
    page.wait_for_function("document.getElementById('sound').paused")
    while not page.evaluate("document.activeElement.matches('button.word')"):
        page.keyboard.press("Tab")
    for _ in range(page.locator("button.word").count()):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".word.lit")).not_to_have_count(0)
    assert page.evaluate("document.getElementById('sound').currentTime") > SOUND_BEGINS_S

    # the rules and what they saw
    assert "saddle" in page.locator("section[aria-labelledby=rules]").inner_text()

    corrects_a_word(page)
    page.goto(page.url.replace("/review", f"/calls/{call_id}"))

    # decide again under its own rules
    press_until(page, "Decide again", most=300)
    page.keyboard.press("Enter")
    expect(page.locator("#rerun")).not_to_be_empty()

    # take it out
    press_until(page, "JSON", most=300)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert json.loads(Path(waiting.value.path()).read_text("utf-8").splitlines()[0])["call_id"] == call_id

    press_until(page, "Sign out", "Shift+Tab", most=400)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()
    done = {what for who, what, _ in seeded.audit() if who == Role.LEAD.value}
    assert done >= {"signed_in", "call_opened", "call_heard", "call_corrected", "call_replayed", "call_exported"}
    assert "signed_out" in done
