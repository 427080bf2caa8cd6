"""How an open question is put: which prompts, which grammar, how long to wait; and how its answer is written down."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Effect, Listen, Say
from voicebot.dialog.events import Channel
from voicebot.dialog.inputs import is_red_flag
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import Asking, State, Step
from voicebot.triage.answers import Answer
from voicebot.triage.engine import answer_screen, next_screen
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.ruleset import RuleSet

GRAMMAR = "yes_no"
FIRST_NO_INPUT_MS = 5000
NEXT_NO_INPUT_MS = 7000
"""Silence that counts as no answer: 5 s at first, 7 s after a failed turn (usual in voice response systems)."""
_PATIENCE_MS = {Step.STAYING: 20_000}
"""Steps where silence is borne for longer."""
NUMBER_DIGITS = 10
"""A North American number without the country code."""
_FIXED = {
    Step.TOPIC: "about_leg",
    Step.GOING_ON: "welcome_back",
    Step.FOR_SELF: "for_self",
    Step.ABOUT_PATIENT: "about_patient",
    Step.ADULT: "adult",
    Step.CONSENT: "consent",
    Step.NUMBER: "number",
    Step.OTHER_NUMBER: "other_number",
    Step.CALL_BACK: "call_back",
    Step.CALL_BACK_TIME: "call_back_time",
    Step.WILL_CALL: "will_call",
    Step.WITH_PATIENT: "with_patient",
    Step.PLACE_CONSENT: "place_consent",
    Step.STAYING: "staying",
}
"""Prompt ids of the questions that are the same whatever the rule set."""
_RETOLD = {Step.SCREEN, *_FIXED}
"""Steps whose question has a second wording."""


def next_asking(ruleset: RuleSet, state: State) -> Asking | None:
    """Return the question to put now: the rest of a screen being asked one by one, else what the engine picks."""
    if state.drilling:
        return _single(ruleset, state.drilling[0])
    screen = next_screen(ruleset, state.answers)
    if screen is None:
        return None
    if len(screen.questions) == 1:
        return _single(ruleset, screen.questions[0])
    return Asking(f"screen.{screen.id}", screen.questions, screen.level, screen.id)


def _single(ruleset: RuleSet, question_id: str) -> Asking:
    question = ruleset.questions[question_id]
    return Asking(f"q.{question_id}", (question_id,), question.level, question.screen)


def take_answer(ruleset: RuleSet, state: State, answer: Answer) -> tuple[Mapping[str, Answer], tuple[str, ...]]:
    """Return the answers and the questions still to be asked one by one, after `answer` to the open question.

    A screen below call-911 level that is answered "yes" or "not sure" is asked item by item; at call-911 level there is
    no time for that, and whoever would rather not say is not pressed item by item. When every item then gets a "no",
    the two contradict each other and the items stay unknown: a red flag that could not be cleared keeps its weight.
    """
    asking = state.asking
    assert asking is not None
    if asking.grouped:
        if answer in {Answer.NO, Answer.DECLINED} or asking.level >= Urgency.CALL_911:
            return answer_screen(ruleset, state.answers, asking.screen, answer), ()
        return state.answers, asking.ids
    answers = {**state.answers, asking.ids[0]: answer}
    if not state.drilling:
        return answers, ()
    left = state.drilling[1:]
    members = ruleset.screens[asking.screen].questions
    if answer is Answer.YES:
        return answers, ()
    if not left and all(answers.get(member) is Answer.NO for member in members):
        return {**answers, **dict.fromkeys(members, Answer.UNKNOWN)}, ()
    return answers, left


def prompt_of(state: State) -> str:
    """Return the prompt id of what is being asked."""
    match state.step:
        case Step.SCREEN:
            return _open(state).prompt
        case Step.CONFIRM:
            return f"confirm.{state.doubt or Meaning.YES}"
        case Step.READ_BACK:
            return f"{_open(state).prompt}.read_back"
        case step:
            return _FIXED[step]


def help_of(state: State) -> str:
    """Return the prompt id that explains the open question."""
    return f"{_FIXED.get(state.open_step) or _open(state).prompt}.help"


def _open(state: State) -> Asking:
    assert state.asking is not None
    return state.asking


def ask(state: State, *, before: tuple[str, ...] = (), suffix: str = "") -> tuple[Effect, ...]:
    """Return the effects that put the open question, after the prompts `before`.

    `suffix` `.again` takes the second wording where there is one. What is said before the question can be cut short
    only by a key, except a reprompt, which a caller who knows the answer may talk over.
    """
    asked = prompt_of(state)
    spoken = asked + (suffix if state.step in _RETOLD else "")
    keys_only = state.channel is Channel.TURNS and not state.consent
    hint = ("keys_short",) if keys_only and state.step is not Step.OTHER_NUMBER else ()
    question = _say((spoken, *hint), interruptible=True)
    listen = _listen(
        asking=asked,
        no_input_ms=_PATIENCE_MS.get(state.step) or (NEXT_NO_INPUT_MS if state.failed else FIRST_NO_INPUT_MS),
        red_flag=is_red_flag(state),
        keep_audio=bool(state.consent),
        digits=NUMBER_DIGITS if state.step is Step.OTHER_NUMBER else 0,
    )
    return (_say(before, interruptible=state.failed > 0), question, listen) if before else (question, listen)


@lru_cache(maxsize=1024)
def _say(prompts: tuple[str, ...], *, interruptible: bool) -> Say:
    """Return what says `prompts`. Every call puts the same few questions, so their effects are made once."""
    return Say(prompts, interruptible)


@lru_cache(maxsize=1024)
def _listen(*, asking: str, no_input_ms: int, red_flag: bool, keep_audio: bool, digits: int) -> Listen:
    """Return what waits for the answer."""
    return Listen(asking, GRAMMAR, no_input_ms, red_flag, keep_audio, digits=digits)
