"""What the service tells about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.office import YES
from voicebot.errors import VoicebotError


def test_calls_in_progress_are_counted(office, client):
    now = datetime.now(UTC)
    office.place([YES], started_at=now, over=False)
    office.place([YES], started_at=now)
    office.place([YES], started_at=now - timedelta(hours=2), over=False)
    assert client.get("/healthz").json == {"status": "ok", "calls": 1}


def test_a_store_that_fails_is_told_by_its_code(office, client, monkeypatch):
    def refuse(_since):
        raise VoicebotError("store_failed", "The database refused (SQLITE_FULL).")

    monkeypatch.setattr(office.store, "live_calls", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "error", "code": "store_failed"}


def test_readiness_asks_no_store_and_tells_when_the_service_stops(office, client, monkeypatch):
    monkeypatch.delattr(type(office.store), "live_calls")
    duty = office.parts.duty
    duty.take_seat("CA1", of=1)
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (200, {"status": "ready", "calls": 1})
    duty.drain()
    assert (client.get("/readyz").status_code, client.get("/readyz").json["status"]) == (503, "draining")
    duty.leave()
    assert (client.get("/readyz").status_code, client.get("/readyz").json["status"]) == (503, "leaving")
