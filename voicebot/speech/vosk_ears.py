"""Ears made of Vosk: mu-law in, utterances with their confidence out. The only file that knows Vosk.

One model is shared by all calls; each listening has a recognizer of its own. What words mean is not known here.
"""

from __future__ import annotations

import json
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import soxr

from voicebot.errors import Exit, VoicebotError
from voicebot.speech import codec, processor
from voicebot.speech.attention import BEFORE_MS, Attention
from voicebot.speech.ears import Heard, Partial, Utterance
from voicebot.speech.locate_model import check_model, sample_rate
from voicebot.speech.outburst import Outburst
from voicebot.speech.quiet import PIECE_MS, Quiet
from voicebot.speech.spares import Spares
from voicebot.speech.weigher import Weigher, load_weigher

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

    from voicebot.speech.ears import Listening

processor.choose()
import vosk  # noqa: E402 - its arithmetic looks at the environment when it is loaded

PIECE_BYTES = PIECE_MS * codec.BYTES_PER_MS
"""Audio is decoded in pieces of 20 ms however it comes in, so the cutting never changes what is heard."""
KEPT_MS = 12_000
"""How much of the latest sound is kept, to be listened to once more when an utterance is over."""
ALTERNATIVES = 10
"""How many ways to hear the same audio are weighed against each other."""

_loading = Lock()


class VoskEars:
    """A loaded Vosk model of any sample rate. Safe to share between threads."""

    def __init__(self, model: Path, weigher: Weigher | None = None) -> None:
        """Load the model in folder `model`, and its own `weigher` unless one is given.

        Raises VoicebotError `model_broken` (see `check_model`).
        """
        check_model(model)
        self.sample_rate = sample_rate(model)
        """What the model was trained for, Hz."""
        self._weigher = weigher or load_weigher(model)
        self._grammar = lru_cache(maxsize=8)(self._written)
        self._recognizers = Spares(self._recognizer)
        vosk.SetLogLevel(-1)
        with _loading:
            try:
                self._model = vosk.Model(str(model))
            except Exception:  # noqa: BLE001 - vosk raises nothing more exact
                remedy = "Run `voicebot model verify`, or use another model."
                raise VoicebotError("model_broken", f"Vosk cannot load {model}.", remedy, Exit.CANNOT_RUN) from None

    def has_word(self, word: str) -> bool:
        """Tell whether the model can hear `word`."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def listen(
        self,
        phrases: Sequence[str],
        understand: Callable[[str], Hashable] = str,
        background_db: float | None = None,
    ) -> Listening:
        """Open an ear; see `Ears.listen`. Raises VoicebotError `ears_failed`.

        A phrase the model knows as one token (`i_don't_know`) is listened for as one, any other word by word.
        """
        recognizer = self._recognizers.take(self._grammar(tuple(phrases)))
        return _VoskListening(recognizer, self.sample_rate, understand, self._weigher, background_db)

    def _recognizer(self, grammar: str) -> Any:
        with _loading:  # creating recognizers at the same time has crashed Vosk
            try:
                recognizer = vosk.KaldiRecognizer(self._model, self.sample_rate, grammar)
            except Exception as error:
                raise _failed() from error
        recognizer.SetWords(True)
        recognizer.SetMaxAlternatives(ALTERNATIVES)
        return recognizer

    def _written(self, phrases: tuple[str, ...]) -> str:
        """Return `phrases` as Vosk wants them."""
        tokens = [compound if self.has_word(compound := phrase.replace(" ", "_")) else phrase for phrase in phrases]
        known = [token for token in tokens if all(map(self.has_word, token.split()))]
        # an empty grammar ends the process; of words it does not know Vosk makes one that hears nothing
        return json.dumps(known or tokens, ensure_ascii=False)


class _VoskListening:
    """One recognizer and the audio it was fed."""

    def __init__(
        self,
        recognizer: Any,
        rate: int,
        understand: Callable[[str], Hashable],
        weigher: Weigher,
        background_db: float | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._weigher = weigher
        self._understand = understand
        self._upsampler = soxr.ResampleStream(codec.RATE, rate, 1, dtype="int16") if rate != codec.RATE else None
        self._pending = b""
        self._audio = bytearray()
        self._heard_bytes = self._given_bytes = 0
        """So much sound came in, and so much of it, in part twice, the recognizer was given."""
        self._skipped_bytes = 0
        """How far the recognizer's clock is behind: it counts only what it was given."""
        self._quiet = Quiet()
        self._attention = Attention(background_db)
        self._outburst = Outburst()
        self._ended_bytes = 0
        """Where the last utterance was ended; what was heard before is not heard again."""
        self._partial = ""

    @property
    def quiet_ms(self) -> int:
        """For how long only background was heard."""
        return self._quiet.quiet_ms

    @property
    def background_db(self) -> float:
        """The level of the background."""
        return self._quiet.background_db

    def feed(self, mulaw: bytes) -> list[Heard]:
        """Take mu-law; return the partial results and utterances that came of it."""
        audio = self._pending + mulaw
        whole = len(audio) - len(audio) % PIECE_BYTES
        self._pending = audio[whole:]
        pieces = (audio[start : start + PIECE_BYTES] for start in range(0, whole, PIECE_BYTES))
        return [heard for piece in pieces if (heard := self._hear(piece))]

    def conclude(self) -> Utterance | None:
        """End the utterance here and go on listening; return it, None if nothing was said.

        Vosk decodes what it had held back for its look-ahead, then begins anew; its times go on.
        """
        self._attention.rest()
        ended = self._utterance(self._result(self._recognizer.FinalResult))
        if ended:
            self._ended_bytes = self._heard_bytes
        return ended

    def finish(self) -> Utterance | None:
        """End the audio; return what was still open."""
        pending, self._pending = self._pending, b""
        if not self._attention.awake:
            return None
        self._remember(pending)
        over = self._accept(pending, last=True)
        ended = self._utterance(self._result(self._recognizer.Result)) if over else None
        span = self._outburst.end()
        return ended or self.conclude() or (self._faint(*span) if span else None)

    def _hear(self, piece: bytes) -> Heard | None:
        heard = self._recognize(piece)
        if heard or self._partial:
            self._outburst.worded(self._now_ms)
            return heard
        span = self._outburst.hear(self._now_ms, self._quiet.quiet_ms)
        return (self.conclude() or self._faint(*span)) if span else None

    def _faint(self, started_ms: int, ended_ms: int) -> Utterance | None:
        """Return what the recognizer has no words for, if it may be an answer all the same."""
        weighed = self._weigher.faint(self._understand, self._samples, started_ms, ended_ms)
        if weighed is None:
            return None
        return Utterance(weighed.words, weighed.confidence, started_ms, ended_ms, self._now_ms, faint=True)

    def _recognize(self, piece: bytes) -> Heard | None:
        self._remember(piece)
        self._quiet.hear(codec.mulaw_level_db(piece))
        was_awake = self._attention.awake
        self._attention.hear(self._quiet.level_db, self._quiet.background_db, words=bool(self._partial))
        if not self._attention.awake:
            return self.conclude() if was_awake else None
        return self._decode(piece if was_awake else self._before())

    def _before(self) -> bytes:
        """Return the sound at whose end the recognizer wakes; its clock goes on where it stood, so note how far."""
        length = min(BEFORE_MS * codec.BYTES_PER_MS, self._heard_bytes - self._ended_bytes)
        sound = bytes(self._audio[-length:])
        self._skipped_bytes = self._heard_bytes - len(sound) - self._given_bytes
        return sound

    def _remember(self, mulaw: bytes) -> None:
        self._heard_bytes += len(mulaw)
        self._audio += mulaw
        del self._audio[: -KEPT_MS * codec.BYTES_PER_MS]

    @property
    def _now_ms(self) -> int:
        return self._heard_bytes // codec.BYTES_PER_MS

    @property
    def _skipped_ms(self) -> int:
        return self._skipped_bytes // codec.BYTES_PER_MS

    def _decode(self, mulaw: bytes) -> Heard | None:
        if not self._accept(mulaw):
            return self._new_partial()
        taken_back = Partial("", self._now_ms) if self._partial else None
        return self._utterance(self._result(self._recognizer.Result)) or taken_back

    def _accept(self, mulaw: bytes, *, last: bool = False) -> bool:
        """Decode a piece; True at the end of an utterance."""
        self._given_bytes += len(mulaw)
        samples = codec.decode(mulaw)
        if self._upsampler:
            samples = self._upsampler.resample_chunk(samples, last=last)
        try:
            return bool(self._recognizer.AcceptWaveform(samples.tobytes()))
        except Exception as error:
            raise _failed() from error

    def _result(self, ask: Callable[[], str]) -> dict[str, Any]:
        self._partial = ""
        result: dict[str, Any] = json.loads(ask())
        return result

    def _samples(self, started_ms: int, ended_ms: int) -> codec.Samples:
        """Return the 8 kHz samples from `started_ms` to `ended_ms` of the listening, as far as they are kept."""
        kept_from = self._heard_bytes - len(self._audio)
        start, end = (max(0, ms * codec.BYTES_PER_MS - kept_from) for ms in (started_ms, ended_ms))
        return codec.decode(bytes(self._audio[start:end]))

    def _sound(self, started_ms: int, ended_ms: int) -> codec.Samples:
        """Return the samples between two moments of the recognizer's clock."""
        return self._samples(started_ms + self._skipped_ms, ended_ms + self._skipped_ms)

    def _new_partial(self) -> Partial | None:
        words = _plain(json.loads(self._recognizer.PartialResult())["partial"])
        if words == self._partial:
            return None
        self._partial = words
        return Partial(words, self._now_ms)

    def _utterance(self, result: dict[str, Any]) -> Utterance | None:
        alternatives = [{**told, "text": _plain(told["text"])} for told in result.get("alternatives", [])]
        weighed = self._weigher.weigh(alternatives, self._understand, self._sound)
        if weighed is None:
            return None
        return Utterance(
            words=weighed.words,
            confidence=weighed.confidence,
            started_ms=weighed.started_ms + self._skipped_ms,
            ended_ms=weighed.ended_ms + self._skipped_ms,
            decided_ms=self._now_ms,
        )


def fetch_model(name: str, folder: Path) -> Path:
    """Download a stock model with Vosk's own downloader into `folder`. Raises VoicebotError `model_not_fetched`."""
    target = folder / name
    try:
        _Downloader().download_model(target)
    except (OSError, ValueError) as error:
        target.with_suffix(target.suffix + ".zip").unlink(missing_ok=True)
        reason = f"The model {name!r} could not be downloaded."
        remedy = "Check its name and the connection, or copy a model here and set VOICEBOT_MODEL."
        raise VoicebotError("model_not_fetched", reason, remedy, Exit.CANNOT_RUN) from error
    return target


class _Downloader(vosk.Model):  # type: ignore[misc]
    """Vosk's downloader without a model, of which it is a method."""

    def __init__(self) -> None: ...

    def __del__(self) -> None: ...


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _failed() -> VoicebotError:
    return VoicebotError("ears_failed", "The speech recognizer failed.", "The call goes to a person.", Exit.CANNOT_RUN)
