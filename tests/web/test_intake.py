"""The web form asks and decides as the telephone line does, one page a question, and keeps the record of a call."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.service import FRONT_DESK, NURSE, SCHEDULING, Service
from tests.web.visitor import Visitor
from voicebot.calls.record import read_record
from voicebot.calls.replay import replay
from voicebot.dialog.events import Channel, Connected
from voicebot.dialog.machine import fold
from voicebot.triage.answers import Answer
from voicebot.triage.engine import decide

YES, UNKNOWN, DECLINED = Answer.YES, Answer.UNKNOWN, Answer.DECLINED


@pytest.fixture
def service(ruleset, tmp_path):
    return Service(ruleset, tmp_path, intake_requests_per_minute=1_000_000)


@pytest.fixture
def visitor(service):
    return Visitor(service)


def record_of(service):
    (call_id,) = service.store.call_ids()
    return call_id, service.store.load(call_id)


def numbers_on(page):
    return {link.attributes["href"] for link in page.all("a") if link.attributes["href"].startswith("tel:")}


def first_question_at(ruleset, level):
    """Return a question whose yes alone gives `level`, asked on a page of its own or in a group."""
    return next(
        question.id
        for question in ruleset.questions.values()
        if question.level == level
        and question.screen
        and not question.asked_if
        and decide(ruleset, {question.id: YES}).urgency == level
    )


@pytest.mark.parametrize(
    ("level", "heading", "number"),
    [
        (5, "Call 911 now", None),
        (4, "Go to an emergency room now", None),
        (3, "See a nurse or doctor today", NURSE),
        (2, "See your primary care doctor in the next few days", None),
        (1, "Book a visit with our spine team", SCHEDULING),
        (0, "Please call our front desk", FRONT_DESK),
    ],
)
def test_every_level_is_reached_and_told(service, visitor, level, heading, number):
    answers = {first_question_at(service.ruleset, level): YES} if level else {}
    visitor.begin()
    page = visitor.answer(answers)
    assert visitor.heading == heading
    assert numbers_on(page) - {"tel:911", "tel:988"} == ({f"tel:{number}"} if number else set())
    assert ("If nobody answers:" in page.text) is (level == 3)
    call_id, entries = record_of(service)
    assert service.store.call(call_id).urgency == level
    decision = read_record(entries).decision
    assert [rule["id"] for rule in decision["rules"]]
    top = [rule.spoken for rule in service.ruleset.rules if rule.id in {fired["id"] for fired in decision["rules"]}]
    assert any(reason in page.text for reason in top)
    assert page.text.count("do not drive yourself") + page.text.count("Do not drive yourself") == (level >= 4)


def test_scheduling_is_given_only_to_whom_the_rules_send_there(service, visitor):
    visitor.begin()
    page = visitor.answer({"saddle": UNKNOWN, "sit": YES})
    assert visitor.heading != "Book a visit with our spine team"
    assert f"tel:{SCHEDULING}" not in numbers_on(page)
    assert f"tel:{NURSE}" in numbers_on(page)
    assert "If nobody answers:" in page.text


def test_whatever_is_answered_the_decision_is_the_engines_and_replays(ruleset, tmp_path):
    asked = sorted(question.id for question in ruleset.questions.values() if question.screen)
    service = Service(ruleset, tmp_path, intake_requests_per_minute=1_000_000)

    @given(st.dictionaries(st.sampled_from(asked), st.sampled_from([YES, UNKNOWN, DECLINED]), max_size=4))
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    def same(answers):
        visitor = Visitor(service)
        visitor.begin()
        visitor.answer(answers)
        call_id = service.store.list_calls(1)[0].call_id
        entries = service.store.load(call_id)
        state, _ = fold(ruleset, [entry.message for entry in entries if hasattr(entry.message, "at_ms")])
        assert read_record(entries).decision == json.loads(json.dumps(decide(ruleset, state.answers).to_json()))
        assert replay(ruleset, entries) is None
        flags = {name for name, answer in answers.items() if answer is YES} & state.answers.keys()
        assert all(state.answers[name] is YES for name in flags if not _spoken_for_by_a_screen(ruleset, name))

    same()


def _spoken_for_by_a_screen(ruleset, name):
    return len(ruleset.screens[ruleset.questions[name].screen].questions) > 1


def test_the_record_is_that_of_a_call(service, visitor):
    visitor.begin()
    visitor.answer({"saddle": YES})
    call_id, entries = record_of(service)
    row = service.store.call(call_id)
    assert row.channel is Channel.WEB
    assert row.ended_at is not None
    assert row.outcome == "emergency_room"
    assert row.ruleset_sha256 == service.parts.snapshot.sha256
    messages = [entry.message for entry in entries]
    assert [message.type for message in messages[:2]] == ["call_started", "connected"]
    assert Connected(0, Channel.WEB) in messages
    assert "keep_audio" not in {message.type for message in messages}
    assert "consent" not in read_record(entries).questions


def test_another_topic_leads_to_the_front_desk(visitor):
    visitor.begin(about_leg="No")
    assert visitor.path == "/intake/result"
    assert visitor.heading == "Please call our front desk"
    assert f"tel:{FRONT_DESK}" in numbers_on(visitor.page)


def test_a_person_is_offered_at_every_question_and_pressing_advice_comes_first(visitor):
    visitor.begin()
    visitor.choose("Prefer not to say")
    visitor.press("I want to talk with a person")
    assert visitor.heading == "Go to an emergency room now"
    assert f"tel:{FRONT_DESK}" in numbers_on(visitor.page)


def test_not_sure_about_a_red_flag_is_asked_once_more_in_other_words(visitor):
    first = visitor.begin() and visitor.heading
    visitor.choose("Not sure")
    assert visitor.heading != first
    assert any("other words" in note for note in visitor.notes)


def test_a_no_to_several_signs_is_checked(visitor):
    asked = visitor.begin() and visitor.heading
    visitor.choose("No")
    assert visitor.page.one("p", id="denied").text == asked
    visitor.choose("No, ask me about each of them")
    assert visitor.heading != asked
    assert not visitor.page.all("p", id="denied")


def test_going_back_opens_the_answer_before(visitor):
    first = visitor.begin() and visitor.heading
    assert "Go back one question" not in visitor.page.text
    visitor.choose("Prefer not to say")
    visitor.press("Go back one question")
    assert visitor.heading == first
    assert any("went back" in note for note in visitor.notes)


def test_choosing_nothing_is_an_error_that_is_told_first(service, visitor):
    visitor.begin()
    _, before = record_of(service)
    visitor.press("Continue")
    assert visitor.response.status_code == 422
    assert visitor.page.one("title").text.startswith("Error:")
    summary = visitor.page.one("div", role="alert")
    assert "autofocus" in summary.attributes
    target = summary.one("a").attributes["href"].removeprefix("#")
    assert visitor.page.one("input", id=target).attributes["type"] == "radio"
    assert "error" in visitor.page.one("fieldset").attributes["aria-describedby"].split()
    assert record_of(service)[1] == before


@pytest.mark.parametrize("answer", ["perhaps", "emergency", "repeat", "", "yes\x00", "YES", "'; drop table calls"])
def test_an_answer_no_page_offers_changes_nothing(service, visitor, answer):
    visitor.begin()
    _, before = record_of(service)
    visitor.press("Continue", answer)
    assert visitor.response.status_code == 422
    assert record_of(service)[1] == before


def test_an_answer_sent_twice_counts_once(service, visitor):
    visitor.begin()
    visitor.choose("Prefer not to say")
    heading, (path, fields), (_, before) = visitor.heading, visitor.sent, record_of(service)
    visitor.get(visitor.post(path, fields).headers["Location"])
    assert visitor.heading == heading
    assert visitor.notes == []
    assert record_of(service)[1] == before


def test_another_answer_from_a_page_left_behind_is_not_taken_and_that_is_told(service, visitor):
    visitor.begin()
    visitor.choose("Prefer not to say")
    heading, (path, fields), (_, before) = visitor.heading, visitor.sent, record_of(service)
    visitor.get(visitor.post(path, fields | {"answer": "yes"}).headers["Location"])
    assert visitor.heading == heading
    assert any("nothing was changed" in note for note in visitor.notes)
    assert record_of(service)[1] == before


@pytest.mark.parametrize("place", ["-1", "0", "9999", "x", "", "1e9", "99999999999999999999"])
def test_an_answer_to_no_question_changes_nothing(service, visitor, place):
    visitor.begin()
    (path, fields), (_, before) = visitor.sent, record_of(service)
    assert visitor.post(path, fields | {"n": place}).status_code == 303
    assert record_of(service)[1] == before


def test_beginning_twice_begins_one_visit(service, visitor):
    visitor.press("Begin")
    path, fields = visitor.sent
    visitor.post(path, fields)
    assert len(service.store.call_ids()) == 1


def test_coming_back_goes_on_or_begins_again(service, visitor):
    visitor.begin()
    heading = visitor.heading
    visitor.get("/intake")
    assert "You have already begun." in visitor.page.text
    visitor.get("/intake/question")
    assert visitor.heading == heading
    visitor.get("/intake")
    visitor.press("Begin again and forget my answers here")
    assert "Begin" in [button.text for button in visitor.page.all("button")]
    visitor.begin()
    assert len(service.store.call_ids()) == 2
    assert [service.store.call(call_id).outcome for call_id in service.store.call_ids()].count("hung_up") == 1


def test_a_visit_that_ran_out_is_not_shown_and_another_can_begin(service, visitor, monkeypatch):
    visitor.begin()
    sent = visitor.sent
    monkeypatch.setattr("voicebot.web.intake_visits.KEPT_FOR", timedelta(seconds=-1))
    visitor.get("/intake/question")
    assert visitor.path == "/intake"
    assert visitor.post(*sent).status_code == 403, "the page has a new secret now"
    monkeypatch.undo()
    visitor.begin()
    assert len(service.store.call_ids()) == 2


def test_after_finishing_the_browser_shows_nothing_any_more(visitor):
    visitor.begin()
    visitor.answer({"saddle": YES})
    visitor.press("Finish, and forget my answers on this device")
    visitor.get("/intake/result")
    assert visitor.path == "/intake"


def test_visits_take_no_line_from_callers(service, visitor):
    visitor.begin()
    assert service.client().get("/healthz").get_json()["calls"] == 0
