"""The command line: one file a command, found by name, imported only when it is run.

Every error a person may meet becomes one sentence on stderr and an exit code here; a command just raises VoicebotError.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from voicebot.errors import Exit, VoicebotError

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: small sums are slower when cores share them

COMMANDS = {
    "calls": "List, show and export stored calls.",
    "db": "Upgrade or back up the store of calls.",
    "demo": "Place four recorded calls against a real server.",
    "dialog": "Draw the dialog's table.",
    "doctor": "Tell everything that could be wrong with this installation.",
    "grammars": "Check and sample what a caller may say.",
    "hear": "Tell what the line would understand from recordings.",
    "model": "Tell about the speech model in use.",
    "prompts": "Check and render what the line says.",
    "replay": "Run stored calls again and tell what differs.",
    "rules": "Check, print, compare and draw rule sets.",
    "serve": "Answer calls: webhooks, media stream and web pages.",
    "simulate": "Place simulated calls from scenario files.",
    "talk": "Hold the dialog by keyboard.",
    "triage": "Decide over given answers.",
    "user": "Add, disable and list accounts of the staff console.",
}
"""Command name -> its line in the help; the command is the attribute of that name in voicebot.cli.<name>."""


class _CommandsByName(click.Group):
    """Imports a command only when it is asked for, so that the help does not load a speech model's library."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"voicebot.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=_CommandsByName)
@click.version_option(package_name="voicebot")
def cli() -> None:
    """Run a clinic's phone line that listens."""


def main() -> None:
    """Run the command line and exit with its code (see voicebot.errors.Exit)."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        outcome = cli.main(arguments, prog_name="voicebot", standalone_mode=False)
    except VoicebotError as error:
        click.echo(f"voicebot: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return Exit.BAD_INPUT
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    return outcome if isinstance(outcome, int) else Exit.DONE
