"""Only what the carrier signed comes in; a forged webhook leaves no trace."""

from __future__ import annotations

import pytest

from tests.telephony.conftest import BASE, NEXT_TOKEN, SID, TOKEN, WRONG_TOKEN, Carrier
from voicebot.app import create_app
from voicebot.telephony.signature import HEADER, sign

ENDPOINTS = ["incoming", "resume", "turn?n=1", "transfer-result?n=1", "fallback", "status"]
OTHER = "CA00000000000000000000000000000002"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("signature", [None, "", "forged", "other call", "other address"])
def test_a_forged_webhook_is_refused_and_nothing_stored(carrier, endpoint, signature):
    form = {"CallSid": SID, "CallStatus": "completed"}
    url = f"{BASE}/voice/{endpoint}"
    signed = {
        "other call": sign(TOKEN, url, [("CallSid", OTHER), ("CallStatus", "completed")]),
        "other address": sign(TOKEN, f"{BASE}/voice/elsewhere", form.items()),
    }.get(signature, signature)
    answer = carrier.client.post(f"/voice/{endpoint}", data=form, headers={HEADER: signed} if signed else {})
    assert answer.status_code == 403
    assert carrier.parts.store.call_ids() == []


def test_a_forged_webhook_of_a_known_call_changes_nothing(carrier):
    carrier.post("/voice/incoming")
    record = carrier.record()
    for endpoint in ENDPOINTS:
        assert carrier.send(f"/voice/{endpoint}", token=WRONG_TOKEN, CallStatus="completed").status_code == 403
    assert carrier.record() == record
    assert carrier.call().ended_at is None


def test_the_next_token_is_good_already(carrier):
    assert carrier.send("/voice/incoming", token=NEXT_TOKEN).status_code == 200


def test_a_signature_over_the_address_alone_does_not_cover_a_body(carrier):
    url = f"{BASE}/voice/incoming"
    headers = {HEADER: sign(TOKEN, url)}
    assert carrier.client.post("/voice/incoming", json={"CallSid": SID}, headers=headers).status_code == 403
    assert carrier.client.post("/voice/incoming", headers=headers).status_code == 403


def test_behind_a_trusted_proxy_the_address_it_tells_was_signed(make_parts):
    carrier = Carrier(make_parts(public_url=None, trusted_proxies=1, streaming=False))
    form = {"CallSid": SID}
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "line.example.org"}
    headers = {HEADER: sign(TOKEN, f"{BASE}/voice/incoming", form.items())} | forwarded
    answer = carrier.client.post("/voice/incoming", data=form, headers=headers)
    assert answer.status_code == 200
    assert f"{BASE}/voice/turn" in answer.text


def test_without_a_token_nothing_is_let_in(make_parts):
    carrier = Carrier(make_parts(twilio_auth_token=None, twilio_auth_token_next=None))
    assert carrier.send("/voice/incoming", token="").status_code == 403


def test_a_body_of_more_than_64_kilobytes_is_refused(make_parts):
    parts = make_parts()
    form = {"CallSid": SID, "Padding": "x" * 70_000}
    headers = {HEADER: sign(TOKEN, f"{BASE}/voice/incoming", form.items())}
    assert create_app(parts).test_client().post("/voice/incoming", data=form, headers=headers).status_code == 413
    assert parts.store.call_ids() == []
