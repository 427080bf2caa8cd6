"""Places many simulated calls, some side by side; hands their runs back in a fixed order. Knows no mode's workings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicebot.simulate.scenario import Scenario
    from voicebot.simulate.verdict import Run


class Calls(Protocol):
    """One mode of calling: words, sound, or the wire. Safe to use from several threads."""

    def place(self, scenario: Scenario, seed: int) -> Run:
        """Run one call to its end and judge it; `seed` chooses what the scenario leaves to chance."""


def run_all(
    calls: Calls, scenarios: Iterable[Scenario], *, callers: int, seed: int, at_once: int | None = None
) -> Iterator[Run]:
    """Yield the runs of `callers` people who each place every scenario, `at_once` calls at a time, or one a caller.

    The first caller uses `seed`, the next one `seed` + 1, and so on. Runs come in the order of callers and scenarios.
    """
    jobs = [(scenario, seed + number) for number in range(callers) for scenario in scenarios]
    with ThreadPoolExecutor(at_once or callers) as pool:
        yield from pool.map(lambda job: calls.place(*job), jobs)
