"""Events of every kind that can happen, made from the events' own fields: a new kind or value is here by itself.

For whoever goes through the table cell by cell. No state, no step.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from enum import Enum
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from voicebot.dialog import events
from voicebot.dialog.effects import Target
from voicebot.dialog.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SURE, DOUBTFUL = 0.99, 0.6
_VALUES: dict[tuple[str, str], Sequence[Any]] = {
    ("Heard", "confidence"): (SURE, DOUBTFUL),
    ("KeyPressed", "key"): "0123456789*#",
    ("CallStarted", "earlier_call"): ("", "-"),
    ("CallStarted", "closed"): ((), tuple(Target)),
    ("PlaceRecorded", "ms"): (0, 3000),
}
"""Fields of which more than one value matters, beside those of enumerations and of True and False."""
_PLAIN: dict[Any, Any] = {int: 0, str: "-"}
"""What stands in a field that must be filled, by its type."""


@cache
def every_event() -> tuple[Event, ...]:
    """Return events of every kind, at the time 0, with every value that the dialog tells apart."""
    return tuple(one for kind in get_args(Event) for one in _of(kind))


def _of(kind: type[Event]) -> Iterable[Event]:
    hints = get_type_hints(kind, vars(events))
    choices = {field.name: _choices(kind.__name__, field, hints[field.name]) for field in fields(kind)}
    varied = {name: values for name, values in choices.items() if values}
    return (kind(**dict(zip(varied, chosen, strict=True))) for chosen in product(*varied.values()))


def _choices(kind: str, field: Field[Any], hint: Any) -> Sequence[Any]:
    """Return the values to fill a field with; none to leave it at its default."""
    if (kind, field.name) in _VALUES:
        return _VALUES[kind, field.name]
    if hint is bool:
        return (False, True)
    enumerated = next((one for one in (hint, *get_args(hint)) if isinstance(one, type) and issubclass(one, Enum)), None)
    optional = (None,) if type(None) in get_args(hint) else ()
    if enumerated and (hint is enumerated or optional):
        return (*enumerated, *optional)
    return (_PLAIN[hint],) if field.default is field.default_factory is MISSING else ()
