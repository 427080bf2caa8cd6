"""When an answer is over: by a script first, then with recorded voices and the bundled model."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.turn import LONG_QUIET_MS, QUIET_MS, SPEAKING_MS
from voicebot.speech import codec
from voicebot.speech.answering import PIECE_MS, Answering
from voicebot.speech.audio import read_audio
from voicebot.speech.ears import Partial, Utterance
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars

AUDIO = Path(__file__).parents[1] / "audio"
GRAMMARS = Grammars.load(assets.GRAMMARS)
PIECE = PIECE_MS * codec.BYTES_PER_MS


def silence(ms):
    return codec.SILENCE * codec.BYTES_PER_MS * ms


def scripted(*utterances, red_flag=False):
    return Answering(ScriptedEars([utterances]), GRAMMARS, "yes_no", red_flag=red_flag)


def said(words, ended_ms, confidence=1.0):
    return Utterance(words, confidence, ended_ms - 300, ended_ms, ended_ms + 500)


def waited_ms(answering, *, limit_ms=6000):
    """Return how long after its last word each answer was over."""
    answers = answering.feed(silence(limit_ms))
    return [(answer.utterance.words, answer.utterance.decided_ms - answer.utterance.ended_ms) for answer in answers]


def test_a_clear_answer_to_an_ordinary_question_is_over_soon():
    assert waited_ms(scripted(said("yes", 500))) == [("yes", QUIET_MS)]


@pytest.mark.parametrize("words", ["i don't", "what", "yes and no", "[unk]"])
def test_what_is_unclear_is_waited_for(words):
    [(heard, waited)] = waited_ms(scripted(said(words, 500)))
    assert heard == words
    assert waited >= LONG_QUIET_MS


def test_a_red_flag_is_waited_for():
    assert waited_ms(scripted(said("no", 500), red_flag=True)) == [("no", LONG_QUIET_MS)]


def test_a_doubtful_answer_is_waited_for_though_its_words_are_complete():
    assert waited_ms(scripted(said("no", 500, 0.5))) == [("no", LONG_QUIET_MS)]


def test_words_that_begin_while_the_line_waits_belong_to_the_answer():
    answering = scripted(said("yes", 500, 0.9), said("no", 1400, 0.8), red_flag=True)
    [answer] = answering.feed(silence(6000))
    assert (answer.meaning, answer.action) == (Meaning.MIXED, Action.ASK_AGAIN)
    assert (answer.utterance.started_ms, answer.utterance.ended_ms, answer.utterance.confidence) == (200, 1400, 0.8)


def test_two_answers_with_a_long_pause_are_two():
    answers = scripted(said("yes", 500), said("no", 2000)).feed(silence(6000))
    assert [answer.meaning for answer in answers] == [Meaning.YES, Meaning.NO]


@pytest.mark.parametrize("piece", [1, 159, 480, 8000])
def test_how_the_sound_is_cut_changes_nothing(piece):
    sound = silence(3000)
    whole, cut = (scripted(said("no", 510), said("i don't", 1670)) for _ in range(2))
    heard = [answer for start in range(0, len(sound), piece) for answer in cut.feed(sound[start : start + piece])]
    assert heard == whole.feed(sound)
    assert len(heard) == 2


def test_what_is_open_at_the_end_is_told():
    answering = scripted(said("no", 500), red_flag=True)
    assert answering.feed(silence(700)) == []
    assert answering.finish().meaning is Meaning.NO
    assert scripted().finish() is None


class Noisy:
    """Ears that end an utterance by themselves in a noise that never grows quiet."""

    quiet_ms = 0

    def __init__(self, confidence):
        self.confidence = confidence
        self.now_ms = 0

    def listen(self, phrases, understand, _background_db=None):
        return self

    def feed(self, mulaw):
        self.now_ms += PIECE_MS
        told = {600: Partial("no", 600), 1000: Utterance("no", self.confidence, 200, 500, 1000)}
        return [told[self.now_ms]] if self.now_ms in told else []


def test_in_noise_that_does_not_end_the_ears_end_the_answer():
    [(_, waited)] = waited_ms(Answering(Noisy(0.98), GRAMMARS, "yes_no", red_flag=False))
    assert waited == 500
    [(_, waited)] = waited_ms(Answering(Noisy(0.5), GRAMMARS, "yes_no", red_flag=False))
    assert waited == LONG_QUIET_MS + SPEAKING_MS


def test_words_that_turn_out_to_be_none_hold_nothing_up():
    class Mistaken(Noisy):
        def feed(self, mulaw):
            self.now_ms += PIECE_MS
            told = {500: Utterance("no", 0.5, 100, 400, 500), 600: Partial("[unk]", 600), 900: Partial("", 900)}
            return [told[self.now_ms]] if self.now_ms in told else []

    answering = Answering(Mistaken(1.0), GRAMMARS, "yes_no", red_flag=False)
    [(words, waited)] = waited_ms(answering)
    assert (words, waited) == ("no", LONG_QUIET_MS + SPEAKING_MS)


def test_it_is_idle_only_once_nothing_more_can_come():
    answering = scripted(said("no", 500), red_flag=True)
    told = []
    for _ in range(8):
        answering.feed(silence(200))
        told.append((answering.voice, answering.idle))
    assert told == [*[(True, False)] * 5, *[(False, True)] * 3]


def words(*transcripts):
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["transcript"] in transcripts]
    return [(row["transcript"], read_audio(AUDIO / row["path"])) for row in rows]


def loud_part(samples, below_db=25):
    """Return the sound from the first to the last 20 ms that are nearly as loud as the loudest."""
    pieces = samples[: len(samples) // PIECE * PIECE].reshape(-1, PIECE)
    levels = np.array([codec.level_db(piece) for piece in pieces])
    loud = np.flatnonzero(levels > levels.max() - below_db)
    return pieces[loud[0] : loud[-1] + 1].ravel()


def listen(ears, samples, *, before_ms=0):
    answering = Answering(ears, GRAMMARS, "yes_no", red_flag=False)
    sound = silence(before_ms) + codec.encode(samples) + silence(2000)
    return next(iter(answering.feed(sound)), None) or answering.finish()


def test_answers_that_start_at_once_and_last_less_than_400_ms_are_heard(ears):
    short = [(word, part) for word, clip in words("yes", "no") if len(part := loud_part(clip)) < 400 * 8][:8]
    assert len(short) == 8
    heard = [(word, listen(ears, part)) for word, part in short]
    right = [answer for word, answer in heard if answer and answer.meaning == word]
    swapped = [answer for word, answer in heard if answer and answer.meaning not in {word, None}]
    assert len(right) >= 7
    assert not [answer for answer in swapped if answer.action is Action.ACCEPT]


def test_recorded_answers_are_over_within_half_a_second_of_the_word(ears):
    late = []
    for _, clip in words("yes", "no")[::10]:
        part = loud_part(clip, below_db=30)
        answer = listen(ears, part, before_ms=500)
        if answer and answer.action is Action.ACCEPT:
            late.append(answer.utterance.decided_ms - 500 - len(part) / 8)
    assert len(late) >= 6
    assert np.percentile(late, 50) <= 300
    assert np.percentile(late, 90) <= 500
