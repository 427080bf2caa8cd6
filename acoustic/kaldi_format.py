"""Kaldi's binary files, value by value: tokens, numbers, vectors, matrices of four or of two bytes a number.

Everything is little endian. What the values mean stands in nnet3.py; nothing here knows of networks.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BINARY = b"\0B"
"""Begins every binary file."""
_LEVELS = 65535


@dataclass(frozen=True)
class CompressedMatrix:
    """A matrix of two bytes a number: its levels are spread evenly over the range of its values."""

    lowest: np.float32
    span: np.float32
    levels: NDArray[np.uint16]

    @classmethod
    def of(cls, matrix: NDArray[np.floating]) -> CompressedMatrix:
        """Compress a matrix: no number moves by more than half a level, and rounding of the range."""
        lowest, highest = np.float32(matrix.min()), np.float32(matrix.max())
        span = np.maximum(highest - lowest, np.finfo(np.float32).tiny)
        levels = np.rint((matrix.astype(np.float64) - lowest) / span * _LEVELS).clip(0, _LEVELS)
        return cls(lowest, span, levels.astype(np.uint16))

    @property
    def values(self) -> NDArray[np.float32]:
        """The numbers that Kaldi computes with, rounded as it rounds them."""
        return self.lowest + self.levels * (self.span * np.float32(1 / _LEVELS))


@dataclass
class Writer:
    """Appends values to the bytes of a file. Every method returns the writer, so that a record reads as one line."""

    content: bytearray = field(default_factory=lambda: bytearray(_BINARY))

    def raw(self, content: bytes) -> Writer:
        """Append bytes as they are."""
        self.content += content
        return self

    def token(self, *names: str) -> Writer:
        """Append words such as `<Nnet3>`."""
        return self.raw("".join(f"{name} " for name in names).encode())

    def int32(self, *numbers: int) -> Writer:
        """Append numbers, each behind its size in bytes."""
        return self.raw(b"".join(struct.pack("<bi", 4, number) for number in numbers))

    def float32(self, number: float) -> Writer:
        """Append a number behind its size in bytes."""
        return self.raw(struct.pack("<bf", 4, number))

    def float64(self, number: float) -> Writer:
        """Append a number behind its size in bytes."""
        return self.raw(struct.pack("<bd", 8, number))

    def integers(self, numbers: Sequence[int]) -> Writer:
        """Append a list of integers."""
        return self.raw(struct.pack("<bi", 4, len(numbers)) + np.asarray(numbers, "<i4").tobytes())

    def vector(self, numbers: Sequence[float] | NDArray[np.float32]) -> Writer:
        """Append a vector."""
        return self.token("FV").int32(len(numbers)).raw(np.asarray(numbers, "<f4").tobytes())

    def matrix(self, matrix: NDArray[np.float32] | CompressedMatrix) -> Writer:
        """Append a matrix, row after row."""
        if isinstance(matrix, CompressedMatrix):
            header = struct.pack("<ffii", matrix.lowest, matrix.span, *matrix.levels.shape)
            return self.token("CM2").raw(header + matrix.levels.astype("<u2").tobytes())
        return self.token("FM").int32(*matrix.shape).raw(np.ascontiguousarray(matrix, "<f4").tobytes())


@dataclass
class Reader:
    """Takes values from the bytes of a file in order.

    Every method raises ValueError, naming the place, where the file holds something else.
    """

    content: bytes
    place: int = 0

    def __post_init__(self) -> None:
        self.expect_bytes(_BINARY)

    def raw(self, size: int) -> bytes:
        """Take so many bytes."""
        taken = self.content[self.place : self.place + size]
        if len(taken) < size:
            raise ValueError(f"the file ends at byte {len(self.content)}, in the middle of a value")
        self.place += size
        return taken

    def expect_bytes(self, expected: bytes) -> None:
        """Take bytes that must be these."""
        place, found = self.place, self.raw(len(expected))
        if found != expected:
            raise ValueError(f"byte {place}: expected {expected!r}, found {found!r}")

    def until(self, end: bytes) -> bytes:
        """Take everything up to `end`, and `end`; returns what is before it."""
        place = self.content.find(end, self.place)
        if place < 0:
            raise ValueError(f"byte {self.place}: no {end!r} follows")
        before = self.content[self.place : place]
        self.place = place + len(end)
        return before

    def token(self) -> str:
        """Take a word."""
        return self.until(b" ").decode("ascii")

    def expect(self, *names: str) -> None:
        """Take words that must be these."""
        for name in names:
            self.expect_bytes(f"{name} ".encode())

    def int32(self) -> int:
        """Take a number."""
        self.expect_bytes(b"\4")
        return int(struct.unpack("<i", self.raw(4))[0])

    def float32(self) -> float:
        """Take a number."""
        self.expect_bytes(b"\4")
        return float(struct.unpack("<f", self.raw(4))[0])

    def float64(self) -> float:
        """Take a number."""
        self.expect_bytes(b"\x08")
        return float(struct.unpack("<d", self.raw(8))[0])

    def integers(self) -> list[int]:
        """Take a list of integers."""
        size = self.int32()
        return [int(number) for number in np.frombuffer(self.raw(4 * size), "<i4")]

    def vector(self) -> NDArray[np.float32]:
        """Take a vector."""
        self.expect("FV")
        return np.frombuffer(self.raw(4 * self.int32()), "<f4")

    def matrix(self) -> NDArray[np.float32] | CompressedMatrix:
        """Take a matrix of either kind."""
        kind = self.token()
        if kind == "CM2":
            lowest, span, rows, columns = struct.unpack("<ffii", self.raw(16))
            levels = np.frombuffer(self.raw(2 * rows * columns), "<u2").reshape(rows, columns)
            return CompressedMatrix(np.float32(lowest), np.float32(span), levels)
        if kind == "FM":
            rows, columns = self.int32(), self.int32()
            return np.frombuffer(self.raw(4 * rows * columns), "<f4").reshape(rows, columns)
        raise ValueError(f"byte {self.place}: {kind!r} is no matrix this reads")
