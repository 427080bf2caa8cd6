"""Somebody finds a call, plays it, follows its words and reads why it was decided so, by mouse and by keyboard."""

from __future__ import annotations

import pytest

from tests.web.office import NO, YES
from voicebot.dialog.meaning import Meaning
from voicebot.staff.roles import Role

SOUND = "document.getElementById('sound')"


@pytest.fixture
def with_sound(seeded):
    return seeded.call_ids["cauda-equina-saddle"]


@pytest.fixture
def page(open_as, with_sound):
    shown = open_as(Role.LEAD, f"/console/calls/{with_sound}")
    shown.locator("#player[data-drawn=yes]").wait_for()
    return shown


def until(page, expression):
    """Wait until `expression` is true; the page itself may not evaluate it, its policy forbids that."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def now_s(page):
    return page.evaluate(f"{SOUND}.currentTime")


def current_turn(page):
    return page.locator("#turns > [aria-current]")


def test_a_call_is_found_opened_and_played(open_as, with_sound):
    page = open_as(Role.LEAD, "/console/calls")
    page.get_by_label("4, emergency room").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**urgency=4**")
    page.locator(f'a[href$="{with_sound}"]').click()
    page.get_by_role("heading", name="Call of").wait_for()
    assert "4, emergency room" in page.locator(".verdict .told").inner_text()
    page.locator("#player[data-drawn=yes]").wait_for()
    page.keyboard.press("Space")
    until(page, f"{SOUND}.currentTime > 0.5")
    page.keyboard.press("Space")
    until(page, f"{SOUND}.paused")


def test_a_word_is_gone_to_and_lit(page):
    word = page.locator("#turns .caller button.word").last
    word.click()
    until(page, f"{SOUND}.currentTime >= {int(word.get_attribute('data-from')) / 1000}")
    page.evaluate(f"{SOUND}.pause()")
    page.evaluate(f"{SOUND}.currentTime = {(int(word.get_attribute('data-from')) + 1) / 1000}")
    page.locator("#turns .word.lit").wait_for()
    assert page.locator("#turns .word.lit").inner_text() == word.inner_text()
    assert current_turn(page).locator("button.word.lit").count() == 1


def test_words_of_the_line_are_lit_as_they_play(page):
    prompt = page.locator("#turns .prompt").nth(2)
    begin, end = (int(prompt.get_attribute(edge)) for edge in ("data-from", "data-to"))
    text = prompt.locator(".utterance").inner_text()
    page.evaluate(f"window.call.goTo({(begin + end) / 2000})")
    prompt.locator(".word.lit").wait_for()
    assert prompt.locator(".utterance").inner_text().split() == text.split()


def test_a_link_leads_to_a_moment_and_the_answers_then(page):
    answers = page.locator("#answers")
    assert "not yet" not in answers.inner_text()
    page.locator(".conditions a").first.click()
    page.wait_for_url("**#t=*")
    said_s = float(page.url.rpartition("=")[2])
    assert now_s(page) == pytest.approx(said_s, abs=0.01)
    turn = current_turn(page)
    assert int(turn.get_attribute("data-from")) == pytest.approx(said_s * 1000, abs=60)
    assert turn.get_attribute("data-noted")
    page.evaluate("window.call.goTo(0)")
    assert page.locator("#answers-at").inner_text() == "at 0:00"
    assert set(answers.locator("dd").all_inner_texts()) == {"not yet"}


def test_an_address_with_a_moment_opens_there(open_as, with_sound):
    page = open_as(Role.LEAD, f"/console/calls/{with_sound}#t=20.5")
    current_turn(page).wait_for()
    assert int(current_turn(page).get_attribute("data-from")) <= 20_500
    assert now_s(page) == pytest.approx(20.5, abs=0.01)


def test_keys_move_and_letters_can_be_switched_off(page):
    page.evaluate("window.call.goTo(20)")
    page.keyboard.press("l")
    until(page, f"Math.abs({SOUND}.currentTime - 25) < 0.01")
    page.keyboard.press("j")
    page.keyboard.press("]")
    assert page.evaluate(f"{SOUND}.playbackRate") == 1.25
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert page.evaluate(f"{SOUND}.playbackRate") == 0.75
    page.locator("#turns").focus()
    before = int(current_turn(page).get_attribute("data-from"))
    page.keyboard.press("ArrowDown")
    assert int(current_turn(page).get_attribute("data-from")) >= before
    page.locator(".keys summary").click()
    page.get_by_label("Single characters work as keys").uncheck()
    page.locator("#turns").focus()
    at = now_s(page)
    page.keyboard.press("l")
    page.wait_for_timeout(100)
    assert now_s(page) == pytest.approx(at, abs=0.01)
    page.reload()
    assert page.locator("#letters").is_checked() is False


def test_silence_is_skipped_once_somebody_wants_it(page):
    page.locator("#skip[data-ready=yes]").wait_for()
    first_sound = page.evaluate("window.callPeaks.then(peaks => peaks.silent[0][1] / 1000)")
    assert first_sound > 20, "nothing is recorded before consent"
    page.evaluate(f"{SOUND}.currentTime = 1")
    page.keyboard.press("Space")
    until(page, f"{SOUND}.currentTime > 1.2")
    assert now_s(page) < first_sound
    page.keyboard.press("s")
    page.get_by_role("status").get_by_text("Silence is skipped.").wait_for()
    until(page, f"{SOUND}.currentTime >= {first_sound}")
    page.keyboard.press("Space")
    page.reload()
    assert page.locator("#skip").is_checked()


def test_words_are_walked_by_arrows_after_one_stop_of_the_tab_key(page):
    assert page.locator('#turns button.word[tabindex="0"]').count() == 1
    first = page.locator("#turns button.word").first
    first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.matches('#turns button.word')")
    assert not first.evaluate("word => word === document.activeElement")
    assert page.locator('#turns button.word[tabindex="0"]').count() == 1


def test_a_call_without_doubt_says_so_when_the_next_doubtful_word_is_asked_for(page):
    page.keyboard.press("n")
    page.get_by_role("status").get_by_text("Nothing in this call was in doubt.").wait_for()


def test_the_next_doubtful_word_gets_the_focus(open_as, seeded):
    call_id = seeded.place([YES, NO, ("um maybe", None, 0.31), ("yes", Meaning.YES, 0.62)])
    page = open_as(Role.LEAD, f"/console/calls/{call_id}")
    for word in ("um", "yes", "um"):
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.textContent") == word


def test_a_call_is_decided_again_beside_what_was_decided(page):
    page.get_by_role("button", name="Decide again").click()
    page.locator("#rerun .done").wait_for()
    assert "the same to the byte" in page.locator("#rerun").inner_text()
    page.get_by_label("Under which rules").select_option(index=1)
    page.get_by_role("button", name="Decide again").click()
    page.locator("#rerun .sides").wait_for()
    assert page.locator("#rerun .sides > section").count() == 2


def test_a_reader_hears_nothing_and_still_goes_from_turn_to_turn(open_as, with_sound):
    page = open_as(Role.READER, f"/console/calls/{with_sound}#t=20.5")
    current_turn(page).wait_for()
    assert page.locator("audio").count() == 0
    assert "[words hidden]" in page.locator("#turns").inner_text()
    page.locator("#turns").focus()
    before = current_turn(page).inner_text()
    page.keyboard.press("ArrowDown")
    assert current_turn(page).inner_text() != before


def test_a_call_is_taken_out(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename.startswith("call-")
