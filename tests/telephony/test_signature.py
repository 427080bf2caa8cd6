from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from voicebot.telephony.signature import body_is_genuine, form_is_genuine, sign, socket_is_genuine

Form = list[tuple[str, str]]

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
ATTESTED = [("CallSid", "CA1"), ("From", "+5511987654321"), ("StirVerstat", "TN-Validation-Passed-A")]
BODY = b'{"property": "value", "boolean": true}'
BODY_URL = URL + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
TOKENS = ("12345",)


@pytest.mark.parametrize(
    ("signature", "token", "url", "form"),
    [
        ("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "12345", URL, FORM),
        ("kvajT1Ptam85bY51eRf/AJRuM3w=", "12345", URL, FORM),
        ("0ZXoZLH/DfblKGATFgpif+LLRf4=", "12345", URL.replace("https", "http"), FORM),
        ("Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", "12345", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", FORM),
        ("IK+Dwps556ElfBT0I3Rgjkr1wJU=", "12345", URL, REPEATED),
        ("A8xudRcvIv+pFEwk/mgVzWhDutw=", "token", "https://api.acme.com/twilio/voice", ATTESTED),
    ],
    ids=["form", "signed with :443", "signed with :80", "own port", "repeated parameters", "attested caller"],
)
def test_published_vectors_of_forms(signature: str, token: str, url: str, form: Form):
    assert form_is_genuine(signature, [token], url, form)
    assert not form_is_genuine(signature, [token], url + "x", form)
    assert not form_is_genuine(signature, [token], url, form[1:])
    assert not form_is_genuine(signature, ["another"], url, form)


def test_published_vector_of_a_json_body():
    signature = "a9nBmqA0ju/hNViExpshrM61xv4="
    assert body_is_genuine(signature, TOKENS, BODY_URL, BODY)
    assert not body_is_genuine(signature, TOKENS, BODY_URL, BODY + b" ")
    assert not body_is_genuine(sign("12345", URL), TOKENS, URL, BODY)


def test_vector_of_a_socket():
    signature = "7PR3qMkpDyEJtMrVOY/LDyNq8J8="
    assert socket_is_genuine(signature, TOKENS, "wss://example.com/media")
    assert not socket_is_genuine(signature, TOKENS, "https://example.com/media")


@pytest.mark.parametrize("signed_port", ["", ":443", ":80"])
@pytest.mark.parametrize("seen_port", ["", ":443", ":80", ":8443"])
@pytest.mark.parametrize("scheme", ["https", "wss"])
def test_any_usual_port_may_have_been_signed(scheme: str, signed_port: str, seen_port: str):
    signature = sign("12345", f"{scheme}://user:secret@example.com{signed_port}/media")
    assert form_is_genuine(signature, TOKENS, f"{scheme}://user:secret@example.com{seen_port}/media", [])


@pytest.mark.parametrize("late", ["CallToken", "StirVerstat"])
def test_parameters_added_after_signing_are_forgiven(late: str):
    assert form_is_genuine(sign("12345", URL, FORM), TOKENS, URL, [*FORM, (late, "x")])


def test_other_parameters_added_after_signing_are_not():
    assert not form_is_genuine(sign("12345", URL, FORM), TOKENS, URL, [*FORM, ("Forged", "x")])


def test_a_socket_address_with_a_query_is_signed_over_its_parameters():
    signature = sign("12345", "wss://example.com/media", [("a", "1"), ("b", "")])
    assert socket_is_genuine(signature, TOKENS, "wss://example.com/media?b=&a=1")


def test_either_token_will_do_while_rotating():
    assert form_is_genuine(sign("new", URL, FORM), ("old", "new"), URL, FORM)


@pytest.mark.parametrize("header", [None, "", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T1cUTdK1PDd93/VVr8B8= "])
def test_a_missing_or_mangled_signature_is_refused(header: str | None):
    assert not form_is_genuine(header, TOKENS, URL, FORM)


@pytest.mark.parametrize("tokens", [(), ("",)])
def test_without_a_token_nothing_is_genuine(tokens: tuple[str, ...]):
    assert not form_is_genuine(sign("", URL, FORM), tokens, URL, FORM)


names = st.text(max_size=20)
forms = st.lists(st.tuples(names, names), max_size=8)


@given(forms, names)
def test_signs_what_the_carriers_own_library_signs(form: Form, token: str):
    by_name = {name: [value for other, value in form if other == name] for name, _ in form}

    class Fields(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    assert sign(token, URL, form) == RequestValidator(token).compute_signature(URL, Fields(by_name))


@given(forms, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(form: Form, random: Random):
    shuffled = form + form[:1]
    random.shuffle(shuffled)
    assert sign("12345", URL, shuffled) == sign("12345", URL, form)


@given(st.binary(max_size=50))
def test_a_body_is_genuine_only_with_its_own_hash(body: bytes):
    url = f"{URL}&bodySHA256={sha256(body).hexdigest()}"
    assert body_is_genuine(sign("12345", url), TOKENS, url, body)
    assert not body_is_genuine(sign("12345", url), TOKENS, url, body + b"!")
    assert not body_is_genuine(sign("12345", url), TOKENS, url + "&bodySHA256=0", body)
