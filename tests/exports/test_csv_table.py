from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls.given import held
from voicebot.exports.csv_table import COLUMNS, safe_cell, write_csv


def read_back(*calls):
    table = io.StringIO(newline="")
    write_csv(calls, table)
    return list(csv.DictReader(io.StringIO(table.getvalue(), newline="")))


def test_a_call_is_one_row_without_words(ruleset):
    (row,) = read_back(held(ruleset, "q.saddle"))
    assert list(row) == list(COLUMNS)
    assert (row["outcome"], row["urgency"], row["level"]) == ("emergency_room", "4", "emergency_room")
    assert (row["rules"], row["ruleset_sha256"]) == ("cauda-saddle", ruleset.sha256)
    assert not any("canary" in cell for cell in row.values())


def test_what_is_not_known_is_left_empty(ruleset):
    (row,) = read_back(held(ruleset, hang_up_after=1))
    assert (row["urgency"], row["level"], row["destinations"], row["rules"]) == ("", "", "", "")


def test_lines_end_as_the_standard_says(ruleset):
    table = io.StringIO(newline="")
    write_csv([held(ruleset, hang_up_after=1)], table)
    assert table.getvalue().count("\r\n") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_no_cell_is_run_by_a_spreadsheet(start):
    assert safe_cell(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


@given(st.text())
def test_any_text_stays_itself_but_for_the_quote(text):
    assert safe_cell(text).removeprefix("'") in {text, text.removeprefix("'")}
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


def test_a_name_made_to_be_run_is_defused_in_the_table(ruleset):
    call = held(ruleset, hang_up_after=1)
    evil = replace(call.ruleset, id='=HYPERLINK("x")', version="-1,\n2")
    (row,) = read_back(replace(call, ruleset=evil))
    assert (row["ruleset_id"], row["ruleset_version"]) == ('\'=HYPERLINK("x")', "'-1,\n2")
