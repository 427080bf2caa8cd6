"""How much sound never came: frames lost on their way, or stretches in which the phone sent none. Pure, numbers only.

A call's clock is the sound received. Unless what is missing is made up for by silence, a line that loses one frame in
twenty lets the clock, every time limit and the recording run a twentieth slow.
"""

from __future__ import annotations

FROM_MS = 15
"""Less than this is no gap: timestamps waver by a few ms, and a frame has 20."""
MOST_MS = 5000
"""A longer gap is none that could be made up for: a stream that sends nothing for so long is given up."""


class Gaps:
    """The frames of one stream, by their timestamps. The first one may have any."""

    def __init__(self) -> None:
        self._next_ms: float | None = None
        self._heard_ms = 0.0
        self._missed_ms = 0

    def before(self, stamp_ms: int | None, sound_ms: float) -> int:
        """Return how much sound (ms) is missing before a frame of `sound_ms` that is stamped so (ms; None: not at all).

        Timestamps that would have more missing than was heard mean something else, and are not believed.
        """
        expected_ms, missing = self._next_ms, 0
        if stamp_ms is None or expected_ms is None:
            begins_ms: float | None = expected_ms if stamp_ms is None else stamp_ms
        elif abs(off_ms := stamp_ms - expected_ms) < FROM_MS:
            begins_ms = expected_ms
        else:
            begins_ms = stamp_ms
            if 0 < off_ms <= MOST_MS and self._missed_ms + off_ms <= self._heard_ms + MOST_MS:
                missing = round(off_ms)
        self._next_ms = None if begins_ms is None else begins_ms + sound_ms
        self._heard_ms += sound_ms
        self._missed_ms += missing
        return missing
