"""Every property of a rule set by its name. What each asks stands in reference.py, asking_order.py and laws.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.triage.proof import asking_order, laws, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.triage.proof.expected import Expected
    from voicebot.triage import RuleSet

    Property = Callable[[RuleSet, Expected], Iterator[str]]

PROPERTIES: tuple[Property, ...] = (
    reference.floor,
    reference.ceiling,
    reference.places,
    reference.unknown_weight,
    reference.reason,
    reference.cause,
    reference.no_sign,
    reference.former_ids,
    reference.every_sign,
    asking_order.most_urgent_first,
    asking_order.follow_ups_follow,
    laws.same_as_the_reference,
    laws.monotone,
    laws.declined_is_unknown,
    laws.red_flag_never_to_spine,
    laws.level_and_destination,
    laws.self_care_takes_a_no_to_everything,
)
"""Cheap ones first: the first that sees a fault names it."""
