"""Gather: collects keys. Source: twilio.com/docs/voice/twiml/gather. Asks nobody what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier.prompts import Sound, perform

if TYPE_CHECKING:
    from voicebot.simulate.carrier.line import Line
    from voicebot.simulate.carrier.verbs import Gather


class Keys:
    """The keys pressed so far, and whether they are enough."""

    def __init__(self, verb: Gather) -> None:
        self._verb = verb
        self.digits = ""
        self.finished_on = ""
        """The finish key that was pressed; it is not among the digits."""

    def press(self, key: str) -> bool:
        """Take a key; return whether the gathering is over. A finish key is one only behind another key."""
        if key == self._verb.finish_on_key and self.digits:
            self.finished_on = key
            return True
        self.digits += key
        return len(self.digits) == self._verb.num_digits

    def press_all(self, pressed: tuple[str, ...]) -> bool:
        """Take keys until the gathering is over; return whether it is."""
        return any(self.press(key) for key in pressed)


def gather(verb: Gather, line: Line, sound: Sound) -> Keys:
    """Let the caller hear the nested prompts and press keys, which cut the prompts short.

    `timeout_s` runs from the end of the prompts, and again from each key; 0 takes only keys pressed during the prompts.
    Raises CarrierError if a sound cannot be had, and CallOver.
    """
    keys = Keys(verb)
    for prompt in verb.prompts:
        pressed = perform(prompt, line, sound, until_key=True)
        if pressed:
            if keys.press_all(pressed):
                return keys
            break
    until = line.position_ms + verb.timeout_s * 1000
    while line.position_ms < until:
        pressed = line.tick().digits
        if keys.press_all(pressed):
            return keys
        if pressed:
            until = line.position_ms + verb.timeout_s * 1000
    return keys
