"""Signing in and out as a person does it, by keyboard alone."""

from __future__ import annotations

from tests.web.console.staffed import PASSWORD
from voicebot.staff.roles import Role


def press_until(page, name, key="Tab", most=60):
    """Press `key` until what has the focus has this name."""
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
            " || document.activeElement.name || ''"
        )
        if focused.strip() == name:
            return
    raise AssertionError(f"{key} never reaches {name!r}")


def test_a_stranger_signs_in_by_keyboard_and_lands_where_they_wanted_to_go(open_as, seeded):
    page = open_as(None, "/console/audit")
    assert "/console/sign-in" in page.url
    press_until(page, "name")
    page.keyboard.type(Role.AUDITOR.value)
    press_until(page, "password")
    page.keyboard.type("something else")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert "Name or password is wrong." in page.get_by_role("alert").inner_text()
    press_until(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Audit", level=1).wait_for()
    assert page.url.endswith("/console/audit")
    press_until(page, "Sign out")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_the_keyboard_can_skip_the_menu(open_as):
    page = open_as(Role.LEAD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_an_admin_adds_an_account_whose_password_works(open_as):
    page = open_as(Role.ADMIN, "/console/users")
    page.get_by_label("Name").fill("new.nurse")
    page.get_by_label("reviewer:").check()
    page.get_by_role("button", name="Add").click()
    password = page.locator("#password").inner_text()
    fresh = open_as(None)
    fresh.get_by_label("Name").fill("New.Nurse")
    fresh.get_by_label("Password").fill(password)
    fresh.get_by_role("button", name="Sign in").click()
    fresh.get_by_role("heading", name="Good to see you").wait_for()
