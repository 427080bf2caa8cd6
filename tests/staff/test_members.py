from __future__ import annotations

import pytest

from voicebot.errors import VoicebotError
from voicebot.staff.members import checked_name


@pytest.mark.parametrize(
    ("given", "kept"), [(" Jo.Doe ", "jo.doe"), ("a", "a"), ("jo+x@clinic.example", "jo+x@clinic.example")]
)
def test_names_are_kept_in_small_letters(given, kept):
    assert checked_name(given) == kept


@pytest.mark.parametrize("given", ["", " ", "jo doe", ".jo", "jo.", "jo/doe", "jö", "a" * 65, "j\no", "=1+1", "-jo"])
def test_other_names_are_refused(given):
    with pytest.raises(VoicebotError) as raised:
        checked_name(given)
    assert raised.value.code == "name_unusable"
