"""What a rule set file may hold, entry by entry. Checks that need more than one entry live in checks.py.

Written without postponed annotations, as pydantic reads the fields' types while the classes are made.
"""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from voicebot.triage.levels import AskedBy, Destination, Urgency

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Words = Annotated[str, StringConstraints(min_length=1)]


class Entry(BaseModel):
    """Frozen, and a field it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Entry):
    """Words of a question for a caller who speaks for somebody else; what is left out needs no other words."""

    text: Words | None = None
    reprompt: Words | None = None
    help: Words | None = None


class Spoken(Entry):
    """Something asked of a caller."""

    id: Id
    text: Words
    reprompt: Words
    """The same in other words."""
    help: Words
    patient: Wording = Wording()
    """The same about "the patient"."""


class QuestionEntry(Spoken):
    """One thing asked; a yes always means that the sign is there."""

    why: Words
    asked_if: tuple[Id, ...] = ()
    """A follow-up is asked only when one of these is yes, unknown or declined."""
    asked_by: AskedBy = AskedBy.LINE


class GroupEntry(Spoken):
    """Up to three questions of one level asked in one breath: yes means at least one of them."""

    questions: Annotated[tuple[Id, ...], Field(min_length=2, max_length=3)]
    read_back: Words
    """Said after a "no", so that the caller can take it back."""


class Outcome(Entry):
    """An urgency and where to."""

    level: Urgency
    destinations: Annotated[tuple[Destination, ...], Field(min_length=1)]


class Approval(Entry):
    """Who answers for a rule. `approver` stays empty until a licensed clinician has signed."""

    author: Words
    approver: Words | None
    approved_on: date | None
    review_by: date


class Reasons(Outcome):
    """An outcome with everything a reader wants to know about it."""

    id: Id
    version: int = 1
    spoken: Words
    patient: Words | None = None
    """The same about "the patient"; None where it needs no other words."""
    seed_cause: Words | None
    """The cause or symptom of the clinic's own page that this answers to."""
    source: Words
    icd10: tuple[Words, ...]
    """ICD-10-CM codes of what is considered, never of what the caller has."""
    note: Words | None = None
    approval: Approval | None = None
    """None: as the whole rule set."""


class Rule(Reasons):
    """Fires when every question of `all_of` is yes; gives `if_unknown` when those left are unknown or declined.

    A rule names questions only, so that none can test for a "no": urgency can only rise with the answers. The two rules
    without questions are what a caller gets when no other fires.
    """

    all_of: tuple[Id, ...] = ()
    if_unknown: Outcome | None = None

    def approved_like(self, approval: Approval) -> Self:
        """Return this rule with `approval`, unless it has its own."""
        return self if self.approval else self.model_copy(update={"approval": approval})


class RuleSetFile(Entry):
    """A whole file."""

    id: Id
    version: Words
    title: Words
    notice: Words
    approval: Approval
    for_clinician: tuple[Words, ...] = ()
    """What a clinician has to decide before the rules may be used."""
    former: dict[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = {}
    """Question ids of earlier versions -> the questions that took their place."""
    questions: tuple[QuestionEntry, ...]
    groups: tuple[GroupEntry, ...]
    order: tuple[Id, ...]
    base: Rule
    no_symptom: Rule
    rules: tuple[Rule, ...]
