"""The API's own description: openapi.yaml, with what only the rule set in force can tell. Answers no request."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet


def openapi_document(ruleset: RuleSet) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the API while `ruleset` is in force."""
    document = deepcopy(_frame())
    document["info"]["version"] = f"1, rule set {ruleset.id} {ruleset.version}"
    asked = {question.id: question.text for question in ruleset.questions.values()}
    former = {name: f"Former id; counts for {', '.join(parts)}." for name, parts in ruleset.former.items()}
    document["components"]["schemas"]["Answers"]["properties"] = {
        name: {"$ref": "#/components/schemas/Answer", "description": text} for name, text in (asked | former).items()
    }
    return document


@cache
def _frame() -> dict[str, Any]:
    text = files("voicebot.web").joinpath("openapi.yaml").read_text("utf-8")
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document
