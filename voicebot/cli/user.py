"""`voicebot user`: accounts of the staff console. The password is asked for or read from stdin, never an argument."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from voicebot.config import load_settings
from voicebot.staff.audit_chain import Audited
from voicebot.staff.members import checked_name
from voicebot.staff.passwords import check_password, hash_password
from voicebot.staff.roles import Role
from voicebot.storage.audit_store import AuditStore
from voicebot.storage.staff_store import StaffStore
from voicebot.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.staff.members import Account

WHO = "command line"
"""Who it was in the audit: whoever may run commands on this machine."""


@click.group()
def user() -> None:
    """Add, disable and list accounts of the staff console."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--no-password", is_flag=True, help="The account opens through the identity provider alone.")
def add(name: str, role: str, no_password: bool) -> None:
    """Add the account NAME. The password is asked for, or read as one line from stdin."""
    checked = checked_name(name)
    kept = None if no_password else hash_password(_new_password(checked))
    with _stores() as (staff, audit):
        staff.check_free(checked)
        audit.append(datetime.now(UTC), WHO, Audited.USER_ADDED, f"{checked} {role}")
        staff.add(checked, Role(role), kept, datetime.now(UTC))
    click.echo(f"{checked} may sign in as {role}.")


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable the account NAME; whoever is signed in with it is signed out at once."""
    with _stores() as (staff, audit):
        checked = staff.account(checked_name(name)).member.name
        audit.append(datetime.now(UTC), WHO, Audited.USER_DISABLED, checked)
        staff.change(checked, disabled_at=datetime.now(UTC))
    click.echo(f"{checked} can sign in no more.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def list_users(as_json: bool) -> None:
    """List all accounts, the disabled ones too."""
    with _stores() as (staff, _):
        accounts = staff.accounts()
    if as_json:
        click.echo(json.dumps([_account_json(account) for account in accounts], indent=2))
        return
    for account in accounts:
        state = "disabled" if account.disabled_at else "open"
        click.echo(f"{account.member.name:<24}  {account.member.role:<8}  {account.added_at:%Y-%m-%d}  {state}")


def _new_password(name: str) -> str:
    """Return a password that may be the one of `name`, typed twice or piped in."""
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    check_password(password, name)
    return password


@contextmanager
def _stores() -> Iterator[tuple[StaffStore, AuditStore]]:
    store = open_store(load_settings())
    try:
        yield StaffStore(store.engine), AuditStore(store.engine)
    finally:
        store.close()


def _account_json(account: Account) -> dict[str, object]:
    return {
        "name": account.member.name,
        "role": account.member.role,
        "added_at": account.added_at.isoformat(),
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
        "password": account.has_password,
    }
