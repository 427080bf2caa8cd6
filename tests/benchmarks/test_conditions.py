import numpy as np
import pytest

from benchmarks.hearing_parts.conditions import ALL, MAIN, RECORDED, SPOKEN, apply, variants, variants_for
from benchmarks.hearing_parts.verdicts import FIGURES


@pytest.mark.parametrize("condition", [*ALL, SPOKEN], ids=lambda condition: condition.name)
def test_every_condition_can_be_made_in_every_variant_and_is_repeatable(condition, clips, word, bank):
    for variant in variants(condition, bank):
        first, again = (apply(condition, variant, clips[0], word, bank) for _ in range(2))
        assert first.samples.dtype == np.int16
        assert (first.samples == again.samples).all()
        assert 0 <= first.starts_ms < first.ends_ms <= len(first.samples) / 8
        assert (condition in {RECORDED, SPOKEN}) == (first is word)


def test_yes_and_no_are_heard_in_every_noise_and_other_words_in_one_by_turns(clips, bank):
    noisy = MAIN[1]
    answer, *others = clips
    assert variants_for(answer, noisy, bank) == variants(noisy, bank)
    turns = [variants_for(other, noisy, bank) for other in others]
    assert {len(turn) for turn in turns} == {1}
    assert {turn[0] for turn in turns} == set(variants(noisy, bank))


def test_the_figures_to_reach_are_those_of_the_main_conditions():
    assert [condition.name for condition in MAIN] == list(FIGURES)
    assert len({condition.name for condition in ALL}) == len(ALL)
