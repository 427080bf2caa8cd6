"""Every cell of the table, found by trying: calls get there, and what happens there keeps to the laws of the dialog."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from voicebot.dialog.drawing import page
from voicebot.dialog.effects import Effect, HangUp, Listen, RecordPlace, Say, Transfer
from voicebot.dialog.events import Event, is_event
from voicebot.dialog.inputs import Input, classify
from voicebot.dialog.machine import TABLE, step
from voicebot.dialog.samples import every_event
from voicebot.dialog.spoken import required_prompts
from voicebot.dialog.state import Step
from voicebot.dialog.survey import survey
from voicebot.errors import VoicebotError

PAGE = Path(__file__).parents[2] / "docs" / "dialog.md"
CELLS = [(at, found) for at, row in TABLE.items() for found in row]
ABSENT = [cell for cell in product(Step, Input) if cell[1] not in TABLE[cell[0]]]
SILENT = {Step.RINGING, Step.CLOSING, Step.OVER}
"""Steps at which nobody is asked anything."""


@pytest.fixture(scope="module")
def moves(ruleset):
    """What every cell did, by cell."""
    found = {cell: [] for cell in CELLS}
    for move in survey(ruleset):
        found[move.before.step, move.input].append(move)
    return found


@pytest.fixture(scope="module")
def states(moves):
    """States of every step that calls get to, by step."""
    found = {at: [] for at in Step}
    for made in moves.values():
        for move in made:
            found[move.after.step].append(move.after)
    return found


def test_there_is_an_event_for_every_input(states):
    some = [state for kind in states.values() for state in kind[:20]]
    assert {classify(state, event) for state in some for event in every_event()} == set(Input)


@pytest.mark.parametrize(("at", "found"), CELLS, ids=lambda part: part.value)
def test_calls_get_to_this_cell_and_it_keeps_the_laws(ruleset, moves, at, found):
    assert moves[at, found], "no call gets there: remove the cell, or mend what should lead to it"
    sayable = required_prompts(ruleset)
    for move in moves[at, found]:
        said = [prompt for effect in move.effects if isinstance(effect, Say) for prompt in effect.prompts]
        assert set(said) <= sayable
        assert step(ruleset, move.before, move.event) == (move.after, move.effects), "the same again gives the same"
        endings = [one for one in move.effects if isinstance(one, Listen | RecordPlace | Transfer | HangUp)]
        if move.after.step not in SILENT and move.effects:
            assert isinstance(move.effects[-1], Listen | RecordPlace), "dead air: a question without an ear"
            assert said, "dead air: an ear without a question"
        if move.after.step is Step.CLOSING and move.effects:
            assert isinstance(move.effects[-1], Transfer | HangUp), "dead air: last words that lead nowhere"
        assert endings in ([], [move.effects[-1]] if move.effects else []), "one thing at a time, and it comes last"
        if move.after.step != move.before.step and move.after.step is not Step.OVER:
            assert endings or move.before.step is Step.RINGING, "dead air: the call went on, and nothing is done"


@pytest.mark.parametrize(("at", "found"), ABSENT, ids=lambda part: part.value)
def test_what_is_not_in_the_table_changes_nothing(ruleset, states, at, found):
    for state in states[at][:40]:
        for event in every_event():
            if classify(state, event) is not found:
                continue
            if at is Step.RINGING:
                with pytest.raises(VoicebotError, match="before the caller was connected"):
                    step(ruleset, state, event)
            else:
                assert step(ruleset, state, event) == (state, ())


def test_the_page_is_drawn_from_the_table(ruleset):
    assert PAGE.read_text(encoding="utf-8") == page(ruleset), "run `voicebot dialog page > docs/dialog.md`"


def test_an_event_is_told_from_what_is_to_be_done_whatever_its_kind(ruleset):
    assert {type(one) for one in every_event() if is_event(one)} == set(get_args(Event))
    done = [effect for move in survey(ruleset) for effect in move.effects]
    assert {type(one) for one in done} == set(get_args(Effect))
    assert not any(map(is_event, done))
