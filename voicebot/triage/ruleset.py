"""A rule set: text in, checked questions, screens and rules out. Opens no file and decides nothing about a caller."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import ValidationError

from voicebot.errors import VoicebotError
from voicebot.triage.bits import RuleSetBits
from voicebot.triage.checks import find_mistakes
from voicebot.triage.file_format import Approval, QuestionEntry, Rule, RuleSetFile, Spoken
from voicebot.triage.source import Mistake, Source, from_pydantic, read_yaml
from voicebot.triage.wording import says_you

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.levels import AskedBy, Urgency


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in words, twice, and what it means."""

    text: str
    reprompt: str
    help: str


@dataclass(frozen=True)
class Question:
    """One thing asked of a caller; a yes always means that the sign is there."""

    id: str
    text: str
    reprompt: str
    help: str
    patient: Wording
    """The same for a caller who speaks for somebody else."""
    why: str
    asked_if: tuple[str, ...]
    """A follow-up is asked only when one of these is yes, unknown or declined."""
    level: Urgency
    """What a yes gives by itself."""
    unknown_level: Urgency | None
    """What unknown or declined gives by itself; None when it has no effect."""
    screen: str
    """Id of the screen that asks it first; empty when nobody asks it."""
    asked_by: AskedBy


@dataclass(frozen=True)
class Screen:
    """What is asked in one breath: a single question, or up to three of one level."""

    id: str
    questions: tuple[str, ...]
    level: Urgency
    text: str
    reprompt: str
    help: str
    patient: Wording
    read_back: str = ""
    """Said after a "no" to a group, so that the caller can take it back."""

    @property
    def is_group(self) -> bool:
        """Whether one answer speaks for several questions."""
        return len(self.questions) > 1


@dataclass(frozen=True, eq=False)
class RuleSet:
    """A checked rule set. Make one with `parse_ruleset`; it equals itself alone, `sha256` tells which read the same."""

    id: str
    version: str
    title: str
    notice: str
    sha256: str
    """Hex digest of the file's text in UTF-8."""
    approval: Approval
    for_clinician: tuple[str, ...]
    """What a clinician has to decide before the rules may be used."""
    former: Mapping[str, tuple[str, ...]]
    """Question ids of earlier versions, still accepted -> the questions that took their place."""
    questions: Mapping[str, Question]
    screens: Mapping[str, Screen]
    """In the order of asking."""
    rules: tuple[Rule, ...]
    """All of them, `base` and `no_symptom` last."""
    base: Rule
    """What a caller gets when no rule fires: a numb leg is trouble enough."""
    no_symptom: Rule
    """What a caller gets who answered no to every question."""

    @property
    def approved(self) -> bool:
        """Whether a clinician has put a name to this rule set."""
        return self.approval.approver is not None and self.approval.approved_on is not None

    @cached_property
    def speaks_of_patient(self) -> bool:
        """Whether all that a call says can be said about a patient for whom somebody else calls."""
        asked = [question.patient for question in self.questions.values() if question.screen]
        wordings = [*asked, *(screen.patient for screen in self.screens.values())]
        said = [words for one in wordings for words in (one.text, one.reprompt, one.help)]
        said += [rule.patient or rule.spoken for rule in self.rules]
        return not any(says_you(words) for words in said)

    @cached_property
    def rules_with(self) -> Mapping[str, tuple[Rule, ...]]:
        """Question id -> the rules that hold it."""
        return {name: tuple(rule for rule in self.rules if name in rule.all_of) for name in self.questions}

    @cached_property
    def bits(self) -> RuleSetBits:
        """Questions and rules as sets, for the engine."""
        return RuleSetBits.of(self)

    @cached_property
    def spoken_for(self) -> Mapping[str, tuple[str, ...]]:
        """Question id -> the ids whose answers count for it: its own, then former ones."""
        return {name: (name, *(old for old, parts in self.former.items() if name in parts)) for name in self.questions}

    def single(self, question: str) -> Screen:
        """Return the screen that asks this one question by itself."""
        asked = self.questions[question]
        return Screen(asked.id, (asked.id,), asked.level, asked.text, asked.reprompt, asked.help, asked.patient)


def parse_ruleset(text: str, name: str) -> RuleSet:
    """Read and check a rule set written in YAML 1.2; `name` stands in front of every mistake.

    Raises VoicebotError "ruleset_broken" that lists every mistake as `name:line: what, and how to mend`.
    """
    source = read_yaml(text, name)
    mistakes = list(find_mistakes(source.root))
    try:
        file = RuleSetFile.model_validate(source.root)
    except ValidationError as error:
        raise _broken(source, [*mistakes, *from_pydantic(error)]) from None
    if mistakes:
        raise _broken(source, mistakes)
    return _assemble(file, hashlib.sha256(text.encode()).hexdigest())


def _broken(source: Source, mistakes: list[Mistake]) -> VoicebotError:
    return VoicebotError("ruleset_broken", source.describe(mistakes))


def _assemble(file: RuleSetFile, sha256: str) -> RuleSet:
    groups = {group.id: group for group in file.groups}
    asks = {name: groups[name].questions if name in groups else (name,) for name in file.order}
    screen_of = {question: screen for screen, members in asks.items() for question in members}
    entries = {entry.id: entry for entry in file.questions}
    questions = {entry.id: _question(entry, screen_of.get(entry.id, ""), file) for entry in file.questions}

    def screen(name: str) -> Screen:
        spoken: Spoken = groups.get(name) or entries[name]
        read_back = groups[name].read_back if name in groups else ""
        level = questions[asks[name][0]].level
        return Screen(
            name, asks[name], level, spoken.text, spoken.reprompt, spoken.help, _of_patient(spoken), read_back
        )

    *rules, base, no_symptom = (rule.approved_like(file.approval) for rule in (*file.rules, file.base, file.no_symptom))
    return RuleSet(
        id=file.id,
        version=file.version,
        title=file.title,
        notice=file.notice,
        sha256=sha256,
        approval=file.approval,
        for_clinician=file.for_clinician,
        former=file.former,
        questions=questions,
        screens={name: screen(name) for name in file.order},
        rules=(*rules, base, no_symptom),
        base=base,
        no_symptom=no_symptom,
    )


def _of_patient(spoken: Spoken) -> Wording:
    """Return the words about the patient; where there are none, those for the caller do."""
    of_patient = spoken.patient
    return Wording(
        of_patient.text or spoken.text, of_patient.reprompt or spoken.reprompt, of_patient.help or spoken.help
    )


def _question(entry: QuestionEntry, screen: str, file: RuleSetFile) -> Question:
    alone = [rule for rule in file.rules if rule.all_of == (entry.id,)]
    return Question(
        id=entry.id,
        text=entry.text,
        reprompt=entry.reprompt,
        help=entry.help,
        patient=_of_patient(entry),
        why=entry.why,
        asked_if=entry.asked_if,
        level=max((rule.level for rule in alone), default=file.base.level),
        unknown_level=max((rule.if_unknown.level for rule in alone if rule.if_unknown), default=None),
        screen=screen,
        asked_by=entry.asked_by,
    )
