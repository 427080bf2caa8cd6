"""Things that take a while to make, the next one of each kind made ahead. What they are is not known here.

A new recognizer takes 5 ms, a second hearing 7, and both fall between an answer and the next question, when the frames
of that call wait.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = TypeVar("Kind")
Thing = TypeVar("Thing")


class Spares(Generic[Kind, Thing]):
    """One spare of each kind that was taken before. Safe to share between threads."""

    def __init__(self, make: Callable[[Kind], Thing]) -> None:
        self._make = make
        self._changing = Lock()
        self._spares: dict[Kind, Future[Thing]] = {}
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="spares")

    def take(self, kind: Kind) -> Thing:
        """Return one of this kind, and have the next made. Raises what making it raises."""
        with self._changing:
            spare = self._spares.pop(kind, None)
        # one that waits in line behind others is sooner made here
        thing = self._make(kind) if spare is None or spare.cancel() else spare.result()
        with self._changing:
            if kind not in self._spares:
                self._spares[kind] = self._ahead.submit(self._make, kind)
        return thing
