"""Everything that could be wrong with an installation, each with its remedy. One small function a check, one table.

A check gets the settings and returns one verdict. It changes nothing that calls rely on, and tells no secret and no
telephone number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.doctor.carrier import check_hours, check_numbers, check_port, check_public_url, check_tokens
from voicebot.doctor.console import check_accounts, check_audit, check_call_index
from voicebot.doctor.database import check_database
from voicebot.doctor.findings import Finding, Status, Verdict, error
from voicebot.doctor.machine import check_clock, check_data_folder, check_disk, check_system
from voicebot.doctor.paging import check_pages
from voicebot.doctor.speech import check_model, check_prompts, check_rules, check_vocabulary
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from voicebot.config import Settings

__all__ = ["CHECKS", "Finding", "Status", "examine"]

CHECKS: Mapping[str, Callable[[Settings], Verdict]] = {
    "system": check_system,
    "model": check_model,
    "vocabulary": check_vocabulary,
    "prompts": check_prompts,
    "rules": check_rules,
    "data_folder": check_data_folder,
    "database": check_database,
    "accounts": check_accounts,
    "audit": check_audit,
    "call_index": check_call_index,
    "disk": check_disk,
    "clock": check_clock,
    "numbers": check_numbers,
    "hours": check_hours,
    "tokens": check_tokens,
    "pages": check_pages,
    "port": check_port,
    "public_url": check_public_url,
}
"""Name of a finding -> what finds it, in the order they are told."""


def examine(settings: Settings, checks: Mapping[str, Callable[[Settings], Verdict]] = CHECKS) -> Iterator[Finding]:
    """Yield one finding for each check as soon as it is known; a check that cannot be made is an error."""
    for name, check in checks.items():
        yield Finding(name, _made(check, settings))


def _made(check: Callable[[Settings], Verdict], settings: Settings) -> Verdict:
    try:
        return check(settings)
    except VoicebotError as broken:
        return error(broken.message, broken.remedy)
    except Exception as broken:  # noqa: BLE001 - one check that breaks must not hide what the others find
        return error(f"This could not be checked ({type(broken).__name__}).", "Install the package again.")
