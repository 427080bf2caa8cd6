"""What takes long to make is there when it is wanted; a failure is told, and the next try is a new one."""

from __future__ import annotations

from itertools import count
from threading import Event, get_ident
from typing import TYPE_CHECKING

import pytest

from voicebot.speech.spares import Spares

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON_S = 10.0


def test_nothing_is_taken_twice() -> None:
    numbers = count()
    spares = Spares[str, int](lambda _: next(numbers))
    taken = [spares.take("yes_no") for _ in range(50)]
    assert len(set(taken)) == 50


def test_each_kind_has_its_own() -> None:
    spares = Spares[str, str](str.upper)
    assert [spares.take(kind) for kind in ("yes_no", "gate", "yes_no", "gate")] == ["YES_NO", "GATE", "YES_NO", "GATE"]


def test_the_next_one_is_made_by_another_thread_before_it_is_wanted() -> None:
    made = Event()
    makers: list[int] = []

    def make(_: str) -> int:
        makers.append(get_ident())
        if len(makers) == 2:
            made.set()
        return len(makers)

    spares = Spares[str, int](make)
    assert spares.take("yes_no") == 1
    assert made.wait(SOON_S)
    assert spares.take("yes_no") == 2
    assert makers[0] == get_ident()
    assert makers[1] != get_ident()


def test_who_would_wait_in_line_makes_one_at_once() -> None:
    go_on = Event()

    def make(kind: str) -> int:
        if kind == "slow" and get_ident() != own:
            go_on.wait(SOON_S)
        return get_ident()

    own = get_ident()
    spares = Spares[str, int](make)
    taken = [spares.take(kind) for kind in ("slow", "quick", "quick")]
    go_on.set()
    assert taken == [own, own, own]


def test_a_failure_is_told_and_the_next_is_tried_anew() -> None:
    outcomes: Iterator[int | ValueError] = iter([1, ValueError("no memory"), 3, 4])

    def make(_: str) -> int:
        outcome = next(outcomes)
        if isinstance(outcome, ValueError):
            raise outcome
        return outcome

    spares = Spares[str, int](make)
    assert spares.take("yes_no") == 1
    with pytest.raises(ValueError, match="no memory"):
        spares.take("yes_no")
    assert spares.take("yes_no") == 3
