"""Who is cut off has told what the scenario says by then, and nothing after it."""

from __future__ import annotations

import pytest

from tests.simulate.conftest import SCENARIOS
from voicebot.calls.unfinished import left_open
from voicebot.dialog.asking import GRAMMAR
from voicebot.dialog.effects import Say
from voicebot.dialog.events import Channel, Connected, Heard, HungUp
from voicebot.simulate.earlier_call import CutOffCaller, earlier_call
from voicebot.simulate.scenario import Act, read_scenario
from voicebot.triage.levels import RED_FLAG


@pytest.fixture
def caller(make_scenario, ruleset):
    def make(answers):
        before = earlier_call(make_scenario(answers={"sit": "no"}, line={"called_before": answers}))
        return CutOffCaller(before, ruleset)

    return make


@pytest.mark.parametrize("name", ["calls-again-goes-on", "calls-again-begins-anew"])
def test_what_a_scenario_tells_of_can_have_been_told_on_a_call_that_was_cut_off(name, clinic, ruleset):
    scenario = read_scenario(SCENARIOS / f"{name}.toml", ruleset)
    caller, session = CutOffCaller(earlier_call(scenario), ruleset), clinic.new_call(Channel.TEXT)
    event = Connected(0, Channel.TEXT)
    while not isinstance(event, HungUp):
        acts = [caller.hears(effect.prompts) for effect in session.handle(event) if isinstance(effect, Say)]
        said = next(act for act in reversed(acts) if act)
        event = HungUp(0) if said.hang_up else Heard(0, clinic.grammars.understand(GRAMMAR, said.say), 1.0)
    told = left_open(ruleset, [entry.message for entry in clinic.store.load(session.call_id)])
    known = {name: answer for name, answer in scenario.line.called_before.items() if not is_red(ruleset, name)}
    assert told == known


def is_red(ruleset, question):
    return ruleset.questions[question].level >= RED_FLAG


def test_there_is_an_earlier_call_only_where_one_is_told_of(make_scenario):
    assert earlier_call(make_scenario()) is None


def test_the_caller_is_gone_with_the_question_after_the_last_answer(caller):
    one = caller({"sit": "yes", "walk": "unknown"})
    assert one.hears(["greeting", "about_leg"]) == Act(say="yes")
    assert one.hears(["q.walk"]) == Act(say="i don't know")
    assert one.hears(["q.sit"]) == Act(say="yes")
    assert one.hears(["one_moment"]) is None
    assert one.hears(["q.stand"]) == Act(hang_up=True)


def test_no_to_a_group_answers_all_of_its_questions_and_yes_none(caller, ruleset):
    group = next(screen for screen in ruleset.screens.values() if screen.is_group)
    first, *_ = group.questions
    denies, admits = caller({first: "no"}), caller({first: "yes"})
    for one in (denies, admits):
        assert not one.hears([f"screen.{group.id}"]).hang_up
    assert denies.hears(["q.sit"]).hang_up
    assert admits.hears([f"q.{first}"]) == Act(say="yes")
    assert admits.hears(["q.sit"]).hang_up
