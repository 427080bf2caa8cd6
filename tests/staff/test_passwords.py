from __future__ import annotations

import pytest

from voicebot.errors import VoicebotError
from voicebot.staff.passwords import check_password, hash_password, is_right, made_up_password

GOOD = "correct horse battery"


@pytest.mark.parametrize("password", [GOOD, "ä" * 3 + "ößüxyzabcdef", "k7mp-x2rt-9wqz-h4nb", "x1234567890y"])
def test_long_passwords_are_good_enough(password):
    check_password(password, "jo")


@pytest.mark.parametrize(
    "password", ["", "short", "elevenchars", "a" * 257, "aaaaaaaaaaaaaaaa", "my name is JO.DOE ok"]
)
def test_weak_passwords_are_refused_and_never_repeated(password):
    with pytest.raises(VoicebotError) as raised:
        check_password(password, "jo.doe")
    assert raised.value.code == "password_weak"
    assert not password or password not in str(raised.value)


def test_only_the_right_password_opens():
    kept = hash_password(GOOD)
    assert GOOD not in kept
    assert kept.startswith("$argon2id$")
    assert is_right(GOOD, kept)
    assert not is_right(f"{GOOD} ", kept)
    assert hash_password(GOOD) != kept


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
def test_nothing_opens_where_nothing_usable_is_kept(kept):
    assert not is_right(GOOD, kept)
    assert not is_right("nobody has this password", kept)


def test_made_up_passwords_are_good_and_differ():
    made = {made_up_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, "jo")
