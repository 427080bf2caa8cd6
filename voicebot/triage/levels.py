"""The closed sets of triage: how urgent, where to, asked by whom. No rule and no wording belongs here."""

from enum import IntEnum, StrEnum


class Urgency(IntEnum):
    """How soon a caller needs care; a higher number is more urgent."""

    SELF_CARE = 0
    SPINE_SCHEDULING = 1
    PRIMARY_CARE = 2
    SAME_DAY = 3
    EMERGENCY_ROOM = 4
    CALL_911 = 5

    @property
    def label(self) -> str:
        """The stable name used in JSON, such as `call_911`."""
        return self.name.lower()


LEVEL_NAMES = tuple(urgency.label for urgency in Urgency)
"""Names of the levels; the place of a name is its number."""

RED_FLAG = Urgency.SAME_DAY
"""From this level on a sign is a red flag: unknown keeps weight, and spine scheduling is never routed."""


class AskedBy(StrEnum):
    """Who puts a question to a caller."""

    LINE = "line"
    STAFF = "staff"
    """Left for staff once a reason for a visit was found, unless the answer could still mean a red flag."""
    NOBODY = "nobody"
    """Never asked; set when a caller speaks of it."""


class Destination(StrEnum):
    """Who can help a caller."""

    EMS = "ems"
    ER = "er"
    NURSE = "nurse"
    OB = "ob"
    ONCOLOGY = "oncology"
    VASCULAR = "vascular"
    PRIMARY_CARE = "primary_care"
    PHARMACIST = "pharmacist"
    SPINE = "spine"
    SELF_CARE = "self_care"
