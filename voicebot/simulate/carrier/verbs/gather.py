"""Gather: collects keys, while or after the nested verbs are heard. Speech is not recognized here.

Source: twilio.com/docs/voice/twiml/gather. A finish key that comes before any digit ends the Gather as if nothing had
been pressed ("enters # before entering any other digits", the page's first example).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.verbs.pause import Pause
from voicebot.simulate.carrier.verbs.play import Play
from voicebot.simulate.carrier.verbs.prompt import Prompt, sounds_of
from voicebot.simulate.carrier.verbs.say import Say
from voicebot.simulate.carrier.verbs.verb import Verb, is_true, method_of, names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document

_NESTED: dict[str, type[Prompt]] = {"Say": Say, "Play": Play, "Pause": Pause}


@dataclass(frozen=True, slots=True)
class Gather(Verb):
    """Collect keys."""

    attributes: ClassVar[frozenset[str]] = names(
        "input action method timeout speechTimeout finishOnKey numDigits hints language profanityFilter bargeIn "
        "partialResultCallback partialResultCallbackMethod actionOnEmptyResult speechModel enhanced maxSpeechTime"
    )

    prompts: tuple[Prompt, ...] = ()
    action: str = ""
    """Empty: the document's own URL."""
    method: str = "POST"
    timeout_s: float = 5
    finish_on_key: str = "#"
    num_digits: int | None = None
    action_on_empty_result: bool = False
    speech: bool = False

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        digits = element.get("numDigits")
        return cls(
            prompts=tuple(_NESTED[nested.tag].read(nested) for nested in element if nested.tag in _NESTED),
            action=element.get("action", ""),
            method=method_of(element),
            timeout_s=float(element.get("timeout", "5")),
            finish_on_key=element.get("finishOnKey", "#"),
            num_digits=int(digits) if digits else None,
            action_on_empty_result=is_true(element, "actionOnEmptyResult", default=False),
            speech="speech" in element.get("input", "dtmf").split(),
        )

    def execute(self, call: Call, document: Document) -> Document | None:
        """Collect, and go on with the action; without a digit with the next verb, unless told otherwise."""
        if self.speech:
            call.doubt("Gather takes keys only here: speech is not recognized")
        keys = self._collect(call, document)
        if not keys.digits and not self.action_on_empty_result:
            return None
        finished = {"FinishedOnKey": keys.finished_on} if keys.finished_on else {}
        told = {"Digits": keys.digits, **finished}
        return call.fetch(document.resolve(self.action), told, method=self.method)

    def _collect(self, call: Call, document: Document) -> _Keys:
        """Let the prompts be heard, which a key cuts short, and wait for keys.

        `timeout_s` runs from the end of the prompts, and again from each key; 0 takes only keys pressed during them.
        """
        keys = _Keys(self)
        for prompt in self.prompts:
            pressed = prompt.perform(call.line, sounds_of(call, document), until_key=True)
            if pressed:
                if keys.press_all(pressed):
                    return keys
                break
        until = call.line.position_ms + self.timeout_s * 1000
        while call.line.position_ms < until:
            pressed = call.line.tick().digits
            if keys.press_all(pressed):
                return keys
            if pressed:
                until = call.line.position_ms + self.timeout_s * 1000
        return keys


class _Keys:
    """The keys pressed so far, and whether they are enough."""

    def __init__(self, verb: Gather) -> None:
        self._verb = verb
        self.digits = ""
        self.finished_on = ""
        """The finish key that was pressed; it is not among the digits."""

    def press_all(self, pressed: tuple[str, ...]) -> bool:
        """Take keys until the gathering is over; return whether it is."""
        return any(self._press(key) for key in pressed)

    def _press(self, key: str) -> bool:
        if key == self._verb.finish_on_key:
            self.finished_on = key
            return True
        self.digits += key
        return len(self.digits) == self._verb.num_digits
