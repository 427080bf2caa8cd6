"""Pages to staff: what is sent, how it is signed, and that nothing is lost when nobody takes it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.calls.entries import Entry
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import load_settings, serving_faults
from voicebot.dialog.effects import PageReason, PageStaff
from voicebot.dialog.events import Channel, HungUp
from voicebot.errors import VoicebotError
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony import pager as pager_module
from voicebot.telephony.pager import ATTEMPTS, SIGNATURE_HEADER, TIMESTAMP_HEADER, Pager

SECRET = "s" * 32
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def make_pager(store, outside):
    def make(**settings):
        chosen = {"page_url": f"{outside.url}/pages/", "page_secret": SECRET, "public_url": "https://line.example.org"}
        return Pager(load_settings(**(chosen | settings)), store, pause_s=0)

    return make


def raise_page(store, reason=PageReason.REFUSED, minute=0):
    started_at = NOON + timedelta(minutes=minute)
    call = store.start_call(
        channel=Channel.STREAM, started_at=started_at, ruleset=RuleSetSnapshot("0" * 64, "rules", "1", "")
    )
    store.append(call.call_id, [Entry(0, HungUp(0)), Entry(1, PageStaff(reason))])
    return call.call_id


def test_a_page_tells_which_call_and_why_and_nothing_else(store, make_pager, outside):
    call_id = raise_page(store, PageReason.CRISIS)
    assert make_pager().deliver()
    (page,) = outside.taken
    assert json.loads(page.body) == {
        "page_id": f"{call_id}.1",
        "call_id": call_id,
        "reason": "crisis",
        "at": "2026-11-22T12:00:00+00:00",
        "url": f"https://line.example.org/console/calls/{call_id}",
    }


def test_without_a_public_address_there_is_no_link(store, make_pager, outside):
    raise_page(store)
    make_pager(public_url=None).deliver()
    (page,) = outside.taken
    assert "url" not in json.loads(page.body)


@pytest.mark.parametrize("reason", PageReason)
def test_no_reason_has_a_word_of_health_or_of_the_caller(reason):
    assert reason.value in {"refused_911", "crisis", "not_taken", "caller_gone"}


def test_a_page_is_signed_over_its_time_and_body(store, make_pager, outside):
    raise_page(store)
    make_pager().deliver()
    (page,) = outside.taken
    signed = f"{page.headers[TIMESTAMP_HEADER]}.".encode() + page.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert page.headers[SIGNATURE_HEADER] == f"sha256={expected}"
    assert abs(int(page.headers[TIMESTAMP_HEADER]) - datetime.now(UTC).timestamp()) < 60


def test_a_page_that_was_taken_is_sent_once(store, make_pager, outside):
    raise_page(store)
    pager = make_pager()
    assert pager.deliver()
    assert pager.deliver()
    assert len(outside.taken) == 1
    assert store.unsent_pages() == []
    assert len(store.pages()) == 1, "delivered is not seen to"


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_page_that_was_not_taken_is_tried_again_and_then_kept(store, make_pager, outside, status):
    raise_page(store)
    outside.status = status
    assert not make_pager().deliver()
    assert len(outside.taken) == ATTEMPTS
    assert len(store.unsent_pages()) == 1
    outside.status = 200
    assert make_pager().deliver(), "another process goes on"
    assert store.unsent_pages() == []


def test_the_newest_page_does_not_wait_behind_those_that_nobody_takes(store, make_pager, outside):
    raise_page(store, minute=0)
    newest = raise_page(store, minute=5)
    outside.status = 500
    make_pager().deliver()
    tried = [json.loads(page.body)["call_id"] for page in outside.taken]
    assert tried[:ATTEMPTS] == [newest] * ATTEMPTS
    assert len(tried) == ATTEMPTS + 1


def test_a_page_that_somebody_has_seen_to_is_not_sent(store, make_pager, outside):
    call_id = raise_page(store)
    store.acknowledge_page(f"{call_id}.1", "Nurse Joy", NOON)
    assert make_pager().deliver()
    assert outside.taken == []


def test_an_address_that_is_not_there_is_no_error(store, make_pager):
    raise_page(store)
    assert not make_pager(page_url="http://127.0.0.1:9/").deliver()
    assert len(store.unsent_pages()) == 1


def test_the_thread_goes_on_after_a_store_that_fails_and_ends_when_told(store, make_pager, outside, monkeypatch):
    monkeypatch.setattr(pager_module, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(pager_module, "AFTER_FAILURE_S", 0.01)
    delivered, fails = threading.Event(), [VoicebotError("store_failed", ""), RuntimeError()]
    unsent, sent = store.unsent_pages, store.page_sent

    def look():
        if fails:
            raise fails.pop()
        return unsent()

    def note(page_id, at):
        delivered.set()
        return sent(page_id, at)

    monkeypatch.setattr(store, "unsent_pages", look)
    monkeypatch.setattr(store, "page_sent", note)
    raise_page(store)
    pager = make_pager()
    thread = pager.start()
    assert delivered.wait(30)
    pager.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert len(outside.taken) == 1


def test_an_address_without_a_secret_is_not_ready_to_serve():
    faults = serving_faults(load_settings(page_url="https://pager.example.org/"))
    assert any("VOICEBOT_PAGE_SECRET" in fault for fault in faults)


def test_pages_go_over_tls_only():
    with pytest.raises(VoicebotError, match="VOICEBOT_PAGE_URL"):
        load_settings(page_url="http://pager.example.org/")
