"""The callers of the scenarios fill in the form, and their answers go to the API: all is as on the telephone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.web.service import TOKEN, Service
from tests.web.visitor import Visitor
from voicebot.calls.record import read_record
from voicebot.calls.replay import replay
from voicebot.dialog.effects import Say
from voicebot.simulate.caller import SimulatedCaller, asked_in
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.text_calls import TextCalls
from voicebot.triage.levels import RED_FLAG, Urgency

MOST_PAGES = 200
IN_DANGER = "Call 911 now"


def only_answers(file):
    """Return whether this caller does no more than answer, which is all that the form lets anybody do."""
    scenario = tomllib.loads(file.read_text())
    return "on" not in scenario and "called_before" not in scenario.get("line", {})


SCENARIOS = [file for file in sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml")) if only_answers(file)]


@pytest.fixture
def service(ruleset, tmp_path):
    return Service(ruleset, tmp_path, intake_requests_per_minute=1_000_000)


def fill_in(service, scenario):
    """Answer the form as the scenario's caller would; return its pages in order, and the record."""
    caller, visitor = SimulatedCaller(scenario, service.ruleset), Visitor(service)
    pages = [visitor.page]
    visitor.press("Begin")
    (call_id,) = service.store.call_ids()
    while visitor.path != "/intake/result":
        assert len(pages) < MOST_PAGES, "the questions never end"
        pages.append(visitor.page)
        *_, said = [entry.message for entry in service.store.load(call_id) if isinstance(entry.message, Say)]
        fact = caller.fact(asked_in(said.prompts))
        if visitor.page.all("input", type="radio", value=fact):
            visitor.press("Continue", fact)
        else:  # who does not know whether the patient is of age has no other way on
            visitor.press("I want to talk with a person")
    return [*pages, visitor.page], service.store.load(call_id)


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_the_same_is_decided_and_danger_comes_first(file, service, clinic, ruleset):
    scenario = read_scenario(file, ruleset)
    run = TextCalls(clinic).place(scenario, seed=0)
    on_the_telephone = read_record(clinic.store.load(run.call_id)).decision
    pages, record = fill_in(service, scenario)
    decision = read_record(record).decision
    assert decision == on_the_telephone
    assert replay(ruleset, record) is None

    for page in pages:
        first, second, *_ = [link.attributes["href"] for link in page.all("a") if "tel:" in link.attributes["href"]]
        assert (first, second) == ("tel:911", "tel:988")
    *asking, result = pages
    assert (result.one("h1").text == IN_DANGER) is (decision is not None and decision["urgency"] == Urgency.CALL_911)
    assert IN_DANGER not in [page.one("h1").text for page in asking], "who is told to call is asked nothing more"

    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = service.client().post("/api/v1/triage", json=run.facts.answers, headers=headers).get_json()
    assert told == told | (decision or {})
    assert told["urgency"] < RED_FLAG or "spine" not in told["destinations"]
