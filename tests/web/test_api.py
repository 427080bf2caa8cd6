"""The API decides as the engine does, lets nobody in without a token, and repeats nothing of what it was sent."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.service import NEXT_TOKEN, TOKEN, Service
from voicebot.triage.answers import Answer
from voicebot.triage.asking import next_screen
from voicebot.triage.describe import to_json
from voicebot.triage.engine import decide

CANARY = "canary-4711"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PATHS = [("GET", "openapi.json"), ("GET", "rulesets"), ("POST", "triage"), ("POST", "next-question")]


@pytest.fixture(scope="module")
def service(ruleset, tmp_path_factory):
    return Service(ruleset, tmp_path_factory.mktemp("api"), api_requests_per_minute=1_000_000)


@pytest.fixture
def post(service):
    def send(path, body=b"{}", *, kind="application/json", **headers):
        headers = BEARER | headers
        body = body if isinstance(body, bytes | str) else json.dumps(body)
        return service.client().post(f"/api/v1/{path}", data=body, headers=headers, content_type=kind)

    return send


def error_of(response):
    told = response.get_json()
    assert set(told) == {"error"}
    assert set(told["error"]) == {"code", "message"}
    return response.status_code, told["error"]["code"]


def test_the_rule_set_is_told_as_the_command_line_prints_it(service):
    response = service.client().get("/api/v1/rulesets", headers=BEARER)
    assert response.get_json() == json.loads(json.dumps(to_json(service.ruleset)))


def test_a_decision_is_the_engines(service, post):
    @given(st.dictionaries(st.sampled_from(sorted(service.ruleset.questions)), st.sampled_from(Answer)))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def same(answers):
        assert post("triage", answers).get_json() == json.loads(json.dumps(decide(service.ruleset, answers).to_json()))

    same()


def test_the_next_question_comes_with_its_wording(service, post):
    told = post("next-question").get_json()
    screen = next_screen(service.ruleset, {})
    assert told["next_question"] == screen.questions[0]
    assert told["screen"]["questions"] == list(screen.questions)
    assert told["screen"]["text"] == screen.text
    assert told["screen"]["level"] == 5
    assert told["complete"] is False


def test_asking_until_nothing_is_left_ends_complete(service, post):
    answers = {}
    while question := (told := post("next-question", answers).get_json())["next_question"]:
        answers[question] = "no"
    assert told["screen"] is None
    assert told["complete"] is True
    assert post("triage", answers).get_json()["urgency"] == 0


def test_a_former_id_counts_for_the_questions_that_took_its_place(service, post):
    former, parts = next(iter(service.ruleset.former.items()))
    decided = [post("triage", answers).get_json() for answers in ({former: "yes"}, dict.fromkeys(parts, "yes"))]
    assert decided[0] == decided[1]
    described = service.client().get("/api/v1/openapi.json", headers=BEARER).get_json()["components"]["schemas"]
    assert former in described["Answers"]["properties"]


def test_nothing_is_kept(service, post):
    post("triage", {"saddle": "yes"})
    assert service.store.call_ids() == []


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer é"}],
)
def test_without_the_token_nothing_is_told(service, method, path, headers):
    response = service.client().open(f"/api/v1/{path}", method=method, headers=headers)
    assert error_of(response) == (401, "token_wrong")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", [TOKEN, NEXT_TOKEN])
def test_while_rotating_both_tokens_open(ruleset, tmp_path, token):
    client = Service(ruleset, tmp_path, api_token_next=NEXT_TOKEN).client()
    assert client.get("/api/v1/rulesets", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("headers", [BEARER, {}, {"Authorization": "Bearer "}])
def test_without_a_token_in_the_settings_the_api_is_off(ruleset, tmp_path, method, path, headers):
    client = Service(ruleset, tmp_path, api_token=None).client()
    assert error_of(client.open(f"/api/v1/{path}", method=method, headers=headers)) == (403, "api_off")


def test_rules_nobody_stands_for_do_not_answer(ruleset, tmp_path):
    client = Service(ruleset, tmp_path, allow_unapproved_rules=False).client()
    response = client.post("/api/v1/triage", json={}, headers=BEARER)
    assert error_of(response) == (403, "rules_unapproved")


@pytest.mark.parametrize("path", ["triage", "next-question"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "answers_unreadable"),
        (f"{{{CANARY}", "answers_unreadable"),
        (f'["{CANARY}"]', "answers_unreadable"),
        (b'{"\xff": "yes"}', "answers_unreadable"),
        ("[" * 30_000, "answers_unreadable"),
        ('{"a":' * 5_000 + "1" + "}" * 5_000, "answers_unreadable"),
        (f'{{"saddle": "yes", "saddle": "{CANARY}"}}', "question_answered_twice"),
        ({CANARY: "yes"}, "unknown_question"),
        ({"saddle": CANARY}, "unknown_answer"),
        ({"saddle": {CANARY: [CANARY]}}, "unknown_answer"),
        ({"saddle": True}, "unknown_answer"),
        ({"saddle": None}, "unknown_answer"),
        ('{"saddle": NaN}', "unknown_answer"),
        ({"saddle": "Yes"}, "unknown_answer"),
    ],
)
def test_answers_that_are_none_are_refused_and_not_repeated(post, path, body, code, caplog, capsys):
    response = post(path, body)
    assert error_of(response) == (400, code)
    told = response.get_data(as_text=True) + str(response.headers) + caplog.text + "".join(capsys.readouterr())
    assert CANARY not in told
    assert "Traceback" not in told


def test_only_json_is_read(post):
    assert error_of(post("triage", '{"saddle": "yes"}', kind="text/plain")) == (415, "not_json")
    assert error_of(post("triage", "saddle=yes", kind="application/x-www-form-urlencoded")) == (415, "not_json")
    assert post("triage", {}, kind="application/json; charset=utf-8").status_code == 200


def test_a_request_may_not_be_large(post):
    assert error_of(post("triage", b" " * (64 * 1024 + 1))) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/nothing", (404, "not_found")),
        ("GET", "/api/v1/triage", (405, "method_not_allowed")),
        ("DELETE", "/api/v1/rulesets", (405, "method_not_allowed")),
    ],
)
def test_other_addresses_and_methods_are_told_in_json(service, method, path, expected):
    assert error_of(service.client().open(path, method=method, headers=BEARER)) == expected


def test_other_rooms_keep_their_own_errors(service):
    assert service.client().get("/nowhere").mimetype == "text/html"


def test_too_many_requests_are_told_to_wait(ruleset, tmp_path):
    client = Service(ruleset, tmp_path, api_requests_per_minute=3).client()
    for _ in range(3):
        assert client.get("/api/v1/rulesets").status_code == 401
    response = client.get("/api/v1/rulesets", headers=BEARER)
    assert error_of(response) == (429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/api/v1/rulesets", headers=BEARER, environ_overrides=elsewhere).status_code == 200


def test_what_breaks_is_told_without_what_was_sent(service, post, monkeypatch, capsys):
    def break_down(*_):
        raise RuntimeError(CANARY)

    monkeypatch.setattr("voicebot.web.api.decide", break_down)
    response = post("triage", {"saddle": "yes"})
    assert error_of(response) == (500, "internal_error")
    assert CANARY not in response.get_data(as_text=True) + "".join(capsys.readouterr())


@pytest.mark.parametrize(("method", "path"), [*PATHS, ("GET", "nothing")])
def test_every_answer_carries_the_headers(service, method, path):
    headers = service.client().open(f"/api/v1/{path}", method=method).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_description_holds_for_whatever_is_sent(service):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", service.app, headers=BEARER)
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(
            case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
        )
        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        def hold(case):
            case.call_and_validate(headers=BEARER)

        hold()
