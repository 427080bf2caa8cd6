"""The clinic's numbers: of which calls, as pictures with tables, and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.console.test_review import judged, look, nurse
from tests.web.office import MUMBLED, NOON, YES
from tests.web.pages import read, table
from voicebot.calls.entries import Entry
from voicebot.calls.measures import Carried, Followed, Measure, Tally
from voicebot.config import load_settings
from voicebot.dialog.events import TransferEnded, TransferOutcome
from voicebot.dialog.meaning import Meaning
from voicebot.staff.roles import Role
from voicebot.web.console.figures import Figures, percentile, share

DAYS = "since=2026-11-22&until=2026-11-22"


@pytest.fixture
def client(staffed):
    staffed.app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: look(staffed))
    return staffed.client_for(Role.READER)


def page(client, path=f"/console/numbers?{DAYS}"):
    response = client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return read(response)


def section(shown, heading):
    (found,) = shown.all("section", **{"aria-labelledby": heading})
    return found


def test_without_calls_the_page_says_so(client):
    assert "No call of these days" in page(client).one("main").text


def test_the_page_tells_how_calls_went(staffed, client):
    staffed.place([YES, YES, YES])
    staffed.place([MUMBLED, None])
    staffed.place([YES], started_at=NOON + timedelta(days=1))
    shown = page(client)
    assert "50% of 2 calls" in section(shown, "ends").text
    rows = {row.one("code").text: row for row in section(shown, "waterfall").one("tbody").all("tr")}
    put, *_ = rows["about_leg"].all("td", **{"class": "figure"})
    assert put.text == "4"
    assert "p95" in section(shown, "gaps").text
    assert f"At most 2 at one time; the line takes {load_settings().max_calls}" in section(shown, "capacity").text
    assert "No call that ended on these days was settled" in section(shown, "triage").text


def test_triage_is_measured_by_reviews(staffed, client):
    for level in ("3", None):
        call_id = staffed.place([YES, YES, YES])
        page(client)
        form = {"verdict": "disagree", "level": level, "reason": "So."} if level else {"verdict": "agree"}
        judged(nurse(staffed, f"ann{level}"), call_id, **form)
        if level:
            judged(nurse(staffed, "bob"), call_id, "second-verdict", **form)
    told = section(page(client), "triage").text
    assert "0 of 2 reviewed calls were held less urgent" in told
    assert "1 more urgent than" in told or "1 more urgent (over-triage, 50%)" in told


def test_the_numbers_as_csv(staffed, client):
    staffed.place([YES, YES, YES])
    page(client)
    response = client.get(f"/console/numbers.csv?{DAYS}")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
    assert {"measure": "carried", "key": "by_the_line", "detail": "", "count": "1"} in rows


def drawn(shown, heading, which="first", size="height"):
    """Return the sizes of the bars of a section's picture, the largest as 1, the empty ones left out."""
    (picture,) = [one for one in section(shown, heading).all("svg") if one.attributes.get("class") == "chart"]
    sizes = [float(bar.attributes[size]) for bar in picture.all("rect", **{"class": which})]
    return [found / 120 for found in sizes if found]


def counted(client, measure):
    response = client.get(f"/console/numbers.csv?{DAYS}")
    rows = csv.DictReader(io.StringIO(response.get_data(as_text=True)))
    return [row | {"count": int(row["count"])} for row in rows if row["measure"] == measure]


def test_pictures_tables_and_csv_tell_the_same(staffed, client):
    for hours, answers in enumerate(
        [[YES, YES], [YES, MUMBLED, MUMBLED, None], [YES, ("yes", Meaning.YES, 0.5), None]]
    ):
        staffed.place(answers, started_at=NOON + timedelta(hours=hours / 60))
    shown = page(client)

    heard = counted(client, "confidence")
    low = sorted({int(row["key"]) for row in heard})
    sure, unsure = (
        [sum(row["count"] for row in heard if (row["key"], row["detail"]) == (str(bar), how)) for bar in low]
        for how in ("understood", "not_understood")
    )
    assert drawn(shown, "confidence") == pytest.approx([count / max(sure) for count in sure if count], abs=0.001)
    assert drawn(shown, "confidence", "second") == pytest.approx([n / max(sure) for n in unsure if n], abs=0.001)

    bars = Counter()
    for row in counted(client, "turn_gap"):
        bars[int(row["key"]) // 100] += row["count"]
    assert drawn(shown, "gaps") == pytest.approx([bars[bar] / max(bars.values()) for bar in sorted(bars)], abs=0.001)

    at_once = {int(row["key"]): row["count"] for row in counted(client, "at_once")}
    assert drawn(shown, "capacity") == pytest.approx(
        [at_once[number] / max(at_once.values()) for number in sorted(at_once)], abs=0.001
    )

    questions = counted(client, "question")
    for row in section(shown, "waterfall").one("tbody").all("tr"):
        put, *_ = (int(cell.text) for cell in row.all("td", **{"class": "figure"})[:1])
        followed = [one["count"] for one in questions if one["key"] == row.one("code").text]
        assert put == sum(followed)
        widths = [float(bar.attributes["width"]) / 200 for bar in row.one("svg").all("rect")]
        assert sorted(widths) == pytest.approx(sorted(count / put for count in followed), abs=0.001)


def test_what_is_told_in_words_has_a_picture_and_rows_as_well(staffed, client):
    taken, lowered = (staffed.place([YES, YES], started_at=NOON + timedelta(minutes=minute)) for minute in range(2))
    page(client)
    judged(nurse(staffed), taken, verdict="agree")
    form = {"verdict": "disagree", "level": "3", "reason": "So."}
    judged(nurse(staffed, "bob"), lowered, **form)
    judged(nurse(staffed, "cid"), lowered, "second-verdict", **form)
    shown = page(client)
    assert stacked(section(shown, "ends")) == {"part-0": 1}
    assert stacked(section(shown, "triage")) == {"part-0": 0.5, "part-2": 0.5}
    assert {row["key"]: row["count"] for row in counted(client, "triage")} == {"too_low": 0, "too_high": 1}
    assert [row["key"] for row in counted(client, "turn_gap_ms")] == ["p50", "p95", "p99"]
    (half, *_) = counted(client, "turn_gap_ms")
    assert f"within {half['count']} ms (p50)" in section(shown, "gaps").text


def stacked(part_of_page):
    """Return the shares of the only stacked bar by their color."""
    (bar,) = [one for one in part_of_page.all("svg") if one.attributes.get("class") == "stack"]
    return {part.attributes["class"]: float(part.attributes["width"]) / 200 for part in bar.all("rect")}


def test_transfers_are_drawn_by_how_they_ended(staffed, client):
    call_id = staffed.place([("person", Meaning.OPERATOR, 0.9)], over=False)
    length = len(staffed.store.load(call_id))
    staffed.store.append(call_id, [Entry(length, TransferEnded(9000, TransferOutcome.ANSWERED))])
    staffed.store.close_call(call_id, NOON + timedelta(minutes=1))
    drawn_part = stacked(section(page(client), "transfers"))
    assert list(drawn_part.values()) == [1]
    (row,) = table(section(page(client), "transfers"))
    assert (row["Put through to"], row["How it went"]) == ("Front desk", "taken 1")


def test_what_was_not_measured_is_told_as_such(staffed, client):
    staffed.place([])
    shown = page(client)
    assert "No caller said anything." in section(shown, "confidence").text
    assert "Nobody was put through." in section(shown, "transfers").text
    assert "No turn of a call with sound was measured." in section(shown, "gaps").text


def days_later(staffed, days):
    """Let days pass; return a client who is signed in then."""
    staffed.later(days=days)
    return staffed.client_for(Role.READER)


def by_day(shown):
    return table(section(shown, "days"))


def test_each_day_has_its_own_figures_in_the_page_and_in_the_csv(staffed, client):
    staffed.place([YES, YES, YES])
    staffed.place([("person", Meaning.OPERATOR, 0.9)])
    staffed.place([YES, YES, YES], started_at=NOON + timedelta(days=2))
    client = days_later(staffed, 3)
    days = "since=2026-11-01&until=2026-11-30"
    shown = page(client, f"/console/numbers?{days}")
    assert "The last day is not over yet." in section(shown, "days").text
    rows = by_day(shown)
    assert [row["Day"] for row in rows] == ["22 Nov 2026", "23 Nov 2026", "24 Nov 2026", "25 Nov 2026"]
    assert [row["Calls"] for row in rows] == ["2", "0", "1", "0"]
    assert [row["By the line"] for row in rows] == ["50 %", "", "100 %", ""]
    assert [row["Turn gap p95"] for row in rows] == ["720 ms", "", "720 ms", ""]
    told = csv.reader(io.StringIO(client.get(f"/console/numbers.csv?{days}").get_data(as_text=True)))
    assert [row[1:] for row in told if row[0] == "day"] == [
        ["2026-11-22", "calls", "2"],
        ["2026-11-22", "by_the_line", "1"],
        *(["2026-11-22", f"turn_gap_ms_p{percent}", "720"] for percent in (50, 95, 99)),
        ["2026-11-23", "calls", "0"],
        ["2026-11-23", "by_the_line", "0"],
        ["2026-11-24", "calls", "1"],
        ["2026-11-24", "by_the_line", "1"],
        *(["2026-11-24", f"turn_gap_ms_p{percent}", "720"] for percent in (50, 95, 99)),
        ["2026-11-25", "calls", "0"],
        ["2026-11-25", "by_the_line", "0"],
    ]


def test_what_is_drawn_is_what_the_table_holds(staffed, client):
    for days in range(2):
        staffed.place([YES, YES, YES], started_at=NOON + timedelta(days=days))
    client = days_later(staffed, 1)
    days = section(page(client, "/console/numbers"), "days")
    drawn_lines = {name for one in days.all("div") for name in one.attributes.get("data-lines", "").split()}
    assert drawn_lines == {head.attributes.get("data-line", "") for head in days.one("thead").all("th")} - {""}
    for cell in days.one("tbody").all("td"):
        assert cell.text.split(" ")[0] == cell.attributes.get("data-value", "")


def test_calls_of_one_day_make_no_line_but_a_sentence(staffed, client):
    staffed.place([YES, YES, YES])
    client = days_later(staffed, 4)
    days = section(page(client, "/console/numbers"), "days")
    assert "fewer than two of these days" in days.text
    assert days.all("figure") == []
    assert [row["Calls"] for row in table(days)] == ["1", "0", "0", "0", "0"]


@pytest.mark.parametrize(
    "days",
    [
        "",
        "since=yesterday&until=x",
        "since=2026-11-30&until=2026-11-01",
        "since=0001-01-01&until=9999-12-31",
        "until=0001-01-01",
    ],
)
def test_days_that_are_none_do_no_harm(client, days):
    assert page(client, f"/console/numbers?{days}")


@given(st.dictionaries(st.integers(0, 100).map(lambda n: n * 20), st.integers(1, 50), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_never_too_good_and_off_by_one_bin_at_most(bins, part):
    values = sorted(low for low, count in bins.items() for _ in range(count))
    exact = values[max(0, -int(-part * len(values) // 1) - 1)]
    found = percentile(bins, part, 20)
    assert exact < found <= exact + 20 or found in {low + 20 for low in bins}
    assert sum(count for low, count in bins.items() if low < found) >= part * len(values) - 1e-6


def test_of_nothing_there_is_no_figure():
    assert (percentile({}, 0.5, 20), share(1, 0)) == (None, None)
    nothing = Figures(Counter(), {})
    assert (nothing.calls, nothing.contained, nothing.gap_ms(0.5), nothing.gap_bars()) == (0, None, None, [])
    assert (nothing.most_at_once, nothing.at_once_bars(), list(nothing.rows())) == (0, [], [])


def test_figures_from_counts():
    figures = Figures(
        Counter(
            {
                Tally(Measure.OUTCOME, "scheduling", "1"): 3,
                Tally(Measure.CARRIED, "by_the_line"): 3,
                Tally(Measure.QUESTION, "q.sit", "next"): 2,
                Tally(Measure.QUESTION, "q.sit", "no_input"): 1,
                Tally(Measure.TURN_GAP, "240"): 9,
                Tally(Measure.TURN_GAP, "9000"): 1,
                Tally(Measure.AT_ONCE, "2"): 3,
            }
        ),
        {(3, 5): 2, (4, 3): 1, (5, 5): 4},
    )
    assert figures.contained == 1
    assert figures.carried()[Carried.BY_A_PERSON] == 0
    ((question, followed),) = figures.waterfall()
    assert (question, followed[Followed.NEXT], followed[Followed.NO_INPUT]) == ("q.sit", 2, 1)
    assert (figures.gap_ms(0.5), figures.gap_ms(0.99)) == (260, 9020)
    assert (len(figures.gap_bars()), figures.gap_bars()[2], figures.gap_bars()[-1]) == (30, ("200", 9), ("2900", 1))
    assert figures.at_once_bars() == [("1", 0), ("2", 3)]
    assert (figures.reviewed, figures.too_low, figures.too_high) == (7, 2, 1)
