"""`dataclasses.replace` for states, which are made anew several times a turn: the same, and many times as fast.

The library's own looks at each of a state's fields in turn. Type checkers see that one, and so check what is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace
else:
    _Frozen = TypeVar("_Frozen")

    def replace(before: _Frozen, /, **changes: Any) -> _Frozen:
        """Return a copy of a frozen dataclass without slots or `__post_init__`, with `changes` to its fields."""
        fields = {**before.__dict__, **changes}
        if len(fields) != len(before.__dict__):
            raise TypeError(f"{type(before).__name__} has no such field.")
        after = object.__new__(type(before))
        object.__setattr__(after, "__dict__", fields)
        return after


__all__ = ["replace"]
