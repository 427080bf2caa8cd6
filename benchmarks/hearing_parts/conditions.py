"""Under which conditions clips are listened to, as data, and how a clip is brought into each. No engine, no scores."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

import numpy as np

from benchmarks.hearing_parts import channel
from benchmarks.hearing_parts.clips import ANSWERS
from benchmarks.hearing_parts.noises import noise
from benchmarks.hearing_parts.rows import SYNTHETIC

if TYPE_CHECKING:
    from benchmarks.hearing_parts.clips import Clip, Speech
    from benchmarks.hearing_parts.noises import Bank


class Kind(StrEnum):
    """What is done to a clip."""

    RECORDED = "recorded"
    NOISE = "noise"
    LOSS = "loss"
    CODEC = "codec"
    ROOM = "room"
    LATE = "late"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Condition:
    """One way in which all clips are heard."""

    name: str
    kind: Kind
    value: float = 0.0
    """dB of SNR or level, or share of frames lost."""
    over_pauses: bool = False
    """Whether the pauses in a clip count in its level against noise."""


RECORDED = Condition("as recorded", Kind.RECORDED)
SPOKEN = Condition(SYNTHETIC, Kind.RECORDED)
"""Phrases that no recording holds, by programs; listened to as they are."""
NOISE = tuple(Condition(f"{snr} dB SNR", Kind.NOISE, snr) for snr in (20, 10, 5, 0))
LOSS = tuple(Condition(f"{share}% lost frames", Kind.LOSS, share / 100) for share in (1, 3, 5, 10))
REST = (
    Condition("10 dB SNR, pauses counted", Kind.NOISE, 10, over_pauses=True),
    Condition("another codec before", Kind.CODEC),
    Condition("in a room", Kind.ROOM),
    Condition("first 50 ms cut off", Kind.LATE),
    Condition("peak at -30 dB", Kind.QUIET, -30),
)
ALL = (RECORDED, *NOISE, *LOSS, *REST)
MAIN = (RECORDED, NOISE[1], LOSS[2])
"""Those that figures are set for."""


def variants(condition: Condition, bank: Bank) -> tuple[str, ...]:
    """Return the ways there are to bring a clip into a condition; none where the recordings for it are missing."""
    match condition.kind:
        case Kind.RECORDED | Kind.LATE | Kind.QUIET:
            return ("",)
        case Kind.NOISE:
            return bank.kinds()
        case Kind.LOSS:
            return channel.DAMAGES
        case Kind.CODEC:
            return tuple(channel.CODECS)
        case Kind.ROOM:
            return tuple(sorted(bank.rooms))
        case _:
            assert_never(condition.kind)


def variants_for(clip: Clip, condition: Condition, bank: Bank) -> tuple[str, ...]:
    """Return the variants a clip is heard in: every one for a yes or no, one by turns for other words."""
    every = variants(condition, bank)
    if clip.truth in ANSWERS or not every:
        return every
    turn = zlib.crc32(clip.name.encode()) % len(every)
    return every[turn : turn + 1]


def apply(condition: Condition, variant: str, clip: Clip, speech: Speech, bank: Bank) -> Speech:
    """Return the clip's speech under a condition; the same arguments always give the same sound."""
    rng = np.random.default_rng(zlib.crc32(f"{clip.name}/{condition.name}/{variant}".encode()))
    match condition.kind:
        case Kind.RECORDED:
            return speech
        case Kind.NOISE:
            sound = noise(variant, channel.room_for_noise(speech), rng, bank, clip.speaker)
            return channel.with_noise(speech, sound, condition.value, over_pauses=condition.over_pauses)
        case Kind.LOSS:
            return channel.lose_frames(speech, rng, condition.value, variant)
        case Kind.CODEC:
            return channel.through_codec(speech, variant)
        case Kind.ROOM:
            return channel.in_room(speech, bank.rooms[variant])
        case Kind.LATE:
            return channel.begun_late(speech)
        case Kind.QUIET:
            return channel.at_level(speech, condition.value)
        case _:
            assert_never(condition.kind)
