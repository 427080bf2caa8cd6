"""`voicebot replay`: runs stored calls again and tells what differs. The running is voicebot.calls.replay's."""

from __future__ import annotations

import json
from contextlib import closing
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicebot.calls.replay import replay as run_again
from voicebot.calls.replay import under_other_rules
from voicebot.config import load_settings
from voicebot.errors import Exit, VoicebotError
from voicebot.exports.json_lines import export_call, read_calls
from voicebot.triage.ruleset import RuleSet, parse_ruleset
from voicebot.wiring import open_store, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voicebot.calls.document import StoredCall


@click.command()
@click.argument("which", metavar="CALL_ID|FILE", required=False)
@click.option("--all", "every", is_flag=True, help="Run every stored call.")
@click.option("--rules", type=click.Path(path_type=Path), help="Tell what these rules would have decided instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a call and nothing else.")
def replay(which: str | None, every: bool, rules: Path | None, as_json: bool) -> int:
    """Run a stored call, or calls exported to FILE, again under the rules of that day and tell what differs.

    Ends with 1 when a call differs, 2 when one cannot be read.
    """
    if every == bool(which):
        raise click.UsageError("Name a call or a file, or give --all.")
    other = parse_ruleset(read_text(rules), str(rules)) if rules else None
    worst = Exit.DONE
    for call_id, load in _calls(which):
        try:
            told = _run(load(), other)
        except VoicebotError as error:
            told = {"call_id": call_id, "error": error.to_json()}
            worst = Exit.BAD_INPUT
        if not told.get("same", True):
            worst = max(worst, Exit.VERDICT)
        click.echo(
            json.dumps(told, ensure_ascii=False) if as_json else _to_text(told), err="error" in told and not as_json
        )
    return worst


def _calls(which: str | None) -> Iterator[tuple[str, Callable[[], StoredCall]]]:
    """Yield each call's id and how to load it: what cannot be read must not hide the calls after it."""
    if which and Path(which).is_file():
        for call in read_calls(Path(which)):
            yield call.call_id, partial(_itself, call)
        return
    with closing(open_store(load_settings())) as store:
        for call_id in [which] if which else store.call_ids():
            yield call_id, partial(export_call, store, call_id)


def _itself(call: StoredCall) -> StoredCall:
    return call


def _run(call: StoredCall, other: RuleSet | None) -> dict[str, Any]:
    own = _parse(call.ruleset.text, call.ruleset.id)
    used = other or own
    told = {
        "call_id": call.call_id,
        "ruleset": {"id": used.id, "version": used.version, "sha256": used.sha256},
    }
    if other:
        comparison = under_other_rules(own, other, call.entries)
        changes = list(comparison.sentences())
        return told | {
            "same": not changes,
            "changes": changes,
            "old_decision": comparison.old.to_json(),
            "new_decision": comparison.new.to_json(),
        }
    difference = run_again(own, call.entries)
    return told | {
        "same": difference is None,
        "changes": difference.sentences() if difference else [],
        "difference": difference.to_json() if difference else None,
    }


@lru_cache(maxsize=8)
def _parse(text: str, name: str) -> RuleSet:
    return parse_ruleset(text, name)


def _to_text(told: dict[str, Any]) -> str:
    if "error" in told:
        return f"{told['call_id']}  cannot be run: {told['error']['message']}"
    rules = f"{told['ruleset']['id']} {told['ruleset']['version']}"
    verdict = "same" if told["same"] else "DIFFERS"
    return "\n  ".join([f"{told['call_id']}  {verdict}  ({rules})", *told["changes"]])
