"""A transcript becomes every way to say it, weighted by a bigram that sums to one."""

import itertools

import numpy as np
import pytest

from acoustic.phone_graphs import NUMBER, SILENCE_AT_EDGES, PhoneBigram

LEXICON = {"yes": (("Y", "EH", "S"),), "no": (("N", "OW"),), "a": (("AH",), ("EY",))}


@pytest.fixture(scope="module")
def bigram():
    return PhoneBigram({"yes": 3, "no a": 2, "": 1}, LEXICON)


def ways(graph):
    """Every path from a beginning to an end, as phones, with its weight."""
    names = list(NUMBER)
    found = {}

    def follow(node, said, weight):
        if graph.end[node]:
            key = " ".join(said)
            found[key] = found.get(key, 0) + weight * graph.end[node]
        for source, target, step in zip(graph.source, graph.target, graph.weight, strict=True):
            if source == node:
                follow(target, [*said, names[graph.phones[target]]], weight * step)

    for node in np.flatnonzero(graph.begin):
        follow(node, [names[graph.phones[node]]], graph.begin[node])
    return found


def test_every_phone_is_followed_by_something(bigram):
    silence = NUMBER["SIL"]
    rows = np.delete(bigram.table.sum(axis=1), silence)
    np.testing.assert_allclose(rows, 1)
    assert bigram.table[silence, silence] == 0


def test_the_start_is_silence_as_often_as_assumed(bigram):
    assert bigram.table[-1, NUMBER["SIL"]] == pytest.approx(SILENCE_AT_EDGES, abs=0.005)


def test_what_was_said_often_is_likely(bigram):
    y, eh, n = NUMBER["Y"], NUMBER["EH"], NUMBER["N"]
    assert bigram.table[y, eh] > 0.99 - 0.005
    assert bigram.table[y, n] < 0.001


def test_a_word_is_said_with_or_without_silence_around_it(bigram):
    assert set(ways(bigram.spoken("yes", LEXICON))) == {"Y EH S", "SIL Y EH S", "Y EH S SIL", "SIL Y EH S SIL"}


def test_all_pronunciations_are_ways(bigram):
    said = set(ways(bigram.spoken("no a", LEXICON)))
    assert {"N OW AH", "N OW EY", "SIL N OW SIL EY SIL", "N OW SIL AH"} <= said
    assert len(said) == 2 * 8


def test_nothing_said_is_silence(bigram):
    assert set(ways(bigram.spoken("", LEXICON))) == {"SIL"}


def test_each_way_weighs_what_it_weighs_among_everything(bigram):
    everything = bigram.everything()
    table = {(s, t): w for s, t, w in zip(everything.source, everything.target, everything.weight, strict=True)}
    for said, weight in ways(bigram.spoken("no a", LEXICON)).items():
        phones = [NUMBER[name] for name in said.split()]
        expected = everything.begin[phones[0]] * everything.end[phones[-1]]
        for pair in itertools.pairwise(phones):
            expected *= table[pair]
        assert weight == pytest.approx(expected)


def test_an_unknown_word_is_an_error(bigram):
    with pytest.raises(KeyError, match="maybe"):
        bigram.spoken("maybe", LEXICON)
