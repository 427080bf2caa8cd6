"""The fast copy of a state is the library's."""

import dataclasses

import pytest

from voicebot.dialog.changing import replace
from voicebot.dialog.state import State, Step


def test_a_copy_has_the_changes_and_all_else_as_it_was():
    before = State(step=Step.SCREEN, failed=2)
    changes = {"failed": 0, "consent": True, "undo": before}
    after = replace(before, **changes)
    assert after == dataclasses.replace(before, **changes)
    assert before == State(step=Step.SCREEN, failed=2)


def test_a_copy_is_frozen_too():
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(State(), failed=1).failed = 2


def test_there_is_no_other_field():
    with pytest.raises(TypeError, match="no such field"):
        replace(State(), unheard_of=1)
