from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.console.staffed import PASSWORD, Staffed
from tests.web.pages import read
from voicebot.staff.roles import Role
from voicebot.web.console import add_console


def sign_in(client, name, password=PASSWORD, **fields):
    return client.post("/console/sign-in", data={"name": name, "password": password, **fields})


@pytest.fixture
def jo(staffed):
    return staffed.add(Role.REVIEWER, "jo", PASSWORD)


def test_before_there_is_an_account_the_page_tells_how_to_make_one(staffed):
    shown = read(staffed.stranger().get("/console/sign-in"))
    assert "voicebot user add NAME --role admin" in shown.one("main").text
    staffed.add(Role.ADMIN)
    assert "voicebot user" not in read(staffed.stranger().get("/console/sign-in")).one("main").text


@pytest.mark.usefixtures("jo")
def test_who_knows_the_password_gets_in_and_out_again(staffed):
    client = staffed.stranger()
    response = sign_in(client, " Jo ")
    assert (response.status_code, response.headers["Location"]) == (303, "/console")
    assert "Good to see you, jo" in read(client.get("/console")).one("h1").text
    client.post("/console/sign-out")
    assert client.get("/console").status_code == 303
    assert [(who, what) for who, what, _ in staffed.audit()] == [("jo", "signed_in"), ("jo", "signed_out")]


def test_whatever_is_wrong_the_answer_is_the_same(staffed, jo):
    gone = staffed.add(Role.READER, "gone", PASSWORD)
    staffed.desk.staff.change(gone.name, disabled_at=staffed.now)
    staffed.add(Role.READER, "elsewhere")
    pages = set()
    for name, password in [("jo", "wrong"), ("jim", PASSWORD), ("gone", PASSWORD), ("elsewhere", PASSWORD), ("jo", "")]:
        response = sign_in(staffed.stranger(), name, password)
        assert response.status_code == 422
        assert "Set-Cookie" not in response.headers
        pages.add(response.get_data(as_text=True).replace(f'value="{name}"', ""))
    assert len(pages) == 1


@pytest.mark.usefixtures("jo")
def test_a_name_that_nobody_has_is_not_written_down(staffed):
    sign_in(staffed.stranger(), "hunter2 is my password")
    sign_in(staffed.stranger(), "jo", "wrong")
    assert staffed.audit() == [("(no account)", "sign_in_failed", ""), ("jo", "sign_in_failed", "")]


@pytest.mark.usefixtures("jo")
def test_the_cookie_tells_nothing_and_no_script_reads_it(staffed):
    first = sign_in(staffed.stranger(), "jo").headers["Set-Cookie"]
    second = sign_in(staffed.stranger(), "jo").headers["Set-Cookie"]
    assert re.fullmatch(r"console=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", first)
    assert first != second


@pytest.mark.parametrize(
    ("public_url", "base_url"),
    [("https://line.clinic.example", "http://localhost"), (None, "http://console.clinic.example"), (None, "https://x")],
)
def test_from_elsewhere_the_cookie_goes_over_tls_only(ruleset, tmp_path, public_url, base_url):
    staffed = Staffed(ruleset, tmp_path, public_url=public_url)
    staffed.add(Role.READER, "jo", PASSWORD)
    response = staffed.stranger().post("/console/sign-in", data={"name": "jo", "password": PASSWORD}, base_url=base_url)
    assert re.fullmatch(
        r"__Host-console=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", response.headers["Set-Cookie"]
    )
    staffed.close()


def test_signing_in_gives_a_new_secret_and_ends_the_old_one(staffed, jo):
    client = staffed.client_of(jo)
    old = client.get_cookie("console").value
    sign_in(client, "jo")
    other = staffed.stranger()
    other.set_cookie("console", old)
    assert other.get("/console").status_code == 303
    assert client.get("/console").status_code == 200


@pytest.mark.usefixtures("jo")
@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/console/audit?before=7", "/console/audit?before=7"),
        ("/console", "/console"),
        ("", "/console"),
        ("https://elsewhere.example/console/", "/console"),
        ("//elsewhere.example/console/", "/console"),
        ("/\\elsewhere.example/console/", "/console"),
        ("/console/../voice", "/console"),
        ("/consolex", "/console"),
        ("/voice/incoming", "/console"),
        ("javascript:alert(1)", "/console"),
        ("/console/\r\nSet-Cookie: a=b", "/console"),
        ("http://[", "/console"),
    ],
)
def test_after_signing_in_one_is_led_to_a_page_of_the_console_only(staffed, wanted, led_to):
    assert sign_in(staffed.stranger(), "jo", next=wanted).headers["Location"] == led_to


def test_the_page_that_was_asked_for_is_kept_through_a_wrong_password(staffed):
    response = staffed.stranger().get("/console/audit?who=jo", follow_redirects=True)
    assert read(response).one("input", name="next").attributes["value"] == "/console/audit?who=jo"
    shown = read(sign_in(staffed.stranger(), "jo", "wrong", next="/console/audit"))
    assert shown.one("input", name="next").attributes["value"] == "/console/audit"


@pytest.mark.usefixtures("jo")
def test_guessing_at_one_account_is_slowed_from_wherever_it_comes(staffed):
    statuses = [
        staffed.stranger()
        .post(
            "/console/sign-in",
            data={"name": "jo", "password": "guess"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        .status_code
        for number in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2
    response = staffed.stranger().post(
        "/console/sign-in",
        data={"name": "jo", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "192.0.2.99"},
    )
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_guessing_from_one_address_is_slowed_whatever_the_account(staffed):
    statuses = [sign_in(staffed.stranger(), f"name{number}", "guess").status_code for number in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_attempts_at_several_processes_are_counted_together(staffed):
    other = Flask("another process")
    add_console(other, staffed.parts)
    other.extensions["voicebot_console"].clock = staffed.desk.clock
    browsers = [app.test_client() for app in (staffed.app, other)] * 3
    for browser in browsers:
        browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert [sign_in(browser, "jo", "guess").status_code for browser in browsers] == [422] * 5 + [429]
    staffed.later(minutes=1)
    assert sign_in(browsers[1], "jo", "guess").status_code == 422


def test_a_session_ends_after_doing_nothing_and_after_a_day_of_work(staffed, jo):
    client = staffed.client_of(jo)
    staffed.later(minutes=29)
    assert client.get("/console").status_code == 200
    staffed.later(minutes=30)
    assert client.get("/console").status_code == 303
    client = staffed.client_of(jo)
    for _ in range(35):
        staffed.later(minutes=20)
        assert client.get("/console").status_code == 200
    staffed.later(minutes=20)
    assert client.get("/console").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "'; DROP TABLE staff; --", "\xff" * 43])
def test_a_made_up_secret_opens_nothing(staffed, token):
    client = staffed.stranger()
    client.set_cookie("console", token)
    assert client.get("/console").status_code == 303


def test_pages_of_the_console_carry_a_strict_policy_and_are_kept_nowhere(staffed, jo):
    first, second = (staffed.client_of(jo).get("/console").headers for _ in range(2))
    policy = first["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy != second["Content-Security-Policy"]  # the nonce is new
    assert first["Cache-Control"] == "no-store"
    assert first["Referrer-Policy"] == "same-origin"


def test_no_page_holds_a_script_or_a_style_of_its_own(staffed):
    for role in Role:
        client = staffed.client_for(role)
        for path in ("/console", "/console/password", "/console/users", "/console/audit"):
            html = client.get(path).get_data(as_text=True)
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|hx-on", html), path
