"""What may be a word that no recognizer has words for, told by when it was quiet."""

import pytest

from voicebot.speech.outburst import LONGEST_MS, QUIET_MS, SHORTEST_MS, Outburst
from voicebot.speech.quiet import PIECE_MS


class Sound:
    """Pieces of sound, one after another."""

    def __init__(self):
        self.outburst, self.now_ms, self.quiet_ms = Outburst(), 0, 0

    def hear(self, ms, *, loud, words=False):
        """Return the spans that were over meanwhile."""
        spans = []
        for _ in range(ms // PIECE_MS):
            self.now_ms += PIECE_MS
            self.quiet_ms = 0 if loud else self.quiet_ms + PIECE_MS
            if words:
                self.outburst.worded(self.now_ms)
            elif span := self.outburst.hear(self.now_ms, self.quiet_ms):
                spans.append(span)
        return spans


@pytest.fixture
def sound():
    return Sound()


@pytest.mark.parametrize("ms", [SHORTEST_MS, 400, LONGEST_MS])
def test_sound_as_long_as_a_word_is_told_once_it_has_been_quiet(sound, ms):
    assert sound.hear(1000, loud=False) == []
    assert sound.hear(ms, loud=True) == []
    assert sound.hear(QUIET_MS - PIECE_MS, loud=False) == []
    assert sound.hear(3000, loud=False) == [(1000, 1000 + ms)]


@pytest.mark.parametrize("ms", [SHORTEST_MS - PIECE_MS, LONGEST_MS + PIECE_MS])
def test_a_click_and_a_long_noise_are_no_words(sound, ms):
    assert sound.hear(ms, loud=True) == []
    assert sound.hear(3000, loud=False) == []


def test_a_pause_within_a_word_does_not_end_it(sound):
    sound.hear(200, loud=True)
    sound.hear(QUIET_MS - PIECE_MS, loud=False)
    sound.hear(200, loud=True)
    assert sound.hear(QUIET_MS, loud=False) == [(0, 400 + QUIET_MS - PIECE_MS)]


def test_what_the_recognizer_has_words_for_is_told_by_it_alone(sound):
    sound.hear(300, loud=True)
    sound.hear(200, loud=True, words=True)
    assert sound.hear(3000, loud=False) == []


def test_the_end_of_the_sound_ends_it(sound):
    sound.hear(400, loud=True)
    sound.hear(100, loud=False)
    assert sound.outburst.end() == (0, 400)
    assert sound.outburst.end() is None
