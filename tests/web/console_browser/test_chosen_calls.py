"""Calls of the list, ticked and taken out."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from voicebot.staff.roles import Role


def test_all_calls_of_a_page_are_ticked_and_taken_out_but_for_one(open_as):
    page = open_as(Role.LEAD, "/console/calls")
    each = page.locator("tbody input[name=call]")
    page.get_by_label("All on this page").check()
    for box in each.all():
        expect(box).to_be_checked()
    each.first.uncheck()
    left_out = each.first.get_attribute("value")
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    lines = Path(download.value.path()).read_text().splitlines()
    taken = [json.loads(line)["call_id"] for line in lines]
    assert len(taken) == each.count() - 1
    assert left_out not in taken
