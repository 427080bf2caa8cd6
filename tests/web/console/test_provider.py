"""Signing in through an identity provider, a real one on loopback."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from tests.web.console.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.web.console.staffed import PASSWORD, Staffed
from tests.web.pages import read
from voicebot.errors import VoicebotError
from voicebot.staff.roles import Role


@pytest.fixture
def provider():
    with IdentityProvider().served() as made:
        yield made


@pytest.fixture
def staffed(provider, ruleset, tmp_path):
    made = Staffed(
        ruleset,
        tmp_path,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        sign_ins_per_minute=20,
    )
    yield made
    made.close()


@pytest.fixture
def jo(staffed):
    return staffed.add(Role.REVIEWER, "jo@clinic.example")


def go(client, wanted=""):
    """Go to the provider and back; return the answer to coming back."""
    there = client.get("/console/sign-in/provider", query_string={"next": wanted})
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def fault(response):
    assert response.status_code == 403
    assert response.request.path == "/console/sign-in/provider/back"
    return read(response).one("p", role="alert").text


@pytest.mark.usefixtures("jo")
def test_a_member_comes_in_and_is_led_to_the_page_that_was_asked_for(staffed):
    client = staffed.stranger()
    response = go(client, "/console/password")
    assert (response.status_code, response.headers["Location"]) == (303, "/console/password")
    assert "Good to see you, jo@clinic.example" in read(client.get("/console")).one("h1").text
    assert [(who, what) for who, what, _ in staffed.audit()] == [
        ("jo@clinic.example", "user_changed"),
        ("jo@clinic.example", "signed_in"),
    ]


@pytest.mark.usefixtures("jo")
def test_the_sign_in_page_leads_there(staffed):
    shown = read(staffed.stranger().get("/console/sign-in?next=/console/audit"))
    assert shown.one("a", role="button").attributes["href"] == "/console/sign-in/provider?next=/console/audit"


def test_whoever_has_no_account_stays_outside_and_none_is_made(staffed, provider):
    assert "no account" in fault(go(staffed.stranger()))
    assert staffed.desk.staff.accounts() == []
    assert staffed.audit() == [("(no account)", "sign_in_failed", "")]


@pytest.mark.usefixtures("jo")
@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": ["jo@clinic.example"]},
        {"email": "ada@clinic.example"},
    ],
)
def test_an_address_the_provider_does_not_vouch_for_opens_nothing(staffed, provider, claims):
    provider.claims |= claims
    assert "no account" in fault(go(staffed.stranger()))


@pytest.mark.usefixtures("jo")
def test_once_somebody_came_the_account_is_theirs_whoever_gets_the_address_later(staffed, provider):
    go(staffed.stranger())
    provider.claims |= {"sub": "43"}
    assert "no account" in fault(go(staffed.stranger()))
    provider.claims |= {"sub": "42", "email": "married@clinic.example"}
    assert go(staffed.stranger()).status_code == 303


def test_an_account_with_a_password_does_not_open_here(staffed):
    staffed.add(Role.ADMIN, "jo@clinic.example", PASSWORD)
    assert "no account" in fault(go(staffed.stranger()))


def test_a_disabled_account_does_not_open(staffed, jo):
    go(staffed.stranger())
    staffed.desk.staff.change(jo.name, disabled_at=staffed.now)
    assert "no account" in fault(go(staffed.stranger()))


@pytest.mark.usefixtures("jo")
@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_us_opens_nothing(staffed, provider, lies):
    provider.lies = lies
    assert fault(go(staffed.stranger()))
    assert "signed_in" not in [what for _, what, _ in staffed.audit()]


@pytest.mark.usefixtures("jo")
def test_a_token_signed_by_somebody_else_opens_nothing(staffed, provider):
    provider.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
    assert "did not let you in" in fault(go(staffed.stranger()))


@pytest.mark.usefixtures("jo")
@pytest.mark.parametrize("query", ["", "?code=the+code&state=made+up", "?error=access_denied", "?code=x"])
def test_coming_back_without_having_gone_opens_nothing(staffed, query):
    assert "did not let you in" in fault(staffed.stranger().get(f"/console/sign-in/provider/back{query}"))


@pytest.mark.usefixtures("jo")
def test_one_browsers_way_back_is_of_no_use_to_another(staffed):
    there = staffed.stranger().get("/console/sign-in/provider")
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    assert fault(staffed.stranger().get(f"{parts.path}?{parts.query}"))


def test_a_provider_that_does_not_answer_is_told(ruleset, tmp_path):
    staffed = Staffed(ruleset, tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="a", oidc_client_secret="b")
    response = staffed.stranger().get("/console/sign-in/provider")
    assert response.status_code == 403
    assert "did not let you in" in read(response).one("p", role="alert").text
    staffed.close()


def test_trying_again_and_again_is_slowed(ruleset, tmp_path):
    staffed = Staffed(ruleset, tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="a", oidc_client_secret="b")
    client = staffed.stranger()
    assert [client.get("/console/sign-in/provider").status_code for _ in range(6)] == [403] * 5 + [429]
    staffed.close()


def test_coming_back_again_and_again_is_slowed_and_fills_no_audit(staffed):
    client = staffed.stranger()
    statuses = [client.get("/console/sign-in/provider/back?code=x&state=y").status_code for _ in range(22)]
    assert statuses == [403] * 20 + [429] * 2
    assert len(staffed.audit()) == 20


def test_behind_a_public_url_one_comes_back_there(provider, ruleset, tmp_path):
    staffed = Staffed(
        ruleset,
        tmp_path,
        public_url="https://line.clinic.example",
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
    )
    response = staffed.stranger().get("/console/sign-in/provider")
    requests.get(response.headers["Location"], allow_redirects=False, timeout=10)
    assert provider.asked["redirect_uri"] == "https://line.clinic.example/console/sign-in/provider/back"
    assert "Secure" in response.headers["Set-Cookie"]
    staffed.close()


def test_without_the_library_the_settings_are_refused(ruleset, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "authlib.integrations.flask_client", None)
    with pytest.raises(VoicebotError) as raised:
        Staffed(ruleset, tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="a", oidc_client_secret="b")
    assert raised.value.code == "oidc_missing"
