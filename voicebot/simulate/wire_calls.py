"""Calls over the wire, in real time: the carrier emulator places them against a running server.

What was understood and decided is read from the server's own store of calls; when it answered, from the wire.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from voicebot.dialog.asking import GRAMMAR
from voicebot.dialog.events import Heard, TransferOutcome
from voicebot.errors import Exit, VoicebotError
from voicebot.simulate.caller import SimulatedCaller, vocabulary
from voicebot.simulate.carrier import Faults, Party
from voicebot.simulate.carrier.audio import FRAME_MS
from voicebot.simulate.carrier.entries import LineSaid
from voicebot.simulate.earlier_call import CutOffCaller, earlier_call
from voicebot.simulate.phone import CallerOnPhone
from voicebot.simulate.server import connect
from voicebot.simulate.verdict import Run, check, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from voicebot.dialog.effects import Target
    from voicebot.simulate.carrier import Carrier, Entry
    from voicebot.simulate.scenario import LineConditions, Scenario
    from voicebot.simulate.server import ServerUnderTest
    from voicebot.simulate.voices import Voices
    from voicebot.speech.grammars import Grammars
    from voicebot.triage.ruleset import RuleSet

ANSWERED_WITHIN_MS = 1000
"""A prompt later than this after an utterance was understood is no answer to it."""

CLOCKS_APART_MS = 150
"""The call's clock counts audio, the wire's clock time: this far the one may be ahead of the other."""

AREA_CODES = range(201, 990)
"""Where callers call from. Numbers from 555-0100 to 555-0199 are made for use in stories, in every area."""
HIDDEN_NUMBER = "anonymous"
"""What the carrier tells as the number of a caller who hides it."""

_GREETING = b"\xff" * 2 * 8000
"""What an answering machine plays, as far as anybody here listens: two seconds of mu-law silence."""
_PARTIES = {
    TransferOutcome.ANSWERED: Party.answers(),
    TransferOutcome.BUSY: Party.busy(),
    TransferOutcome.NO_ANSWER: Party.no_answer(),
    TransferOutcome.FAILED: Party.unreachable(),
    TransferOutcome.DECLINED: Party.declines(),
    TransferOutcome.VOICEMAIL: Party.voicemail(_GREETING),
    TransferOutcome.CALLER_GONE: Party.answers(),
}


def _some_number() -> str:
    """Return the number of one caller: no two, as a line knows again who was cut off minutes ago."""
    return f"+1{random.choice(AREA_CODES)}55501{random.randrange(100):02}"


class WireCalls:
    """Places scenarios as calls over the wire."""

    def __init__(
        self,
        server: ServerUnderTest,
        carrier: Carrier,
        ruleset: RuleSet,
        grammars: Grammars,
        voices: Voices,
        watch: Callable[[str, Entry], None] | None = None,
    ) -> None:
        """Take the server and a carrier that leads to it; `watch` is told a scenario's name and what happens to it."""
        self._server = server
        self._carrier = carrier
        self._ruleset = ruleset
        self._understand = partial(grammars.understand, GRAMMAR)
        self._voices = voices
        self._watch = watch

    def place(self, scenario: Scenario, seed: int) -> Run:
        """Run one call to its end and judge it; `seed` chooses the voice, unless the scenario does, and the noise.

        Raises VoicebotError `call_unknown_to_server`.
        """
        voice = self._voices.cast(scenario.speaker, vocabulary(scenario), seed)
        phone = CallerOnPhone(SimulatedCaller(scenario, self._ruleset, self._understand), voice)
        line, watch = scenario.line, self._watch
        number = _some_number() if line.number_shown else HIDDEN_NUMBER
        with self._carrier_for(line, voice.level_dbfs, seed) as carrier:
            if (before := earlier_call(scenario)) is not None:
                words = self._voices.cast(voice.speaker, vocabulary(before), seed)
                carrier.place_call(CallerOnPhone(CutOffCaller(before, self._ruleset), words), from_number=number)
            log = carrier.place_call(
                phone,
                from_number=number,
                faults=_faults(line),
                watch=None if watch is None else partial(watch, scenario.name),
            )
        call = self._server.store.find_by_sid(log.call_sid)
        if call is None:
            raise VoicebotError(
                "call_unknown_to_server",
                f"The server kept no record of the call of {scenario.name}: {[str(code) for code in log.errors]}.",
                "Look at its log; do its token and public URL fit?",
                Exit.CANNOT_RUN,
            )
        entries = self._server.store.load(call.call_id)
        said_at_ms = [said.at_ms for said in log.of(LineSaid)]
        heard = [entry.message for entry in entries if isinstance(entry.message, Heard)]
        gaps_ms = [gap_ms for one in heard if (gap_ms := answered_after_ms(one, said_at_ms)) is not None]
        facts = read_facts(self._ruleset, entries, gaps_ms)
        failures = check(scenario.expect, facts)
        late_ms = round(log.worst_lateness_ms)
        return Run(scenario.name, "wire", seed, call.call_id, facts, failures, voice.speaker, voice.synthetic, late_ms)

    @contextmanager
    def _carrier_for(self, line: LineConditions, speech_dbfs: float, seed: int) -> Iterator[Carrier]:
        """Yield the carrier, or one of its own for a call on a noisy line or to people who do not pick up."""
        parties = {number: _PARTIES[getattr(line, target)] for target, number in self._server.numbers.items()}
        if line.snr_db is None and all(party == Party.answers() for party in parties.values()):
            yield self._carrier
            return
        noise_dbfs = None if line.snr_db is None else speech_dbfs - line.snr_db
        recordings = self._carrier.recordings  # the server fetches from that carrier alone
        with connect(self._server, noise_dbfs=noise_dbfs, parties=parties, recordings=recordings, seed=seed) as carrier:
            yield carrier


class CallsByHours:
    """Places each scenario at the server whose desks are closed as the scenario wants them."""

    def __init__(self, calls: Mapping[frozenset[Target], WireCalls]) -> None:
        """Take who places the calls, by the desks that are closed there."""
        self._calls = calls

    def place(self, scenario: Scenario, seed: int) -> Run:
        """Run one call to its end and judge it; see WireCalls."""
        return self._calls[frozenset(scenario.line.closed)].place(scenario, seed)


def answered_after_ms(heard: Heard, said_at_ms: Iterable[float]) -> int | None:
    """Return how long after the caller's last word the line's answer was there whole, in ms; None without an answer.

    Where the last word ends is the recognizer's estimate. `said_at_ms` are the times on the wire at which the line's
    prompts were there: by another clock than the call's own, the two being some tens of ms apart.
    """
    if heard.ended_ms is None:
        return None
    answers = [at_ms for at_ms in said_at_ms if -CLOCKS_APART_MS < at_ms - heard.at_ms < ANSWERED_WITHIN_MS]
    return round(min(answers) - heard.ended_ms) if answers else None


def _faults(line: LineConditions) -> Faults:
    drop_after_s = line.drop_after_s
    return Faults(
        drop_socket_after_frames=None if drop_after_s is None else round(drop_after_s * 1000 / FRAME_MS),
        lose_every_nth_frame=line.lose_every,
    )
