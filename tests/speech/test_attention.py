"""When a recognizer may doze, told by levels alone."""

import pytest

from voicebot.speech.attention import CALM_MS, LEARNED_MS, Attention
from voicebot.speech.quiet import PIECE_MS

BACKGROUND = -50.0


def after(attention, *pieces, background_db=BACKGROUND, words=False):
    """Return whether it is awake after (level in dB, ms) one after another."""
    for level_db, ms in pieces:
        for _ in range(ms // PIECE_MS):
            attention.hear(level_db, background_db, words=words)
    return attention.awake


def test_it_begins_awake_and_dozes_when_nothing_rises():
    assert after(Attention(), (BACKGROUND, CALM_MS - PIECE_MS))
    assert not after(Attention(), (BACKGROUND, CALM_MS))


def test_open_words_keep_it_awake():
    assert after(Attention(), (BACKGROUND, 5000), words=True)


@pytest.mark.parametrize("rise_db", [1.5, 5.0, 30.0])
def test_any_rise_wakes_it_at_once(rise_db):
    attention = Attention()
    assert not after(attention, (BACKGROUND, 3000))
    assert after(attention, (BACKGROUND + rise_db, PIECE_MS))
    assert after(attention, (BACKGROUND, CALM_MS - PIECE_MS))
    assert not after(attention, (BACKGROUND, PIECE_MS))


def test_where_the_background_is_known_it_begins_asleep():
    assert not after(Attention(BACKGROUND), (BACKGROUND, PIECE_MS))


def test_who_speaks_from_the_first_moment_is_no_background():
    """The level heard so far is the voice's own; that of the line before tells it from a background."""
    voice = BACKGROUND + 20
    assert after(Attention(BACKGROUND), (voice, PIECE_MS), background_db=voice)
    assert not after(Attention(voice), (voice, PIECE_MS), background_db=voice)


def test_a_line_that_became_louder_is_known_after_a_while():
    louder = BACKGROUND + 10
    assert after(Attention(BACKGROUND), (louder, LEARNED_MS - PIECE_MS), background_db=louder)
    assert not after(Attention(BACKGROUND), (louder, LEARNED_MS + CALM_MS), background_db=louder)


@pytest.mark.parametrize(("level_db", "awake"), [(BACKGROUND, False), (BACKGROUND + 6, True)])
def test_an_ended_utterance_lets_it_doze_unless_something_rises(level_db, awake):
    attention = Attention()
    after(attention, (BACKGROUND + 20, 400), (level_db, 100))
    attention.rest()
    assert attention.awake is awake
