"""The demonstration: several calls side by side over the wire, told as they happen.

What was said, understood and decided is followed in the server's own store of calls; how fast the line answered is
measured on the wire. Nothing here knows how the calls will go.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from voicebot.dialog.effects import Decided, HangUp, KeepAudio, Say, Transfer
from voicebot.dialog.events import Heard, KeyPressed, NoInput, Played, SecondThought
from voicebot.errors import Exit, VoicebotError
from voicebot.simulate.carrier.entries import LineSaid
from voicebot.simulate.wire_calls import answered_after_ms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from rich.console import Console

    from voicebot.calls.entries import Message
    from voicebot.simulate.carrier import Entry
    from voicebot.simulate.runner import Calls
    from voicebot.simulate.scenario import Scenario
    from voicebot.simulate.server import ServerUnderTest
    from voicebot.simulate.verdict import Run

POLL_S = 0.2
COLORS = ("cyan", "magenta", "green", "yellow", "blue")


@dataclass
class _Followed:
    """One call being told about."""

    name: str
    call_id: str
    color: str
    told: int = 0
    """Entries of the record."""
    now_ms: int = 0
    last_words_heard: bool = False
    """What follows them happens now; it was stored together with them."""


class Narrator:
    """Tells what is new in the records of the calls it follows."""

    def __init__(self, console: Console, server: ServerUnderTest, texts: Mapping[str, str]) -> None:
        """Take where to print, where the calls are, and the prompts' texts by id."""
        self._console = console
        self._server = server
        self._texts = texts
        self._calls: list[_Followed] = []
        self._said_at_ms: defaultdict[str, list[float]] = defaultdict(list)
        self.first_words_at: float | None = None
        """When (time.time) a caller heard the line's first words."""

    def watch(self, name: str, entry: Entry) -> None:
        """Take note of what happens on the wire; called from the threads of the calls."""
        if isinstance(entry, LineSaid):
            self._said_at_ms[name].append(entry.at_ms)

    def follow(self, name: str, call_id: str) -> None:
        """Tell about this call, too, from now on."""
        self._calls.append(_Followed(name, call_id, COLORS[len(self._calls) % len(COLORS)]))

    def tell(self) -> None:
        """Print what is new on all calls."""
        for call in self._calls:
            entries = self._server.store.load(call.call_id)
            for entry in entries[call.told :]:
                call.now_ms = getattr(entry.message, "at_ms", call.now_ms)
                for who, what in self._lines(call, entry.message):
                    self._print(call, who, what)
            call.told = len(entries)

    def _lines(self, call: _Followed, message: Message) -> Iterator[tuple[str, str]]:
        """Yield who did what, for what is worth telling."""
        match message:
            case Say(prompts):
                if self.first_words_at is None:
                    self.first_words_at = time.time()
                yield "line", " ".join(self._texts[prompt] for prompt in prompts)
            case Heard(words=words, confidence=confidence, over_prompt=over):
                how = f"confidence {confidence:.2f}{', talking over the question' if over else ''}"
                yield "caller", f'"{words or "(not understood)"}" ({how}){self._gap(call.name, message)}'
            case SecondThought(words=words, key=None):
                yield "caller", f'thinks again: "{words}"'
            case KeyPressed(key=str(key)) | SecondThought(key=str(key)):
                yield "caller", f"presses {key}"
            case NoInput():
                yield "caller", "(silence)"
            case KeepAudio():
                yield "", "Both sides are recorded from here: the caller agreed."
            case Decided(decision):
                for rule in decision["rules"]:
                    yield "rule", f"{rule['id']} (level {rule['level']})"
                where = ", ".join(decision["destinations"])
                yield "decision", f"urgency {decision['urgency']}, {decision['level']}; to: {where}"
            case Played():
                call.last_words_heard = True
            case Transfer(target) if call.last_words_heard:
                yield "line", f"<Dial> to {target}, {self._server.numbers[target]}"
            case HangUp() if call.last_words_heard:
                yield "line", "hangs up"
            case _:
                pass

    def _gap(self, name: str, heard: Heard) -> str:
        gap_ms = answered_after_ms(heard, self._said_at_ms[name])
        return "" if gap_ms is None else f"; answered {gap_ms / 1000:.2f} s after the last word"

    def _print(self, call: _Followed, who: str, what: str) -> None:
        minutes, seconds = divmod(call.now_ms // 1000, 60)
        head = Text(f"[{call.name:<12}] {minutes}:{seconds:02} {who:>8}  ", style=call.color)
        self._console.print(head + Text(what, style="bold" if who in {"rule", "decision"} else ""), soft_wrap=True)


def hold_calls(calls: Calls, scenarios: Sequence[Scenario], server: ServerUnderTest, narrator: Narrator) -> list[Run]:
    """Place one call for each scenario, side by side, and tell about them until all are over.

    Raises VoicebotError `call_not_placed`.
    """
    pool = ThreadPoolExecutor(len(scenarios))
    placed: list[Future[Run]] = []
    try:
        for seed, scenario in enumerate(scenarios):
            known = set(server.store.call_ids())
            placed.append(pool.submit(calls.place, scenario, seed))
            narrator.follow(scenario.name, _await_new_call(server, known, placed[-1]))
        while not all(call.done() for call in placed):
            narrator.tell()
            time.sleep(POLL_S)
        narrator.tell()
    finally:
        pool.shutdown(wait=False)  # who interrupts this need not wait for calls to end
    return [call.result() for call in placed]


def _await_new_call(server: ServerUnderTest, known: set[str], placed: Future[Run]) -> str:
    """Return the id of the call that the server just took."""
    while not placed.done():
        for call_id in server.store.call_ids():
            if call_id not in known:
                return call_id
        time.sleep(POLL_S / 4)
    placed.result()
    raise VoicebotError("call_not_placed", "A call ended before the server knew it.", exit_code=Exit.CANNOT_RUN)
