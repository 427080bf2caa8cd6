"""Whether pages to staff have somewhere to go, and whether one waits."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from voicebot.calls.entries import Entry
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import load_settings
from voicebot.dialog.effects import PageReason, PageStaff
from voicebot.dialog.events import Channel, HungUp
from voicebot.doctor.findings import Status
from voicebot.doctor.paging import check_pages
from voicebot.wiring import open_store

ADDRESS = {"page_url": "https://pager.example.org/", "page_secret": "s" * 32}


@pytest.fixture
def settings(tmp_path):
    return lambda **chosen: load_settings(data_dir=tmp_path / "data", **chosen)


@pytest.fixture
def waiting_page(settings):
    with closing(open_store(settings())) as store:
        call = store.start_call(
            channel=Channel.STREAM,
            started_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
            ruleset=RuleSetSnapshot("0" * 64, "rules", "1", ""),
        )
        store.append(call.call_id, [Entry(0, HungUp(0)), Entry(1, PageStaff(PageReason.CRISIS))])


def test_an_address_and_a_secret_are_well_and_no_database_is_made(settings):
    assert check_pages(settings(**ADDRESS)).status is Status.OK
    assert not settings().data_dir.exists()


def test_without_an_address_pages_are_only_listed(settings):
    verdict = check_pages(settings())
    assert verdict.status is Status.WARNING
    assert "only listed" in verdict.what


def test_an_address_without_a_secret_is_an_error(settings):
    assert check_pages(settings(page_url=ADDRESS["page_url"])).status is Status.ERROR


@pytest.mark.usefixtures("waiting_page")
def test_a_page_that_waits_is_told(settings):
    verdict = check_pages(settings(**ADDRESS))
    assert verdict.status is Status.WARNING
    assert verdict.what.startswith("1 pages")
    assert "1 of them" in check_pages(settings()).what
