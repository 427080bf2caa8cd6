"""The benchmark of the list runs, asks for what it says, and writes its table where the page wants it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from click.testing import CliRunner

from benchmarks.console import BEGIN, END, main
from benchmarks.console_parts.queries import ALONE, together


def test_a_small_run_writes_the_table_and_leaves_the_page_around_it(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    arguments = ["--calls", "60", "--rounds", "1", "--combinations", "3", "--out", str(page)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    before, _, rest = page.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    assert (before, after) == ("before\n", "\nafter\n")
    assert "60 calls, 1 requests a query" in table
    assert [line.split("|")[2].strip() for line in table.splitlines() if "SQLite" in line] == [
        "one filter",
        "3 combinations",
    ]


def test_a_database_that_holds_calls_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'voicebot.db'}"
    arguments = ["--calls", "5", "--rounds", "1", "--combinations", "1", "--database", url]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 1
    assert "holds calls" in again.output


def test_filters_together_never_ask_for_one_thing_in_two_ways():
    queries = together(50)
    assert len(queries) == 50
    assert queries == together(50)
    for query in queries.values():
        parts = parse_qsl(query)
        for part in {part for part, _ in parts}:
            values = {value for one, value in parts if one == part}
            assert any(values <= {value for one, value in parse_qsl(alone) if one == part} for alone in ALONE.values())
