"""Results as Markdown, one model in detail: which words, which sounds, which phrases. `scores.py` counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.hearing_parts import scores
from benchmarks.hearing_parts.conditions import MAIN, RECORDED
from benchmarks.hearing_parts.rows import SYNTHETIC
from benchmarks.hearing_parts.scores import Share, by, tally
from benchmarks.hearing_parts.tables import table, under
from benchmarks.hearing_parts.verdicts import shown
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.hearing_parts.rows import StretchRow
    from benchmarks.hearing_parts.runs import Run

MOST_CONFUSIONS = 20
MOST_PHRASES = 4
CORPORA = {
    "gsc": "single words, many people (Speech Commands)",
    "mycroft_wakewords": "names and words that wake machines",
    "fsdd": "digits, 6 people",
    "asterisk_allison": "telephone prompts, 1 person",
}
"""Corpora of other words; one that is not here goes by its own name."""


def words(run: Run) -> str:
    """Return yes and no each, and the other words of each corpus, as recorded."""
    rows = under(run, RECORDED.name)
    lines = []
    for word in (Meaning.YES, Meaning.NO):
        said = tally(row for row in rows if row.truth is word)
        taken = f"{shown(said.swapped)} swapped, {said.swapped_confirm.count} more to confirm"
        lines.append([f'"{word}"', shown(said.accepted), str(said.confirmed.count), taken])
    for corpus, some in sorted(by(filter(scores.is_other, rows), lambda row: row.corpus).items()):
        other = tally(some)
        lines.append(
            [CORPORA.get(corpus, corpus), "", "", f"{shown(other.taken)} taken, {other.taken_confirm.count} to confirm"]
        )
    return table(
        ["what was said", "accepted as what it is", "to confirm as what it is", "taken for something else"], lines
    )


def confusions(run: Run) -> str:
    """Return the commonest mistakes under the main conditions together."""
    rows = [row for condition in MAIN for row in under(run, condition.name)]
    said = Counter(row.said for row in rows)
    found = scores.confusions(rows)[:MOST_CONFUSIONS]
    lines = [[said_, str(meaning), str(action), f"{count} of {said[said_]}"] for said_, meaning, action, count in found]
    return table(["said", "taken for", "as", "times"], lines)


def minutes(run: Run) -> str:
    """Return what was heard where nobody answered, by group, with the worst stretches named."""
    lines = []
    for group, rows in by_group(run.stretches).items():
        accepted, total = scores.per_minute(rows, Action.ACCEPT)
        confirm, _ = scores.per_minute(rows, Action.CONFIRM)
        worst = sorted((row for row in rows if row.answers), key=lambda row: -len(row.answers))[:3]
        told = "; ".join(f"{_name(row)}: {_heard(row)}" for row in worst)
        lines.append(
            [group, f"{total:.1f}", f"{accepted} ({accepted / total:.2f})", f"{confirm} ({confirm / total:.2f})", told]
        )
    return table(["sound", "minutes", "accepted (a minute)", "to confirm (a minute)", "where most"], lines)


def synthetic(run: Run) -> str:
    """Return how phrases of programs are heard, by meaning."""
    lines = []
    spoken = by((row for row in run.rows if row.corpus == SYNTHETIC), lambda row: str(row.truth))
    for meaning, rows in spoken.items():
        phrases = str(len({row.said for row in rows}))
        if meaning == Meaning.MIXED:
            again = Share(
                sum(row.action is Action.ASK_AGAIN or row.meaning is Meaning.MIXED for row in rows), len(rows)
            )
            right = f"{shown(again)} asked again"
        else:
            right = shown(Share(sum(map(scores.is_right, rows)), len(rows)))
        accepted = sum(scores.is_right(row) and row.action is Action.ACCEPT for row in rows)
        wrong = Counter(
            (str(row.meaning), row.said) for row in rows if row.action is Action.ACCEPT and row.meaning is not row.truth
        )
        lines.append(
            [
                meaning,
                phrases,
                right,
                str(accepted),
                _wrong(wrong),
            ]
        )
    return table(
        ["meaning", "phrases", "right: accepted or to confirm", "of these accepted", "accepted as something else"],
        lines,
    )


def _wrong(wrong: Counter[tuple[str, str]]) -> str:
    """Return what was accepted instead, how often, and the phrases it befell most."""
    instead = Counter[str]()
    for (meaning, _), count in wrong.items():
        instead[meaning] += count
    told = ", ".join(f"{meaning} {count}" for meaning, count in instead.most_common())
    phrases = "; ".join(f'"{said}" {count}' for (_, said), count in wrong.most_common(MOST_PHRASES))
    return f"{told} ({phrases})" if told else "none"


def urgent_alarms(run: Run) -> str:
    """Return how often recorded speech that says nothing of the kind was taken for a wish or a need of help."""
    lines = []
    for condition in MAIN:
        rows = [row for row in under(run, condition.name) if scores.is_answer(row) or scores.is_other(row)]
        for meaning in (Meaning.EMERGENCY, Meaning.SUICIDE, Meaning.OPERATOR):
            heard = Counter(row.action for row in rows if row.meaning is meaning)
            share = Share(heard[Action.ACCEPT], len(rows))
            lines.append([condition.name, str(meaning), shown(share), str(heard[Action.CONFIRM])])
    return table(["condition", "taken for", "accepted", "to confirm"], lines)


def by_group(rows: Iterable[StretchRow]) -> dict[str, list[StretchRow]]:
    """Return stretches by group, in order."""
    groups: dict[str, list[StretchRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return groups


def _name(row: StretchRow) -> str:
    name = row.title.removeprefix(f"{row.group}: ")
    return name if len(name) <= 60 else f"{name[:57]}..."  # noqa: PLR2004 - a long prompt


def _heard(row: StretchRow) -> str:
    heard = Counter(f'"{answer.text}"' for answer in row.answers)
    return ", ".join(f"{text} x{count}" if count > 1 else text for text, count in heard.most_common(3))
