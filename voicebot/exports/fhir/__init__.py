"""A stored call as a FHIR bundle, one resource a file. The door: everything else here needs the extra `fhir`.

Nothing here decides anything: answers, urgency and destinations are those of the call, by the rules it ran by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.errors import Exit, VoicebotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.calls.document import StoredCall


def to_fhir(call: StoredCall, texts: Mapping[str, str]) -> str:
    """Return the call as one line of JSON, a FHIR R4B Bundle; equal calls give equal bytes.

    `texts` holds the words of each prompt id. Raises VoicebotError `fhir_missing` without the extra, `fhir_impossible`
    for a call that cannot be told in FHIR, and `ruleset_broken` for rules that cannot be read any more.
    """
    try:
        from voicebot.exports.fhir.bundle import bundle_json  # noqa: PLC0415 - the library is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "fhir":
            raise
        raise VoicebotError(
            "fhir_missing",
            "The FHIR library is not installed.",
            "Install it with `pip install 'voicebot[fhir]'`.",
            Exit.CANNOT_RUN,
        ) from None
    return bundle_json(call, texts)
