"""Libraries, data folder, disk and clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest

from voicebot.config import Settings
from voicebot.doctor.findings import Status
from voicebot.doctor.machine import (
    check_clock,
    check_data_folder,
    check_disk,
    check_system,
    judge_clock,
    judge_room,
    judge_system,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
not_as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def test_this_machine_will_do(tmp_path):
    settings = Settings(data_dir=tmp_path)
    tmp_path.chmod(0o700)
    assert check_system(settings).status is Status.OK
    assert check_data_folder(settings).status is Status.OK
    assert check_clock(settings).status is Status.OK
    assert "GiB free" in check_disk(settings).what


def test_a_library_that_does_not_load_is_named():
    verdict = judge_system(["json", "no_such_library"], (3, 40, 1))
    assert verdict.status is Status.ERROR
    assert "no_such_library" in verdict.what
    assert "json" not in verdict.what


def test_a_sqlite_without_returning_is_too_old():
    assert judge_system([], (3, 34, 1)).status is Status.ERROR
    assert judge_system([], (3, 35, 0)).status is Status.OK


def test_a_data_folder_that_is_not_there_yet_is_not_made(tmp_path):
    folder = tmp_path / "not" / "there"
    assert check_data_folder(Settings(data_dir=folder)).status is Status.OK
    assert check_disk(Settings(data_dir=folder)).what
    assert not folder.exists()


@pytest.mark.parametrize(("path", "mode"), [(".", 0o755), ("voicebot.db", 0o640), ("audio", 0o701)])
def test_what_others_can_open_is_found(tmp_path, path, mode):
    tmp_path.chmod(0o700)
    (tmp_path / "voicebot.db").touch(0o600)
    (tmp_path / "audio").mkdir(0o700)
    assert check_data_folder(Settings(data_dir=tmp_path)).status is Status.OK
    (tmp_path / path).chmod(mode)
    verdict = check_data_folder(Settings(data_dir=tmp_path))
    assert verdict.status is Status.ERROR
    assert "1 of 3" in verdict.what
    assert f"chmod -R go= {tmp_path}" in verdict.remedy


def test_a_file_in_the_place_of_the_data_folder_is_found(tmp_path):
    file = tmp_path / "data"
    file.touch()
    assert check_data_folder(Settings(data_dir=file)).status is Status.ERROR


@not_as_root
def test_a_data_folder_that_cannot_be_written_is_found(tmp_path):
    tmp_path.chmod(0o500)
    assert check_data_folder(Settings(data_dir=tmp_path)).status is Status.ERROR
    assert check_data_folder(Settings(data_dir=tmp_path / "new")).status is Status.ERROR
    tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("free", "status"),
    [(0, Status.ERROR), (99 << 20, Status.ERROR), (101 << 20, Status.WARNING), (2 << 30, Status.OK)],
)
def test_room_on_the_disk_is_judged(free, status):
    assert judge_room(free).status is status


def test_room_is_told_in_hours_of_calls():
    assert "room for 100 hours" in judge_room(100 * 57_600_000).what


def zone(**offset):
    return timezone(timedelta(**offset))


@pytest.mark.parametrize(
    ("now", "written", "drift_s", "status"),
    [
        (NOON, NOON - timedelta(days=9), 0.0, Status.OK),
        (NOON, NOON + timedelta(seconds=5), 0.0, Status.OK),
        (NOON.astimezone(zone(hours=5, minutes=45)), NOON, 0.001, Status.OK),
        (NOON, NOON + timedelta(hours=1), 0.0, Status.ERROR),
        (NOON.replace(year=1970), NOON, 0.0, Status.ERROR),
        (NOON, NOON, 3.0, Status.WARNING),
        (NOON, NOON, -0.2, Status.WARNING),
        (NOON.astimezone(zone(hours=15)), NOON, 0.0, Status.WARNING),
        (NOON.astimezone(zone(minutes=7)), NOON, 0.0, Status.WARNING),
    ],
)
def test_the_clock_is_judged(now, written, drift_s, status):
    assert judge_clock(now, written, drift_s).status is status
