"""docs/console.md holds the table of rights as the code has it, and pictures that are there and light."""

from __future__ import annotations

import re
from pathlib import Path

from voicebot.staff.roles import Action, Role, may

PAGE = Path(__file__).parents[2] / "docs" / "console.md"
MAX_PICTURE_BYTES = 150_000


def rights_table():
    """Return the table, a row for each action, in the order of the code."""
    head = ["| right | " + " | ".join(role.value for role in Role) + " |", "|---|" + "---|" * len(Role)]
    rows = [
        f"| `{action.value}` | " + " | ".join("yes" if may(role, action) else "" for role in Role) + " |"
        for action in Action
    ]
    return "\n".join([*head, *rows])


def test_the_page_holds_the_table_of_rights():
    assert rights_table() in PAGE.read_text("utf-8"), f"put this table into {PAGE.name}:\n\n{rights_table()}\n"


def test_its_pictures_are_there_and_light():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE.read_text("utf-8"))
    sizes = {name: (PAGE.parent / name).stat().st_size for name in pictures}
    assert {name: size for name, size in sizes.items() if size > MAX_PICTURE_BYTES} == {}
