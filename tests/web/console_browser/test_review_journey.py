"""A nurse reviews a call, and a lead runs calls again, as people do it: in a real browser."""

from __future__ import annotations

from tests.web.console_browser.browsing import axe_findings
from tests.web.office import NO, YES
from voicebot.batch.look_through import look_through
from voicebot.staff.review import Reader
from voicebot.staff.roles import Role
from voicebot.storage.review_store import ReviewStore


def looked_through(seeded):
    look_through(seeded.store, seeded.engine, seeded.desk.clock(), 50)


def test_two_nurses_review_a_call_and_correct_what_was_heard(open_as, seeded):
    call_id = seeded.another("cauda-equina-saddle")
    looked_through(seeded)
    page = open_as(Role.REVIEWER, f"/console/review/{call_id}")
    page.get_by_role("button", name="Take this call").click()
    page.get_by_text("You have this call until").wait_for()
    assert axe_findings(page) == []
    words = page.get_by_label("Really said").first
    with page.expect_response(lambda response: response.url.endswith("/renew")) as renewed:
        words.fill("yes indeed")
    assert renewed.value.status == 200
    page.get_by_role("button", name="Correct").first.click()
    page.locator("ins", has_text="indeed").wait_for()
    page.get_by_label("It should have been something else").check()
    page.get_by_label("Right urgency").select_option(label="5, call 911")
    page.get_by_label("Why, without names").fill("It came on within an hour.")
    page.get_by_role("button", name="Save verdict").click()
    page.get_by_role("heading", name="To be reviewed").wait_for()
    assert page.get_by_text("You read it first").count() == 1

    second = open_as(Role.LEAD, f"/console/review/{call_id}")
    second.get_by_role("button", name="Take this call").click()
    second.get_by_text("You are the second reader.").wait_for()
    second.get_by_label("That is right").check()
    second.get_by_role("button", name="Save verdict").click()
    second.goto(second.url.replace("/console/review", f"/console/review/{call_id}"))
    assert "Held right: 5, call 911" in second.locator("main").inner_text()
    with second.expect_download() as download:
        second.get_by_role("link", name="Make this call a test").click()
    assert "urgency = 5" in download.value.path().read_text()


def test_who_writes_on_is_told_that_somebody_else_has_the_call_by_now(open_as, seeded):
    call_id = seeded.another("cauda-equina-saddle")
    looked_through(seeded)
    page = open_as(Role.REVIEWER, f"/console/review/{call_id}")
    page.get_by_role("button", name="Take this call").click()
    words = page.get_by_label("Really said").first
    words.wait_for()
    reviews, writer = ReviewStore(seeded.engine), seeded.members[Role.REVIEWER]
    reviews.release(call_id, Reader(writer.id, writer.name))
    reviews.claim(call_id, Reader("bob", "bob"), seeded.desk.clock())
    words.fill("yes indeed")
    page.get_by_role("alert").get_by_text("bob is working on this call").wait_for()
    assert words.input_value() == "yes indeed"
    assert axe_findings(page) == []


def has_focus(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_a_nurse_reviews_by_keyboard_alone(open_as, seeded):
    looked_through(seeded)
    page = open_as(Role.REVIEWER, f"/console/review/{seeded.call_ids['unsure-on-stroke']}")
    first = page.url
    page.keyboard.press(".")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press(",")
    page.wait_for_url(first)
    page.keyboard.press("t")
    page.get_by_text("You have this call until").wait_for()

    # correct two utterances, one after the other
    page.keyboard.press("e")
    assert has_focus(page, "input[name=words]")
    page.keyboard.type("yes i am")
    page.keyboard.press("Enter")
    page.locator("ins", has_text="am").wait_for()
    page.keyboard.press("e")
    fields = page.locator("input[name=words]")
    assert fields.nth(1).evaluate("field => field === document.activeElement")
    assert fields.first.input_value() == "yes i am"
    page.keyboard.type("a, d, f, q and t are letters here")
    assert fields.nth(1).input_value() == "a, d, f, q and t are letters here"

    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("d")
    assert has_focus(page, "input[value=disagree]:checked")
    page.keyboard.press("a")
    assert has_focus(page, "input[value=agree]:checked")
    page.keyboard.press("f")
    page.get_by_role("button", name="Take the flag away").wait_for()
    page.keyboard.press("?")
    page.get_by_label("Single characters work as keys").uncheck()
    page.locator("h1").click()
    page.keyboard.press("q")
    page.wait_for_timeout(200)
    assert page.url.startswith(first)
    page.get_by_label("Single characters work as keys").check()
    page.keyboard.press("q")
    page.get_by_role("heading", name="To be reviewed").wait_for()
    mine = page.get_by_role("link", name="Yours: go on")
    assert mine.count() == 1
    mine.click()
    page.get_by_role("button", name="Give back").click()
    page.get_by_role("heading", name="To be reviewed").wait_for()


def test_a_lead_runs_calls_again_and_reads_one_side_by_side(open_as):
    page = open_as(Role.LEAD, "/console/replays")
    page.get_by_role("button", name="Run them again").click()
    page.get_by_role("heading", name="What moved").wait_for()
    page.get_by_text("Done.").wait_for(timeout=60_000)  # the page asks again by itself until it is
    page.get_by_role("link", name="Stayed the same:").click()
    page.get_by_role("link", name=", side by side").first.click()
    page.get_by_role("heading", name="Decided again").wait_for()


def test_the_live_page_asks_again_and_leaves_the_keyboard_where_it_was(open_as, seeded):
    call_id = seeded.place([YES, NO], started_at=seeded.desk.clock(), over=False)  # the seeded one may be long over
    page = open_as(Role.REVIEWER, "/console/live")
    button = page.locator(f"#take-{call_id}")
    button.focus()
    with page.expect_response(lambda response: response.url.endswith("/console/live/now")):
        pass
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == f"take-{call_id}"
