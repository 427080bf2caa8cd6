"""Another engine, fed from the same file by other code, decides every caller alike."""

import pytest

from tests.triage.proof.zen_tables import ZenEvaluator
from voicebot import assets


@pytest.fixture(scope="module")
def second():
    return ZenEvaluator(assets.RULESET.read_text(encoding="utf-8"))


def test_both_evaluators_agree(second, decided):
    states, outcomes = zip(*decided, strict=True)
    for state, ours, theirs in zip(states, outcomes, second.decide(states), strict=True):
        assert ours == theirs, state


@pytest.mark.parametrize("slip", ["Yes", "true", "", None])
def test_an_answer_that_is_missing_or_none_of_the_five_never_passes_for_a_no(second, decided, slip):
    state = dict(decided[0][0])
    state["saddle"] = slip
    if slip is None:
        del state["saddle"]
    with pytest.raises(ValueError, match="lacks an answer"):
        second.decide([state])
