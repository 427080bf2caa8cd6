"""docs/errors.md tells every code of an error or a fault that the program can give, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "errors.md"


def documented(heading):
    """Return the code of each row in the table under `heading`."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)


def given(name, place):
    """Return code -> where, for the argument at `place` of every call of `name`; passing on `error.code` adds none."""
    codes = {}
    for path in (ROOT / "voicebot").rglob("*.py"):
        tree = ast.parse(path.read_text())
        constants = {
            statement.targets[0].id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                code, where = node.args[place], f"{path.relative_to(ROOT)}:{node.lineno}"
                code = constants.get(code.id, code) if isinstance(code, ast.Name) else code
                if isinstance(code, ast.Attribute) and code.attr == "code":
                    continue
                assert isinstance(code, ast.Constant), f"{where}: write the code of the error here, as a string"
                codes[code.value] = where
    return codes


@pytest.mark.parametrize(("heading", "name", "place"), [("Errors", "VoicebotError", 0), ("Faults", "Fault", 1)])
def test_every_code_is_told_and_no_other(heading, name, place):
    codes, told = given(name, place), documented(heading)
    missing = {code: where for code, where in codes.items() if code not in told}
    assert not missing, f"tell these in {PAGE.name}"
    assert set(told) <= set(codes), f"nothing gives these any more, remove them from {PAGE.name}"
    assert told == sorted(set(told)), f"sort the codes in {PAGE.name}, each once"


def test_codes_are_plain_words():
    for code in given("VoicebotError", 0) | given("Fault", 1):
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code), code
