"""The caller on the call that was cut off minutes before the one of a scenario. Pure, as the caller on that one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.caller import SimulatedCaller, asked_in
from voicebot.simulate.scenario import Act, Expect, LineConditions
from voicebot.triage.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicebot.simulate.scenario import Fact, Scenario
    from voicebot.triage.ruleset import RuleSet

_FACT: Mapping[Answer, Fact] = {Answer.YES: "yes", Answer.NO: "no"}


def earlier_call(scenario: Scenario) -> Scenario | None:
    """Return what the same person told on the call before, None if there was none."""
    before = scenario.line.called_before
    if before is None:
        return None
    facts = {question: _FACT.get(answer, "unsure") for question, answer in before.items()}
    return scenario.model_copy(update={"answers": facts, "on": {}, "line": LineConditions(), "expect": Expect()})


class CutOffCaller(SimulatedCaller):
    """Answers until they have told all there is to tell, and is gone with the next question."""

    def __init__(self, scenario: Scenario, ruleset: RuleSet) -> None:
        """Take an earlier call."""
        super().__init__(scenario, ruleset)
        self._untold = set(scenario.answers)

    def hears(self, prompts: Sequence[str]) -> Act | None:
        """Return what the caller does about prompts said in one breath; None when there is nothing to answer."""
        asked = asked_in(prompts)
        if asked is not None and not self._untold:
            return Act(hang_up=True)
        if asked is not None:
            self._untold.difference_update(self._told_by(asked))
        return super().hears(prompts)

    def _told_by(self, asked: str) -> Sequence[str]:
        """Return the questions that this one's answer answers: a group's are asked one by one unless it is no."""
        screen = self._ruleset.screens.get(asked)
        return (asked,) if screen is None or self.fact(asked) != "no" else screen.questions
