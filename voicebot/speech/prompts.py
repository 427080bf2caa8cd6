"""What the line can say: prompt ids and their texts, complete and checked before the first call. No sound in here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError
from voicebot.speech.prompt_file import Mistake, Prompt, mistakes, read_prompts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Filled = tuple[str, frozenset[tuple[str, str]]]
"""A prompt id, and the value of each of its slots."""


@dataclass(frozen=True)
class Prompts:
    """Prompts by id."""

    by_id: Mapping[str, Prompt]

    @classmethod
    def load(cls, folder: Path) -> Prompts:
        """Read every `*.yaml` of a folder.

        Raises VoicebotError `prompts_broken` that lists every mistake as `file:line: what, and how to mend`.
        """
        files = [read_prompts(path) for path in sorted(folder.glob("*.yaml"))]
        wrong = list(chain.from_iterable(found for _, found in files))
        if not files:
            wrong.append(Mistake(str(folder), "no prompts are here; put call.yaml back."))
        by_id: dict[str, Prompt] = {}
        for prompt in chain.from_iterable(prompts for prompts, _ in files):
            first = by_id.setdefault(prompt.id, prompt)
            if first is not prompt:
                wrong += [Mistake(prompt.place, f"prompt {prompt.id} is at {first.place} too; remove one of them.")]
        _refuse(wrong)
        return cls(by_id)

    def extended_with(self, texts: Mapping[str, str]) -> Prompts:
        """Return these prompts and those of a rule set (id -> text). Raises VoicebotError `prompts_broken`."""
        added = [Prompt(prompt_id, " ".join(text.split()), place="rule set") for prompt_id, text in texts.items()]
        wrong = [Mistake(prompt.place, what) for prompt in added for what in mistakes(prompt)]
        for prompt in added:
            if prompt.id in self.by_id:
                there = self.by_id[prompt.id].place
                wrong.append(Mistake(there, f"prompt {prompt.id} comes from the rule set too; remove it here."))
        _refuse(wrong)
        return Prompts({**self.by_id, **{prompt.id: prompt for prompt in added}})

    def check(self, required: Mapping[str, frozenset[str]]) -> None:
        """Compare with the ids a call may say and the slots each is given.

        Raises VoicebotError `prompts_broken` that names every id that is missing, takes other slots or is never said.
        """
        wrong = [Mistake("prompts", f"{name} is missing; write its text.") for name in required.keys() - self.by_id]
        for prompt in self.by_id.values():
            given = required.get(prompt.id)
            if given is None:
                wrong.append(Mistake(prompt.place, f"{prompt.id} is never said; remove it or mend its id."))
            elif given != (takes := frozenset(prompt.slots)):
                what = f"{prompt.id} takes {_listed(takes)} where a call gives {_listed(given)}; mend its text."
                wrong.append(Mistake(prompt.place, what))
        _refuse(sorted(wrong, key=str))

    def wordings(self) -> Iterator[tuple[Filled, str]]:
        """Yield everything that can be said: each prompt with each combination of its slots' values, and its words."""
        for prompt in self.by_id.values():
            for values in product(*prompt.slots.values()):
                slots = dict(zip(prompt.slots, values, strict=True))
                yield (prompt.id, frozenset(slots.items())), prompt.text.format(**slots)


def _listed(slots: Iterable[str]) -> str:
    return "no slot" if not slots else "slots " + ", ".join(sorted(slots))


def _refuse(wrong: list[Mistake]) -> None:
    if wrong:
        raise VoicebotError("prompts_broken", "\n".join(map(str, wrong)))
