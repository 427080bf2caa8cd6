"""One call on live audio, without I/O: caller audio, keys and marks in; audio to play, clear and close out.

Whoever holds the wire (a socket, a simulation) feeds this and carries out its orders. Time is the audio received:
8 bytes of mu-law are 1 ms. What the line plays is buffered by the carrier and played in real time; a mark comes back
when it was heard to its end, and because marks get lost, the same is also told from the audio received meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from voicebot.dialog.answers import Action, judge
from voicebot.dialog.effects import Decided, Effect, HangUp, KeepAudio, Listen, Say, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    Disconnected,
    Event,
    Fault,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    Played,
)
from voicebot.dialog.turn import Turn, Verdict, on_time, on_utterance
from voicebot.errors import VoicebotError
from voicebot.speech.ears import Ears, Listening, Utterance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.session import Session
    from voicebot.speech.grammars import Grammars
    from voicebot.speech.voice import RenderedPrompts

BYTES_PER_MS = 8
"""Mu-law at 8 kHz, one byte a sample."""
SILENCE = b"\xff"
"""Mu-law zero."""
MARK_GRACE_MS = 3000
"""A mark this much later than its audio is taken as lost."""
MAX_CALL_MS = 15 * 60 * 1000
"""A call longer than this goes to a person."""


@dataclass(frozen=True, slots=True)
class Play:
    """Play mu-law audio, and send back `mark` when it was heard."""

    audio: bytes
    mark: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Stop playing at once."""


@dataclass(frozen=True, slots=True)
class Close:
    """The stream is done; what follows (transfer, end) is in the call's record."""


Order = Play | Clear | Close


class Recorder(Protocol):
    """Keeps the sound of both sides."""

    def write(self, caller: bytes, line: bytes) -> None:
        """Keep as many mu-law bytes of the caller as of the line; both happened at the same time."""


class Line:
    """A call's live audio, from the moment its stream opened at `opened_ms` of the call's clock."""

    def __init__(
        self,
        session: Session,
        ears: Ears,
        grammars: Grammars,
        voice: RenderedPrompts,
        recorder: Recorder,
        opened_ms: int,
    ) -> None:
        self._session = session
        self._ears = ears
        self._grammars = grammars
        self._voice = voice
        self._recorder = recorder
        self._received = opened_ms * BYTES_PER_MS
        self._keep = bool(session.state.consent)
        self._playing = bytearray()
        self._silent_since = opened_ms
        self._marks = 0
        self._gate: str | None = None
        self._last_mark: str | None = None
        self._listen: Listen | None = None
        self._ending: Transfer | HangUp | None = None
        self._turn: Turn | None = None
        self._listening: Listening | None = None
        self._listening_from = 0

    @property
    def now_ms(self) -> int:
        """The call's clock: ms since it started."""
        return self._received // BYTES_PER_MS

    def start(self) -> list[Order]:
        """The stream is open: greet, or go on where the call was left."""
        return self._handle(Connected(self.now_ms, Channel.STREAM))

    def frame(self, mulaw: bytes) -> list[Order]:
        """Take caller audio of any length."""
        played = bytes(self._playing[: len(mulaw)])
        del self._playing[: len(mulaw)]
        self._received += len(mulaw)
        if played:
            self._silent_since = self.now_ms
        if self._keep:
            self._recorder.write(mulaw, played.ljust(len(mulaw), SILENCE))
        if self._last_mark is not None and self.now_ms - self._silent_since >= MARK_GRACE_MS:
            return self._heard_out(self._last_mark)
        if self.now_ms >= MAX_CALL_MS and self._turn is not None:
            return self._handle(Fault(self.now_ms, "call_too_long"))
        return self._hear(mulaw)

    def mark(self, name: str) -> list[Order]:
        """The carrier played everything before this mark. Marks of audio that was cleared are passed over."""
        return self._heard_out(name)

    def key(self, digit: str) -> list[Order]:
        """The caller pressed a key."""
        playing = self._last_mark is not None
        return self._handle(KeyPressed(self.now_ms, digit, over_prompt=playing))

    def lost(self, reason: str) -> None:
        """The stream ended while the call may go on; `reason` is a code."""
        self._session.handle(Disconnected(self.now_ms, reason))

    def hung_up(self) -> None:
        """The caller is gone."""
        self._session.handle(HungUp(self.now_ms))

    def _handle(self, event: Event) -> list[Order]:
        effects = self._session.handle(event)
        return self._perform(effects) if effects else []

    def _perform(self, effects: Iterable[Effect]) -> list[Order]:
        """Begin to carry out `effects`; what must wait for the end of a prompt waits for its mark."""
        orders: list[Order] = [Clear()] if self._last_mark is not None else []
        self._playing.clear()
        self._stop_listening()
        self._gate = self._last_mark = self._listen = self._ending = None
        for effect in effects:
            match effect:
                case Say():
                    orders.append(self._say(effect))
                case Listen():
                    self._listen = effect
                case KeepAudio():
                    self._keep = True
                case Transfer() | HangUp():
                    self._ending = effect
                case Decided():
                    pass
        self._silent_since = self.now_ms
        if self._last_mark is None:
            return [*orders, *self._end()]
        if self._gate is None:
            self._open_turn()
        return orders

    def _say(self, say: Say) -> Play:
        audio = b"".join(self._voice.mulaw(prompt) for prompt in say.prompts)
        self._playing += audio
        self._marks += 1
        self._last_mark = f"{self._marks}:{'+'.join(say.prompts)}"
        if not say.interruptible:
            self._gate = self._last_mark
        return Play(audio, self._last_mark)

    def _heard_out(self, mark: str) -> list[Order]:
        """Everything up to `mark` was heard."""
        if mark == self._gate and mark != self._last_mark:
            self._gate = None
            self._open_turn()
        if mark != self._last_mark:
            return []
        self._last_mark = self._gate = None
        self._playing.clear()
        if self._turn is None:
            self._open_turn()
        if self._turn is not None:
            self._turn = replace(self._turn, prompt_ended_ms=self.now_ms)
        return self._end()

    def _end(self) -> list[Order]:
        """Close the stream if that is what follows the words that were just heard."""
        if self._ending is None:
            return []
        self._ending = None
        self._session.handle(Played(self.now_ms))
        return [Close()]

    def _open_turn(self) -> None:
        if self._listen is None:
            return
        self._turn = Turn(opened_ms=self.now_ms, no_input_ms=self._listen.no_input_ms)
        grammar = self._listen.grammar
        self._listening = self._ears.listen(
            self._grammars.phrases(grammar), partial(self._grammars.understand, grammar)
        )
        self._listening_from = self.now_ms

    def _stop_listening(self) -> None:
        self._turn = None
        self._listening = None

    def _hear(self, mulaw: bytes) -> list[Order]:
        if self._turn is None or self._listening is None:
            return []
        try:
            for heard in self._listening.feed(mulaw):
                self._turn = replace(self._turn, last_sign_ms=self.now_ms)
                if isinstance(heard, Utterance) and (orders := self._utterance(heard)):
                    return orders
        except VoicebotError as error:
            return self._handle(Fault(self.now_ms, error.code))
        match on_time(self._turn, self.now_ms):
            case Verdict.NO_INPUT:
                return self._handle(NoInput(self.now_ms))
            case Verdict.TOO_LONG:
                return self._handle(Heard(self.now_ms, None, 0.0))
            case _:
                return []

    def _utterance(self, utterance: Utterance) -> list[Order]:
        assert self._turn is not None
        assert self._listen is not None
        started = self._listening_from + utterance.started_ms
        meaning = self._grammars.understand(self._listen.grammar, utterance.words)
        understood = judge(meaning, utterance.confidence) is not Action.ASK_AGAIN
        verdict = on_utterance(self._turn, started, understood=understood)
        if verdict is Verdict.IGNORE:
            return []
        return self._handle(
            Heard(
                self.now_ms,
                meaning,
                utterance.confidence,
                words=utterance.words,
                started_ms=started,
                ended_ms=self._listening_from + utterance.ended_ms,
                over_prompt=verdict is Verdict.TAKE_OVER_PROMPT,
            )
        )
