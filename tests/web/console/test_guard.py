"""Every route of the console, for strangers and for every role, against the one table."""

from __future__ import annotations

import pytest

from tests.web.console.staffed import Staffed
from voicebot.staff.roles import Action, Role, may

OPEN_TO_STRANGERS = {
    "console_sign_in.form",
    "console_sign_in.sign_in",
    "console_provider.go",
    "console_provider.back",
    "console_assets.static",
}


def routes(staffed):
    """Return (endpoint, method, path) for every route of the console, with made-up values in its path."""
    made_up = {"IntegerConverter": 1}
    adapter = staffed.app.url_map.bind("localhost")
    found = []
    for rule in staffed.app.url_map.iter_rules():
        if not rule.rule.startswith("/console"):
            continue
        values = {}
        for name, converter in rule._converters.items():
            choices = getattr(converter, "items", None)
            values[name] = min(choices) if choices else made_up.get(type(converter).__name__, "nothing")
        path = adapter.build(rule.endpoint, values, method=next(iter(rule.methods)))
        found += [(rule.endpoint, method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def is_refused(response):
    return response.status_code == 403


def leads_to_sign_in(response):
    return response.status_code == 303 and response.headers["Location"].split("?")[0] == "/console/sign-in"


def test_every_route_has_one_guard_and_only_the_sign_in_is_open(staffed):
    for endpoint, _, path in routes(staffed):
        view = staffed.app.view_functions[endpoint]
        if endpoint in OPEN_TO_STRANGERS:
            assert getattr(view, "console_guard", None) is None, path
        else:
            assert isinstance(getattr(view, "console_guard", None), Action), f"{path} has no guard"


def test_strangers_are_led_to_the_sign_in_from_everywhere(staffed):
    for endpoint, method, path in routes(staffed):
        if endpoint not in OPEN_TO_STRANGERS:
            assert leads_to_sign_in(staffed.stranger().open(path, method=method)), path


@pytest.mark.parametrize("role", Role)
def test_every_route_opens_to_those_who_have_the_right_and_to_nobody_else(staffed, role):
    member = staffed.add(role)
    for endpoint, method, path in routes(staffed):
        if endpoint in OPEN_TO_STRANGERS:
            continue
        action = staffed.app.view_functions[endpoint].console_guard
        response = staffed.client_of(member).open(path, method=method)
        assert is_refused(response) is not may(role, action), f"{method} {path} as {role}: {response.status}"
        assert not leads_to_sign_in(response) or endpoint == "console_sign_in.sign_out"


def test_what_is_refused_is_written_down(staffed):
    reader = staffed.add(Role.READER)
    refused = [
        endpoint
        for endpoint, method, path in routes(staffed)
        if endpoint not in OPEN_TO_STRANGERS and is_refused(staffed.client_of(reader).open(path, method=method))
    ]
    assert [subject for who, what, subject in staffed.audit() if what == "refused"] == refused


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    ],
)
def test_nothing_is_changed_from_another_site(ruleset, tmp_path, headers):
    staffed = Staffed(ruleset, tmp_path)
    client = staffed.client_for(Role.ADMIN)
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    for endpoint, method, path in routes(staffed):
        if method != "GET":
            assert is_refused(client.open(path, method=method, headers=headers)), endpoint
    assert client.get("/console").status_code == 200  # still signed in
    staffed.close()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_one_of_the_two_headers_is_enough(staffed, headers):
    client = staffed.client_for(Role.READER)
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    assert leads_to_sign_in(client.post("/console/sign-out", headers=headers))


def test_htmx_is_told_to_load_the_sign_in_as_a_whole_page(staffed):
    response = staffed.stranger().get("/console", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/console/sign-in")
