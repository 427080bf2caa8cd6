"""One call on live audio, without I/O: caller audio, keys and marks in; audio to play, clear and close out.

Whoever holds the wire (a socket, a simulation) feeds this and carries out its orders. Time is the audio received:
8 bytes of mu-law are 1 ms. What the line plays is buffered by the carrier and played in real time; a mark comes back
when it was heard to its end, and because marks get lost, the same is also told from the audio received meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicebot.dialog.answers import Action
from voicebot.dialog.digits import Digits
from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    Effect,
    HangUp,
    KeepAudio,
    Listen,
    PageStaff,
    RecordPlace,
    Refused911,
    Say,
    Transfer,
)
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
    PlaceRecorded,
    Played,
)
from voicebot.dialog.safety import too_long
from voicebot.dialog.turn import (
    QUIET_MS,
    SOON_MS,
    Turn,
    Verdict,
    is_pressed_again,
    may_be_taken_back,
    on_time,
    on_utterance,
)
from voicebot.errors import VoicebotError
from voicebot.speech.answering import Answering
from voicebot.speech.call_ear import CallEar
from voicebot.speech.echo import Echo
from voicebot.speech.just_answered import JustAnswered
from voicebot.speech.overhearing import Overhearing
from voicebot.speech.place import PlaceRecording, tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.keeping import Recorder
    from voicebot.session import Session
    from voicebot.speech.answering import Answer
    from voicebot.speech.ears import Ears
    from voicebot.speech.grammars import Grammars
    from voicebot.speech.voice import RenderedPrompts

BYTES_PER_MS = 8
"""Mu-law at 8 kHz, one byte a sample."""
SILENCE = b"\xff"
"""Mu-law zero."""
MARK_GRACE_MS = 3000
"""A mark this much later than its audio is taken as lost."""


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
        self._echo = Echo(opened_ms)
        self._silent_since = opened_ms
        self._marks = 0
        self._gate: str | None = None
        self._gate_opened_ms = opened_ms
        self._last_mark: str | None = None
        self._listen: Listen | None = None
        self._ending: Transfer | HangUp | None = None
        self._turn: Turn | None = None
        self._ear: CallEar | None = None
        self._overhearing: Overhearing | None = None
        self._background_db: float | None = None
        self._just_answered: JustAnswered | None = None
        self._place: PlaceRecording | None = None
        self._digits: Digits | None = None
        self._pressed: tuple[str, int] | None = None

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
        played = played.ljust(len(mulaw), SILENCE)
        self._echo.take(mulaw, played)
        if self._keep:
            self._recorder.write(mulaw, played)
        if self._last_mark is not None and self.now_ms - self._silent_since >= MARK_GRACE_MS:
            return self._heard_out(self._last_mark)
        if self._turn is not None and (fault := too_long(self._session.state, self.now_ms)):
            return self._handle(fault)
        if self._place and self._last_mark is None:
            return self._place_told() if self._place.feed(mulaw) else []
        if self._digits and self._digits.pressed:
            return self._number_keyed(self._digits)
        try:
            return self._think_again(mulaw) or self._overhear(mulaw) or self._hear(mulaw)
        except VoicebotError as error:
            return self._handle(Fault(self.now_ms, error.code))

    def mark(self, name: str) -> list[Order]:
        """The carrier played everything before this mark. Marks of audio that was cleared are passed over."""
        return self._heard_out(name)

    def key(self, digit: str) -> list[Order]:
        """The caller pressed a key; a moment after a spoken answer it is about that answer, as a word would be.

        The same key once more at once is no answer to the next question, of which nothing was heard.
        """
        if self._digits:
            self._digits = self._digits.press(digit, self.now_ms)
            return [Clear(), *self._heard_out(self._last_mark)] if self._last_mark is not None else []
        before, self._pressed = self._pressed, (digit, self.now_ms)
        if before and is_pressed_again(*before, digit, self.now_ms):
            return []
        just = self._just_answered
        if just and just.is_meant_by(digit, self._turn, self.now_ms):
            thought = just.keyed(digit, self.now_ms)
            return self._handle(thought) if thought else []
        if self._place:
            return self._place_told()
        playing = self._last_mark is not None
        return self._handle(KeyPressed(self.now_ms, digit, over_prompt=playing))

    def _number_keyed(self, digits: Digits) -> list[Order]:
        """Take a keyed number once no more keys come; nothing else is listened for meanwhile."""
        if not digits.is_over(self.now_ms):
            return []
        if digits.number:
            self._recorder.keep_number(digits.number)
        return self._handle(digits.event(self.now_ms))

    def lost(self, reason: str) -> None:
        """The stream ended while the call may go on; `reason` is a code."""
        self._keep_place()
        self._session.handle(Disconnected(self.now_ms, reason))

    def hung_up(self) -> None:
        """The caller is gone."""
        self._keep_place()
        self._session.handle(HungUp(self.now_ms))

    def _handle(self, event: Event, just_answered: JustAnswered | None = None) -> list[Order]:
        """Put an event to the dialog. Sound is kept once the answer that allowed it can be taken back no more."""
        self._just_answered = just_answered
        effects = self._session.handle(event)
        if just_answered is None:
            self._keep = bool(self._session.state.consent)
        return self._perform(effects) if effects else []

    def _perform(self, effects: Iterable[Effect]) -> list[Order]:
        """Begin to carry out `effects`; what must wait for the end of a prompt waits for its mark."""
        orders: list[Order] = [Clear()] if self._last_mark is not None else []
        self._playing.clear()
        self._stop_listening()
        self._gate = self._last_mark = self._listen = self._ending = self._place = self._digits = None
        for effect in effects:
            match effect:
                case Say():
                    orders.append(self._say(effect))
                case Listen():
                    self._listen = effect
                    self._digits = Digits(effect.digits) if effect.digits else None
                case RecordPlace(max_ms):
                    orders.append(self._play(tone(), "tone"))
                    self._place = PlaceRecording(max_ms)
                case Transfer() | HangUp():
                    self._ending = effect
                case Decided() | KeepAudio() | Brief() | CallBack() | Refused911() | PageStaff():
                    pass
        self._silent_since = self.now_ms
        if self._last_mark is None:
            return [*orders, *self._end()]
        if self._gate is None:
            self._open_turn()
        return orders

    def _say(self, say: Say) -> Play:
        audio = b"".join(self._voice.mulaw(prompt, slow=say.slow) for prompt in say.prompts)
        play = self._play(audio, "+".join(say.prompts))
        if not say.interruptible:
            self._gate = play.mark
            self._overhearing = Overhearing(self._ears, self._grammars, self._echo, self._background_db, self.now_ms)
        return play

    def _play(self, audio: bytes, name: str) -> Play:
        self._playing += audio
        self._marks += 1
        self._last_mark = f"{self._marks}:{name}"
        return Play(audio, self._last_mark)

    def _keep_place(self) -> int:
        """Keep what was said about the place so far; return its length in ms, 0 when there is nothing."""
        place, self._place = self._place, None
        if place is None or not self._recorder.keep_place(place.sound, self.now_ms - place.ms):
            return 0
        return place.ms

    def _place_told(self) -> list[Order]:
        return self._handle(PlaceRecorded(self.now_ms, self._keep_place()))

    def _heard_out(self, mark: str) -> list[Order]:
        """Everything up to `mark` was heard."""
        if mark == self._gate and mark != self._last_mark:
            self._gate_opens()
            self._open_turn()
        if mark != self._last_mark:
            return []
        self._last_mark = None
        self._gate_opens()
        self._playing.clear()
        if self._turn is None:
            self._open_turn()
        if self._turn is not None:
            self._turn = replace(self._turn, prompt_ended_ms=self.now_ms)
        return self._end()

    def _end(self) -> list[Order]:
        """Close the stream if that is what follows the words that were just heard, and nobody is speaking."""
        if self._ending is None or self._overhearing is not None:
            return []
        self._ending = self._just_answered = None
        self._session.handle(Played(self.now_ms))
        return [Close()]

    def _open_turn(self) -> None:
        if self._listen is None:
            return
        just, listen = self._just_answered, self._listen
        self._turn = Turn(self.now_ms, listen.no_input_ms, unhurried=listen.unhurried)
        if just:
            self._turn = replace(self._turn, answered_ms=just.at_ms, answered=just.meaning)
        answering = Answering(
            self._ears,
            self._grammars,
            listen.grammar,
            red_flag=listen.red_flag,
            unhurried=listen.unhurried,
            background_db=self._background_db,
        )
        self._ear = CallEar(answering, self._echo, self.now_ms)

    def _stop_listening(self) -> None:
        self._background_db = self._ear.background_db if self._ear else self._background_db
        self._turn = self._ear = self._overhearing = None

    def _gate_opens(self) -> None:
        """What could not be interrupted was heard to its end; whoever is speaking is heard out."""
        if self._gate is None:
            return
        self._gate, self._gate_opened_ms = None, self.now_ms
        if self._overhearing and self._overhearing.is_over(0):
            self._overhearing = None

    def _overhear(self, mulaw: bytes) -> list[Order]:
        """Listen for what is urgent over what cannot be interrupted, unless the last answer's ear does."""
        if self._overhearing is None or self._just_answered is not None:
            return []
        if (heard := self._overhearing.hear(mulaw, self.now_ms)) and (orders := self._handle(heard)):
            return orders
        if self._gate is None and self._overhearing.is_over(self.now_ms - self._gate_opened_ms):
            self._overhearing = None
            return self._end() if self._last_mark is None else []
        return []

    def _think_again(self, mulaw: bytes) -> list[Order]:
        """Listen for what takes the last answer back, as long as it can be taken back."""
        just = self._just_answered
        if just is None:
            return []
        if thought := just.thought(mulaw, self._turn, self.now_ms):
            return self._handle(thought)
        if just.is_settled(self.now_ms):
            self._just_answered = None
            self._keep = bool(self._session.state.consent)
        return []

    def _hear(self, mulaw: bytes) -> list[Order]:
        if self._turn is None or self._ear is None:
            return []
        for answer in self._ear.feed(mulaw):
            if orders := self._answered(answer, self._turn, self._ear):
                return orders
        if self._ear.voice:
            self._turn = replace(self._turn, last_sign_ms=self.now_ms)
        match on_time(self._turn, self.now_ms):
            case Verdict.NO_INPUT:
                return self._handle(NoInput(self.now_ms))
            case Verdict.TOO_LONG:
                return self._handle(Heard(self.now_ms, None, 0.0))
            case _:
                return []

    def _answered(self, answer: Answer, turn: Turn, ear: CallEar) -> list[Order]:
        said = answer.utterance
        understood = answer.action is not Action.ASK_AGAIN
        verdict = on_utterance(turn, said.started_ms, answer.meaning if answer.interrupts else None)
        if verdict is Verdict.UNCLEAR:
            self._turn = replace(turn, no_input_ms=min(SOON_MS, turn.no_input_ms))
        if verdict in {Verdict.UNCLEAR, Verdict.IGNORE}:
            return []
        heard = Heard(
            self.now_ms,
            answer.meaning,
            said.confidence,
            words=said.words,
            started_ms=said.started_ms,
            ended_ms=said.ended_ms,
            over_prompt=verdict is Verdict.TAKE_OVER_PROMPT,
        )
        if understood and answer.meaning is not None and may_be_taken_back(answer.meaning):
            complete_ms = min(self.now_ms, said.ended_ms + QUIET_MS)
            return self._handle(heard, JustAnswered(answer.meaning, complete_ms, ear))
        return self._handle(heard)
