from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.staff.audit_chain import MAX_SUBJECT, START, Audited, AuditEntry, chained, first_fault

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def chain(length):
    made, previous = [], START
    for seq in range(length):
        made.append(chained(seq, NOON + timedelta(seconds=seq), "jo", Audited.CALL_OPENED, f"call{seq}", previous))
        previous = made[-1].hash
    return made


def fault(entries, length=None, head=None):
    whole = chain(8)
    return first_fault(entries, len(whole) if length is None else length, whole[-1].hash if head is None else head)


def test_a_chain_nobody_touched_is_whole():
    assert fault(chain(8)) is None
    assert first_fault([], 0, START) is None


@pytest.mark.parametrize("seq", [0, 3, 7])
@pytest.mark.parametrize(
    "change",
    [{"at": NOON - timedelta(days=1)}, {"who": "jim"}, {"what": "signed_in"}, {"subject": "other"}, {"hash": "f" * 64}],
)
def test_a_changed_entry_is_found(seq, change):
    entries = chain(8)
    entries[seq] = replace(entries[seq], **change)
    assert fault(entries) == f"Entry {seq} was changed."


@pytest.mark.parametrize("seq", [0, 3])
def test_a_missing_entry_is_found(seq):
    assert fault([entry for entry in chain(8) if entry.seq != seq]) == f"Entry {seq} is missing."


def test_missing_entries_at_the_end_are_found():
    assert fault(chain(6)) == "There are 6 entries where 8 were written."
    assert fault(chain(6), length=6) == "The last entry is not the one that was written last."


def test_entries_that_changed_places_are_found():
    entries = chain(8)
    entries[2], entries[3] = replace(entries[3], seq=2), replace(entries[2], seq=3)
    assert fault(entries) == "Entry 2 does not follow the one before it."


@given(st.data())
def test_whatever_is_done_to_a_stored_entry_is_found(data):
    entries = chain(5)
    seq = data.draw(st.integers(0, 4))
    name = data.draw(st.sampled_from([field.name for field in fields(AuditEntry) if field.name != "at"]))
    other = data.draw(st.integers(0, 9) if name == "seq" else st.text(max_size=70))
    if other == getattr(entries[seq], name):
        return
    whole = chain(5)
    entries[seq] = replace(entries[seq], **{name: other})
    assert first_fault(entries, 5, whole[-1].hash)


def test_the_time_zone_makes_no_difference():
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-6)))
    assert chained(0, elsewhere, "jo", Audited.SIGNED_IN, "", START) == chained(
        0, NOON, "jo", Audited.SIGNED_IN, "", START
    )


def test_a_subject_is_cut_off_before_it_is_hashed():
    entry = chained(0, NOON, "jo", Audited.CALL_OPENED, "x" * 500, START)
    assert len(entry.subject) == MAX_SUBJECT
    assert first_fault([entry], 1, entry.hash) is None
