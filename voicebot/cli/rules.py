"""`voicebot rules`: checks, prints, compares and draws rule sets. Reads files; everything else is voicebot.triage."""

from __future__ import annotations

import json
from pathlib import Path

import click

from voicebot import assets
from voicebot.errors import VoicebotError
from voicebot.triage.describe import to_json, to_mermaid, to_text
from voicebot.triage.diff import differences
from voicebot.triage.examples import example_sentences
from voicebot.triage.page import to_markdown
from voicebot.triage.ruleset import RuleSet, parse_ruleset

rules_option = click.option(
    "--rules",
    "path",
    type=click.Path(path_type=Path),
    envvar="VOICEBOT_RULES",
    default=assets.RULESET,
    show_default="the bundled rule set",
    help="Rule set file to use.",
)


def read_ruleset(path: Path) -> RuleSet:
    """Read and check a rule set file.

    Raises VoicebotError "file_unreadable" or "ruleset_broken".
    """
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise VoicebotError("file_unreadable", f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise VoicebotError("file_unreadable", f"{path} is no UTF-8 text.", "Save it as UTF-8.") from error
    return parse_ruleset(text, str(path))


@click.group()
def rules() -> None:
    """Check, print, compare and draw rule sets."""


@rules.command()
@click.argument("file", type=click.Path(path_type=Path), default=assets.RULESET)
def check(file: Path) -> None:
    """Tell every mistake of FILE with its line and how to mend it."""
    ruleset = read_ruleset(file)
    size = f"{len(ruleset.questions)} questions on {len(ruleset.screens)} screens, {len(ruleset.rules)} rules"
    click.echo(f"{ruleset.id} {ruleset.version} is sound: {size}.")
    if not ruleset.approved:
        click.echo("No clinician has approved it.")


@rules.command()
@rules_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def show(path: Path, as_json: bool) -> None:
    """Print every question and rule."""
    ruleset = read_ruleset(path)
    if as_json:
        click.echo(json.dumps(to_json(ruleset), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(to_text(ruleset)))


@rules.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff(old: Path, new: Path) -> None:
    """Tell in plain words what changed from OLD to NEW, and for which callers the outcome changes."""
    before, after = read_ruleset(old), read_ruleset(new)
    found = list(differences(before, after)) or ["Both rule sets say the same."]
    if examples := [f"  {line}" for line in example_sentences(before, after)]:
        found += ["", "Callers whose outcome changes, for example (every other answer is no):", *examples]
    click.echo("\n".join(found))


@rules.command()
@rules_option
def page(path: Path) -> None:
    """Print the whole rule set as a Markdown page with tables; docs/triage.md is that of the bundled one."""
    click.echo("\n".join(to_markdown(read_ruleset(path))))


@rules.command()
@rules_option
def diagram(path: Path) -> None:
    """Print the order of asking as a Mermaid flowchart."""
    click.echo("\n".join(to_mermaid(read_ruleset(path))))
