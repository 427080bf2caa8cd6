"""Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides; error 11243. Clamping is not documented."""

import pytest

from voicebot.simulate.carrier import ErrorCode, Failure, Limits
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.overrides import split

URL = "https://phone.example.org/voice?a=1"


def test_the_defaults_are_twilios():
    assert Limits() == Limits(connect_s=5, read_s=15, total_s=15, retries=1, retry_after=frozenset({Failure.CONNECT}))


@pytest.mark.parametrize(
    ("fragment", "limits"),
    [
        ("", Limits()),
        ("rc=3", Limits(retries=3)),
        ("ct=200&rt=3000&tt=9000", Limits(0.2, 3, 9)),
        ("rc=0&rp=5xx,rt", Limits(retries=0, retry_after=frozenset({Failure.SERVER_ERROR, Failure.READ}))),
        ("rp=all", Limits(retry_after=frozenset(Failure))),
        ("rc=9&ct=1&rt=60000&tt=60000", Limits(0.1, 15, 15, 5)),
        ("e=ashburn&sni=y", Limits()),
    ],
)
def test_a_fragment_overrides_what_it_names_and_is_no_part_of_the_address(fragment, limits):
    assert split(f"{URL}#{fragment}", Limits()) == (URL, limits)


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ("rp=sometimes", ErrorCode.RETRY_POLICY),
        ("rp=5xx,6xx", ErrorCode.RETRY_POLICY),
        ("rc=two", ErrorCode.INVALID_URL),
    ],
)
def test_an_override_without_meaning_is_an_error(fragment, code):
    with pytest.raises(CarrierError) as refused:
        split(f"{URL}#{fragment}", Limits())
    assert refused.value.code is code
