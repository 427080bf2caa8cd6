"""Whoever is rung: asked by key first, told one sentence then, joined to the caller last. A machine hears nothing."""

from __future__ import annotations

import pytest

from tests.telephony.conftest import BASE, CALLER, FRONT_DESK, NURSE, Carrier, dialed, said, tags
from voicebot.dialog.events import NoInput, StaffReplied, StaffReply, TransferEnded, TransferOutcome
from voicebot.errors import VoicebotError
from voicebot.storage.memory_store import MemoryStore


@pytest.fixture
def urgent(carrier):
    """A call that was just put through to the nurse, as a warning sign could not be cleared."""
    document = carrier.press(carrier.post("/voice/incoming"), "1")
    for _ in range(3):
        document = carrier.follow(document)
    assert dialed(document) == NURSE
    return document


def test_whoever_accepts_is_told_about_the_caller_and_joined_to_them(carrier, urgent):
    offered, taken = carrier.answers_the_telephone(urgent, "1")
    assert set(said(offered)) == {"whisper.offer"}
    assert tags(offered)[-1] == "Hangup"
    assert said(taken) == ["whisper.unclear"]
    assert tags(taken) == ["Play"], "the end of the document joins the two"
    assert carrier.events()[-1].reply is StaffReply.ACCEPTED


@pytest.mark.parametrize(
    ("key", "reply", "expected"),
    [
        ("", StaffReply.SILENT, TransferOutcome.VOICEMAIL),
        ("2", StaffReply.DECLINED, TransferOutcome.DECLINED),
        ("*", StaffReply.DECLINED, TransferOutcome.DECLINED),
    ],
)
def test_who_does_not_accept_hears_nothing_about_the_caller_and_is_never_joined(carrier, urgent, key, reply, expected):
    offered, dismissed = carrier.answers_the_telephone(urgent, key)
    assert set(said(offered) + said(dismissed)) == {"whisper.offer"}
    assert tags(dismissed) == ["Hangup"]
    assert carrier.events()[-1].reply is reply
    following = carrier.dial_ends(urgent, DialBridged="false")
    assert carrier.events()[-1].outcome is expected
    assert said(following)[:2] == ["advice.call_911", f"transfer.{expected}"]
    assert dialed(following) == FRONT_DESK


def test_who_hangs_up_without_a_key_has_declined(carrier, urgent):
    carrier.dial_ends(urgent, DialBridged="false")
    assert carrier.events()[-1].outcome is TransferOutcome.DECLINED


def test_the_same_key_again_gets_the_same_answer_and_counts_once(carrier, urgent):
    first = carrier.answers_the_telephone(urgent, "1")
    record = carrier.record()
    assert carrier.answers_the_telephone(urgent, "1") == first
    assert carrier.answers_the_telephone(urgent, "2") == first, "the first reply holds"
    assert carrier.record() == record


def test_a_reply_that_comes_when_the_caller_is_gone_is_told_so(carrier, urgent):
    carrier.send("/voice/status", CallStatus="completed")
    _, answered = carrier.answers_the_telephone(urgent, "1")
    assert said(answered) == ["whisper.caller_gone"]
    assert tags(answered)[-1] == "Hangup"
    assert not [event for event in carrier.events() if isinstance(event, StaffReplied)]


def test_a_reply_to_a_transfer_that_is_over_joins_nobody(carrier, urgent):
    carrier.dial_ends(urgent, "no-answer")
    _, answered = carrier.answers_the_telephone(urgent, "1")
    assert tags(answered)[-1] == "Hangup"


def test_a_late_end_of_an_earlier_transfer_changes_nothing(carrier, urgent):
    second = carrier.dial_ends(urgent, "no-answer")
    assert dialed(second) == FRONT_DESK
    record = carrier.record()
    assert carrier.dial_ends(urgent, "busy") == second
    assert carrier.record() == record


def test_a_webhook_of_the_caller_sent_again_after_a_reply_still_gets_the_transfer(carrier, urgent):
    carrier.answers_the_telephone(urgent, "1")
    record = carrier.record()
    assert dialed(carrier.post(f"/voice/turn?n={len(record) - 2}&silent=1")) == NURSE
    assert carrier.record() == record


@pytest.mark.parametrize("place", ["", "&n=0", "&n=-1", "&n=99", "&n=x"])
def test_a_reply_to_no_transfer_is_not_noted(carrier, place):
    carrier.post("/voice/incoming")
    record = carrier.record()
    answered = carrier.post(f"/voice/staff/key?call={carrier.call().call_id}{place}", Digits="1")
    assert tags(answered)[-1] == "Hangup"
    assert carrier.record() == record


def test_a_reply_while_a_question_is_open_is_not_noted(carrier):
    carrier.follow(carrier.post("/voice/incoming"))
    record = carrier.record()
    assert isinstance(carrier.events()[-1], NoInput)
    place = f"call={carrier.call().call_id}&n={len(record)}"
    assert tags(carrier.post(f"/voice/staff/key?{place}", Digits="1"))[-1] == "Hangup"
    assert carrier.record() == record


@pytest.mark.parametrize("path", ["offer", "key"])
def test_for_an_unknown_call_it_hangs_up(carrier, path):
    assert tags(carrier.post(f"/voice/staff/{path}?call=nobody&n=3", Digits="2")) == ["Hangup"]


def test_both_are_refused_without_a_signature(carrier):
    for path in ("offer", "key"):
        assert carrier.send(f"/voice/staff/{path}?call=a&n=1", token="wrong").status_code == 403


class Full(MemoryStore):
    """A store whose disk is full once `full` is set."""

    full = False

    def append(self, call_id, entries):
        if self.full:
            raise VoicebotError("store_failed", "The disk is full.")
        super().append(call_id, entries)


@pytest.mark.parametrize(("key", "joined"), [("1", True), ("2", False), ("", False)])
def test_when_nothing_can_be_stored_only_a_person_who_pressed_the_key_is_joined(make_parts, key, joined):
    store = Full()
    carrier = Carrier(make_parts(streaming=False, store=store))
    document = carrier.press(carrier.post("/voice/incoming"), "0")
    store.full = True
    _, answered = carrier.answers_the_telephone(document, key)
    assert tags(answered) == ([] if joined else ["Hangup"])


def test_the_reply_is_kept_through_the_end_of_a_stream(streaming):
    streaming.post("/voice/incoming")
    document = streaming.press(streaming.post("/voice/resume"), "0")
    streaming.answers_the_telephone(document, "")
    streaming.dial_ends(document)
    ended = streaming.events()[-1]
    assert isinstance(ended, TransferEnded)
    assert ended.outcome is TransferOutcome.VOICEMAIL


def test_no_number_is_in_what_staff_are_asked(carrier, urgent):
    number = next(verb for verb in urgent if verb.tag == "Dial").nested[0]
    assert CALLER.removeprefix("+") not in number.attributes["url"]
    assert number.attributes["url"].startswith(f"{BASE}/voice/staff/offer?call={carrier.call().call_id}&n=")
