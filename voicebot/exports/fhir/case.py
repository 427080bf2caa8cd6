"""One stored call read once: the facts that the resources tell. Knows no FHIR and decides nothing anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from voicebot.calls.outcome import Outcome
from voicebot.calls.record import CallRecord, read_record, what_stands
from voicebot.calls.transcript import Speaker, Spoken, transcript
from voicebot.dialog.effects import Say
from voicebot.dialog.events import Channel, Connected, Event
from voicebot.dialog.machine import fold
from voicebot.dialog.manner import PATIENT
from voicebot.errors import VoicebotError
from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.levels import RED_FLAG, Destination, Urgency
from voicebot.triage.ruleset import RuleSet, parse_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.calls.document import StoredCall

_NAMESPACE = UUID("6f0d8a34-2f0b-4f5e-9d0c-6b1f4a3f7c52")
_TOLD_TO: Mapping[Urgency, Destination] = {
    Urgency.CALL_911: Destination.EMS,
    Urgency.EMERGENCY_ROOM: Destination.ER,
    Urgency.SAME_DAY: Destination.NURSE,
}
"""Whom the spoken advice of a red flag's level sends the caller to."""


@dataclass(frozen=True)
class Case:
    """A call and its rules. Make one with `read_case`."""

    call_id: str
    ruleset: RuleSet
    record: CallRecord
    answers: Mapping[str, Answer]
    """Of every question of the rule set."""
    lines: tuple[Spoken, ...]
    """What was said by the caller and the line."""
    said: frozenset[str]
    """Ids of the prompts that the line said, whomever they were about, but for those after an answer taken back."""
    channel: Channel
    started: datetime

    @property
    def ended(self) -> datetime:
        """When the latest event happened, UTC."""
        return self.started + timedelta(milliseconds=self.record.duration_ms)

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.record.outcome is not None

    @property
    def cut_short(self) -> bool:
        """Whether the questions were left in the middle: the caller left, or the call still runs."""
        return self.record.outcome in {None, Outcome.HUNG_UP}

    @property
    def begun(self) -> bool:
        """Whether any question of the rule set was answered."""
        return any(answer is not Answer.NOT_ASKED for answer in self.answers.values())

    @property
    def asked(self) -> tuple[str, ...]:
        """Ids of the questions that are asked, in the order of asking."""
        return tuple(name for screen in self.ruleset.screens.values() for name in screen.questions)

    @property
    def questions(self) -> tuple[str, ...]:
        """Ids of all questions: those that are asked, then those answered only when a caller brings them up."""
        return tuple(dict.fromkeys((*self.asked, *self.ruleset.questions)))

    @property
    def urgency(self) -> Urgency | None:
        """The more urgent of what the rules decided and what the caller was told; None when there was neither.

        Who calls this an emergency is told to call 911, whatever the rules have decided by then.
        """
        told = [level for level in Urgency if f"advice.{level.label}" in self.said]
        decided = [] if self.record.urgency is None else [Urgency(self.record.urgency)]
        return max((*decided, *told), default=None)

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Those of the decision and of the advice; from a red flag's level on never the spine clinic."""
        decided = {Destination(name) for name in (self.record.decision or {}).get("destinations", ())}
        urgency = self.urgency
        if urgency is None or urgency < RED_FLAG:
            return tuple(sorted(decided))
        told = {_TOLD_TO[urgency]} if urgency != self.record.urgency else set()
        return tuple(sorted((decided | told) - {Destination.SPINE, Destination.SELF_CARE}))

    def id_of(self, resource: str) -> str:
        """Return the id of a resource of this call: the same whenever the call is exported."""
        return str(uuid5(_NAMESPACE, f"{self.call_id}/{self.ruleset.sha256}/{resource}"))

    @property
    def questionnaire_id(self) -> str:
        """The id of the questionnaire: the same for every call by these rules."""
        return str(uuid5(_NAMESPACE, self.ruleset.sha256))


def read_case(call: StoredCall, texts: Mapping[str, str]) -> Case:
    """Return the facts of a call.

    Raises VoicebotError `fhir_impossible` for a call without a start, `ruleset_broken` for rules that cannot be read.
    """
    ruleset = _parse(call.ruleset.text, call.ruleset.id)
    record = read_record(call.entries)
    if record.started_at is None:
        raise VoicebotError("fhir_impossible", "The call has no record of its start.", "Leave it out of the export.")
    messages = what_stands(entry.message for entry in call.entries)
    said = (
        prompt.removeprefix(PATIENT) for message in messages if isinstance(message, Say) for prompt in message.prompts
    )
    return Case(
        call_id=call.call_id,
        ruleset=ruleset,
        record=record,
        answers=_answers(call, ruleset, record),
        lines=tuple(line for line in transcript(call.entries, texts) if line.speaker is not Speaker.NOTE),
        said=frozenset(said),
        channel=next((event.channel for event in _events(call) if isinstance(event, Connected)), Channel.STREAM),
        started=datetime.fromisoformat(record.started_at),
    )


@lru_cache(maxsize=4)
def _parse(text: str, name: str) -> RuleSet:
    """Return the rule set; many calls ran by the same, and reading it takes longer than all the rest."""
    return parse_ruleset(text, name)


def _answers(call: StoredCall, ruleset: RuleSet, record: CallRecord) -> Mapping[str, Answer]:
    """Return the answers the rules decided by, as they are stored; without a decision, those the events come to."""
    if not record.trace:
        return parse_answers(fold(ruleset, _events(call))[0].answers, ruleset)
    conditions = (condition for rule in record.trace for condition in rule["conditions"])
    return parse_answers({condition["question"]: condition["answer"] for condition in conditions}, ruleset)


def _events(call: StoredCall) -> list[Event]:
    return [entry.message for entry in call.entries if isinstance(entry.message, Event)]
