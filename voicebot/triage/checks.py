"""What must hold between the entries of a rule set file. Each check yields mistakes and repairs nothing."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from voicebot.triage.draft import Draft, read_draft
from voicebot.triage.levels import RED_FLAG, AskedBy, Destination, Urgency
from voicebot.triage.source import Mistake, Place
from voicebot.triage.wording import asked_mistakes, patient_mistakes, spoken_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.file_format import Outcome

UNKNOWN_FLOOR: Mapping[Urgency, Urgency] = {
    Urgency.CALL_911: Urgency.EMERGENCY_ROOM,
    Urgency.EMERGENCY_ROOM: Urgency.SAME_DAY,
    Urgency.SAME_DAY: Urgency.SAME_DAY,
}
"""The least that a red flag of each level weighs when it could not be cleared (a person takes over besides)."""


def find_mistakes(root: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every mistake between entries; what a single entry lacks is found by the file format itself."""
    draft = read_draft(root)
    yield from _twins(draft)
    yield from _strangers(draft)
    yield from _former(draft)
    yield from _order(draft)
    yield from _words(draft)
    yield from _outcomes(draft)
    yield from _fallbacks(draft)
    if draft.whole:
        yield from _follow_ups(draft)
        yield from _levels_of_groups(draft)
        yield from _left_for_staff(draft)
        yield from _idle_questions(draft)


def _twins(draft: Draft) -> Iterator[Mistake]:
    seen: set[str] = set()
    for place, name in draft.ids:
        if name in seen:
            yield Mistake(place, f"the name {name} is used twice; give this one another id.")
        seen.add(name)


def _strangers(draft: Draft) -> Iterator[Mistake]:
    lists: list[tuple[Place, tuple[str, ...]]] = [
        *(((*place, "asked_if"), question.asked_if) for place, question in draft.questions.items()),
        *(((*place, "questions"), group.questions) for place, group in draft.groups.items()),
        *(((*place, "all_of"), rule.all_of) for place, rule in draft.rules.items()),
    ]
    for place, names in lists:
        for name in names:
            if name not in draft.question_ids:
                yield Mistake(place, f"there is no question {name}; mend the name or add the question.")
        for name in _repeated(names):
            yield Mistake(place, f"{name} is named twice; name it once.")


def _former(draft: Draft) -> Iterator[Mistake]:
    for old, parts in draft.former.items():
        if old in draft.question_ids | draft.group_ids:
            yield Mistake(("former", old), f"{old} is still in use; a former id is free, so give the new one another.")
        for part in parts:
            if part not in draft.question_ids:
                yield Mistake(("former", old), f"there is no question {part}; mend the name or remove it.")


def _order(draft: Draft) -> Iterator[Mistake]:
    for index, name in enumerate(draft.order):
        if name not in draft.question_ids | draft.group_ids:
            yield Mistake(("order", index), f"there is no question or group {name}; mend the name or remove it.")
    members = {group.id: group.questions for group in draft.groups.values()}
    asked = [question for name in draft.order for question in members.get(name, (name,))]
    for name in _repeated(tuple(asked)):
        yield Mistake(("order",), f"{name} is asked twice; keep one place for it.")
    for place, question in draft.questions.items():
        if question.asked_by is AskedBy.NOBODY:
            if question.id in asked:
                yield Mistake(("order",), f"nobody asks {question.id}; remove it from `order` or from its group.")
        elif draft.whole and question.id not in asked:
            yield Mistake(place, f"{question.id} is never asked; put it, or a group that holds it, into `order`.")
    for place, group in draft.groups.items():
        if group.id not in draft.order:
            yield Mistake(place, f"the group {group.id} is never asked; put it into `order` or remove it.")


def _words(draft: Draft) -> Iterator[Mistake]:
    for place, asked in (*draft.questions.items(), *draft.groups.items()):
        for field in ("text", "reprompt"):
            yield from _at((*place, field), asked_mistakes(getattr(asked, field)))
        yield from _at((*place, "help"), spoken_mistakes(asked.help))
        for field in ("text", "reprompt", "help"):
            if words := getattr(asked.patient, field):
                mistakes = spoken_mistakes if field == "help" else asked_mistakes
                yield from _at((*place, "patient", field), chain(mistakes(words), patient_mistakes(words)))
    for place, group in draft.groups.items():
        yield from _at((*place, "read_back"), spoken_mistakes(group.read_back))
    for place, rule in (*draft.rules.items(), *draft.fallbacks.items()):
        yield from _at((*place, "spoken"), spoken_mistakes(rule.spoken))
        if rule.patient:
            yield from _at((*place, "patient"), chain(spoken_mistakes(rule.patient), patient_mistakes(rule.patient)))


def _outcomes(draft: Draft) -> Iterator[Mistake]:
    for place, rule in draft.rules.items():
        if not rule.all_of:
            yield Mistake(place, "`all_of` is missing or empty; name the questions that make the rule fire.")
        weights: list[tuple[Place, Outcome]] = [((*place, "destinations"), rule)]
        if rule.if_unknown:
            weights.append(((*place, "if_unknown"), rule.if_unknown))
        for where, outcome in weights:
            if outcome.level >= RED_FLAG and Destination.SPINE in outcome.destinations:
                yield Mistake(where, f"level {outcome.level} never leads to spine scheduling; remove `spine`.")
        if rule.level is Urgency.CALL_911 and Destination.EMS not in rule.destinations:
            yield Mistake((*place, "destinations"), "level 5 leads to `ems`; add it.")
        yield from _unknown_weight(place, rule.level, rule.if_unknown.level if rule.if_unknown else None)


def _unknown_weight(place: Place, level: Urgency, unknown: Urgency | None) -> Iterator[Mistake]:
    floor = UNKNOWN_FLOOR.get(level)
    if unknown is None:
        if floor is not None:
            yield Mistake(place, f"`if_unknown` is missing; unknown is never no: give it level {floor} or more.")
    elif unknown > level:
        yield Mistake((*place, "if_unknown"), f"unknown cannot weigh more than yes; give it level {level} or less.")
    elif floor is not None and unknown < floor:
        yield Mistake((*place, "if_unknown"), f"unknown weighs too little at level {level}; give it {floor} or more.")


def _fallbacks(draft: Draft) -> Iterator[Mistake]:
    for key, level in (("base", Urgency.SPINE_SCHEDULING), ("no_symptom", Urgency.SELF_CARE)):
        rule = draft.fallbacks.get((key,))
        if rule and rule.level is not level:
            yield Mistake((key, "level"), f"`{key}` is always level {level}; set it so.")
        if rule and (rule.all_of or rule.if_unknown):
            yield Mistake((key,), f"`{key}` holds when no rule fires; remove `all_of` and `if_unknown`.")


def _follow_ups(draft: Draft) -> Iterator[Mistake]:
    members = {group.id: group.questions for group in draft.groups.values()}
    asked = [question for name in draft.order for question in members.get(name, (name,))]
    for place, question in draft.questions.items():
        late = [name for name in question.asked_if if name in asked and question.id in asked[: asked.index(name) + 1]]
        if late:
            yield Mistake((*place, "asked_if"), f"{question.id} is asked before {late[0]}; put it later in `order`.")
    follow_ups = {question.id: set(question.asked_if) for question in draft.questions.values() if question.asked_if}
    for place, rule in draft.rules.items():
        for name in rule.all_of:
            if name in follow_ups and not follow_ups[name] & set(rule.all_of):
                yield Mistake(
                    (*place, "all_of"),
                    f"{name} is asked only after {' or '.join(sorted(follow_ups[name]))}; add one of them to `all_of`.",
                )
    for place, group in draft.groups.items():
        if len({frozenset(follow_ups.get(name, ())) for name in group.questions}) > 1:
            yield Mistake((*place, "questions"), "only follow-ups of the same questions can share a group; split it.")


def _levels_of_groups(draft: Draft) -> Iterator[Mistake]:
    alone = {rule.all_of[0]: rule.level for rule in draft.rules.values() if len(rule.all_of) == 1}
    for place, group in draft.groups.items():
        levels = {name: int(alone.get(name, Urgency.SPINE_SCHEDULING)) for name in group.questions}
        if len(set(levels.values())) > 1:
            listed = ", ".join(f"{name} {level}" for name, level in levels.items())
            yield Mistake((*place, "questions"), f"a group holds one level, here are {listed}; split it.")


def _left_for_staff(draft: Draft) -> Iterator[Mistake]:
    alone = {rule.all_of[0]: rule.level for rule in draft.rules.values() if len(rule.all_of) == 1}
    for place, question in draft.questions.items():
        if question.asked_by is AskedBy.STAFF and alone.get(question.id, Urgency.SELF_CARE) >= RED_FLAG:
            yield Mistake(
                (*place, "asked_by"), f"{question.id} is a red flag; the line must ask it, remove `asked_by`."
            )
    staff = {question.id for question in draft.questions.values() if question.asked_by is AskedBy.STAFF}
    for place, group in draft.groups.items():
        if staff.intersection(group.questions) and not staff.issuperset(group.questions):
            yield Mistake(
                (*place, "questions"), "what is left for staff shares no group with what the line asks; split it."
            )


def _idle_questions(draft: Draft) -> Iterator[Mistake]:
    used = {name for rule in draft.rules.values() for name in rule.all_of}
    for place, question in draft.questions.items():
        if question.id not in used:
            yield Mistake(place, f"no rule holds {question.id}; add a rule or remove the question.")


def _repeated(names: tuple[str, ...]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _at(place: Place, texts: Iterator[str]) -> Iterator[Mistake]:
    return (Mistake(place, text) for text in texts)
