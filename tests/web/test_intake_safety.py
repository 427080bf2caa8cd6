"""What the form owes everybody: emergencies first, no forged form, no cookie astray, no flood, no script."""

from __future__ import annotations

import pytest

from tests.web.pages import read
from tests.web.service import FRONT_DESK, Service
from tests.web.visitor import FROM_OUR_PAGE, SITE, Visitor
from voicebot.web.csrf import form_token
from voicebot.web.intake import COOKIE

CANARY = "canary-4711"


@pytest.fixture
def service(ruleset, tmp_path):
    return Service(ruleset, tmp_path, intake_requests_per_minute=1_000_000)


@pytest.fixture
def visitor(service):
    return Visitor(service)


@pytest.fixture
def pages(service):
    """Every kind of page: first, question, check, error, result, and of trouble."""

    def turn():
        visitor = Visitor(service)
        yield visitor
        visitor.begin()
        yield visitor
        visitor.press("Continue")
        yield visitor
        visitor.choose("No")
        yield visitor
        visitor.get("/intake")
        yield visitor
        visitor.get("/intake/question")
        visitor.press("I want to talk with a person")
        yield visitor
        visitor._show(visitor.post("/intake", {"form_token": "wrong"}))
        yield visitor

    return turn


def test_every_page_says_first_what_to_do_in_an_emergency(pages):
    for visitor in pages():
        body = visitor.page.one("body")
        assert body.children[3].attributes["class"] == "emergency"
        numbers = [link.attributes["href"] for link in body.children[3].all("a")]
        assert numbers == ["tel:911", "tel:988"]


def test_every_page_says_that_nobody_approved_the_rules(pages):
    for visitor in pages():
        assert "No doctor or nurse has approved" in visitor.page.one("p", role="note").text


def test_every_page_can_be_used_without_seeing_it_and_without_a_mouse(pages):
    for visitor in pages():
        page = visitor.page
        assert page.one("html").attributes["lang"] == "en"
        assert page.one("title").text
        assert page.one("h1").text
        assert page.one("a", href="#main")
        assert page.one("main").attributes["id"] == "main"
        labels = {label.attributes["for"] for label in page.all("label")}
        assert {radio.attributes["id"] for radio in page.all("input", type="radio")} == labels
        assert len(page.all("fieldset")) == len(page.all("legend"))
        tags = ("p", "h1", "h2", "input", "main")
        ids = [found.attributes["id"] for tag in tags for found in page.all(tag) if "id" in found.attributes]
        assert len(ids) == len(set(ids))
        for described in page.all("fieldset"):
            assert set(described.attributes["aria-describedby"].split()) <= set(ids)
        assert all(button.text for button in page.all("button"))


def test_no_page_needs_a_script_or_loads_from_elsewhere(pages):
    for visitor in pages():
        html = visitor.response.get_data(as_text=True)
        assert "<script" not in html
        assert "style=" not in html
        assert " on" not in {name[:3] for element in visitor.page.all("button") for name in element.attributes}
        assert [link.attributes["href"] for link in visitor.page.all("link")] == ["/intake/static/intake.css"]


def test_every_page_carries_the_headers(pages):
    for visitor in pages():
        headers = visitor.response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_address_tells_anything_about_the_visitor(service, visitor):
    paths = []
    visitor.begin()
    for _ in range(4):
        visitor.choose("Prefer not to say" if not visitor.page.all("p", id="denied") else "Yes, that is right")
        paths.append(visitor.response.request.full_path.rstrip("?"))
    assert set(paths) <= {"/intake/question", "/intake/result"}


def test_the_cookie_stays_here_and_out_of_reach(service):
    response = service.client().get("/intake", base_url=SITE)
    name, *flags = response.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} == set(flags)
    secret = name.split("=", 1)[1]
    assert len(secret) >= 43
    assert secret not in response.get_data(as_text=True)
    assert secret not in service.client().get("/intake", base_url=SITE).headers["Set-Cookie"]


def test_only_a_hash_of_the_secret_is_stored(service, visitor):
    visitor.begin()
    secret = visitor.client.get_cookie(COOKIE, domain="form.clinic.example").value
    (call_id,) = service.store.call_ids()
    assert secret not in repr(service.store.call(call_id))


@pytest.mark.parametrize("cookie", ["", "short", "a" * 42, "a" * 44, "!" * 43, "../" * 20, CANARY])
def test_a_cookie_we_never_gave_opens_nothing(service, cookie):
    client = service.client()
    client.set_cookie(COOKIE, cookie, domain="form.clinic.example", secure=True)
    token = form_token(cookie)
    sent = client.post("/intake", data={"form_token": token}, headers=FROM_OUR_PAGE, base_url=SITE)
    assert sent.status_code == 403
    assert service.store.call_ids() == []


FORGED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://form.clinic.example.evil.example"},
    {"Origin": "null"},
    {"Origin": "https://[half"},
    {"Origin": ""},
]


@pytest.mark.parametrize("path", ["/intake", "/intake/question", "/intake/leave"])
@pytest.mark.parametrize("headers", FORGED)
def test_a_form_sent_from_elsewhere_is_refused(service, visitor, path, headers):
    visitor.begin()
    (_, fields), calls = visitor.sent, [service.store.load(call_id) for call_id in service.store.call_ids()]
    response = visitor.post(path, fields | {"answer": "no"}, **headers)
    assert response.status_code == 403
    assert f"tel:{FRONT_DESK}" in response.get_data(as_text=True)
    assert [service.store.load(call_id) for call_id in service.store.call_ids()] == calls


@pytest.mark.parametrize("path", ["/intake", "/intake/question", "/intake/leave"])
@pytest.mark.parametrize("token", [None, "", "wrong", form_token(""), form_token("a" * 43), "é"])
def test_a_form_without_the_token_of_this_browser_is_refused(service, visitor, path, token):
    visitor.begin()
    fields = visitor.sent[1] | {"form_token": token}
    response = visitor.post(path, {name: value for name, value in fields.items() if value is not None})
    assert response.status_code == 403


def test_a_browser_that_tells_no_origin_is_believed_with_its_token(visitor):
    visitor.press("Begin")
    form = visitor.page.all("form")[0]
    fields = visitor.fields(form) | {"answer": "yes"}
    assert visitor.client.post("/intake/question", data=fields, base_url=SITE).status_code == 303


def test_behind_a_proxy_our_own_public_address_counts_as_ours(ruleset, tmp_path):
    service = Service(ruleset, tmp_path, public_url=SITE)
    client = service.client()
    inside = "http://10.0.0.5:8080"
    secret = client.get("/intake", base_url=inside).headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    client.set_cookie(COOKIE, secret, domain="10.0.0.5")
    sent = client.post("/intake", data={"form_token": form_token(secret)}, headers=FROM_OUR_PAGE, base_url=inside)
    assert sent.status_code == 303


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nothing_is_changed_by_other_methods(service, visitor, method):
    visitor.begin()
    (call_id,) = service.store.call_ids()
    before = service.store.load(call_id)
    visitor.client.open("/intake/leave", method=method, base_url=SITE, headers=FROM_OUR_PAGE)
    visitor.client.open("/intake/question?answer=yes&n=5", method="GET", base_url=SITE)
    assert service.store.load(call_id) == before


def test_a_form_may_not_be_large(visitor):
    visitor.press("Begin")
    response = visitor.post("/intake/question", {"form_token": "x" * (64 * 1024 + 1)})
    assert response.status_code == 413
    assert "tel:911" in response.get_data(as_text=True)


def test_what_was_sent_is_never_shown(visitor):
    visitor.begin()
    hostile = f'"><script>{CANARY}</script>'
    fields = visitor.sent[1] | {"answer": hostile, "n": hostile, "other": hostile}
    response = visitor.post("/intake/question", fields)
    assert CANARY not in response.get_data(as_text=True) + str(response.headers)
    assert CANARY not in visitor.client.get(f"/intake/question?passed={hostile}", base_url=SITE).get_data(as_text=True)


def test_a_flood_is_told_to_wait_and_what_to_do_in_an_emergency(ruleset, tmp_path):
    client = Service(ruleset, tmp_path, intake_requests_per_minute=2).client()
    for _ in range(2):
        assert client.get("/intake", base_url=SITE).status_code == 200
    response = client.get("/intake", base_url=SITE)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    page = read(response)
    assert page.one("section").attributes["class"] == "emergency"
    assert client.get("/intake/static/intake.css").status_code == 200
    other = client.get("/intake", base_url=SITE, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


def test_what_breaks_leads_to_a_person_and_to_a_log_without_words(service, visitor, monkeypatch, capsys):
    visitor.begin()

    def break_down(*_):
        raise RuntimeError(CANARY)

    monkeypatch.setattr(service.store, "load", break_down)
    response = visitor.client.get("/intake/question", base_url=SITE)
    assert response.status_code == 500
    assert f"tel:{FRONT_DESK}" in response.get_data(as_text=True)
    assert CANARY not in response.get_data(as_text=True) + "".join(capsys.readouterr())


def test_it_is_off_unless_switched_on(ruleset, tmp_path):
    client = Service(ruleset, tmp_path, intake=False).client()
    assert client.get("/intake").status_code == 404
    assert client.get("/intake/static/intake.css").status_code == 404


def test_rules_nobody_stands_for_are_not_asked(ruleset, tmp_path):
    service = Service(ruleset, tmp_path, allow_unapproved_rules=False)
    response = service.client().get("/intake", base_url=SITE)
    assert response.status_code == 503
    assert "not open yet" in read(response).text
    assert "Set-Cookie" not in response.headers
