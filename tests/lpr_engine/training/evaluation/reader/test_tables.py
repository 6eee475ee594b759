import csv
import io
import json

from rich.console import Console

from lpr_engine.training.evaluation.reader.figures import ReaderReport
from lpr_engine.training.evaluation.reader.tables import (
    confusion_table,
    frequent_confusions,
    report_table,
    report_to_json,
    rows_as_csv,
)


def printed(what) -> str:
    page = io.StringIO()
    Console(file=page, width=100).print(what)
    return page.getvalue()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").split("│")]


def test_table_has_two_rows_for_each_set_and_the_total(row):
    report = ReaderReport(
        (
            row("AB10", "AB1O", 0.5, once="AB10"),
            row("AB10", "AB10", 1.0),
            row("XY1", "XY1", group="us"),
        )
    )
    table = [cells(line) for line in printed(report_table(report)).splitlines()]
    lines = [line for line in table if line[1:2] in (["1"], ["2"])]
    assert [line[0] for line in lines] == ["eu", "", "us", "", "total", ""]
    assert lines[0] == [
        "eu", "1", "2", "100.0", "100.0", "50.0", "0.00", "75.0", "25.0", "25.0", "2.0"
    ]  # fmt: skip
    assert lines[1][3:5] == ["50.0", "100.0"]


def test_one_set_needs_no_total(row):
    assert "total" not in printed(report_table(ReaderReport((row("A1", "A1"),))))


def test_of_very_many_sets_the_largest_are_shown(row):
    rows = [row("A1", "A1", group=f"s{number}") for number in range(30)]
    rows += [row("A1", "B1", group="large")] * 3
    lines = [cells(line) for line in printed(report_table(ReaderReport(tuple(rows)))).splitlines()]
    named = [line[0] for line in lines if line[1:2] == ["1"]]
    assert len(named) == 17
    assert (named[0], named[-2], named[-1]) == ("large", "16 others", "total")
    assert next(line for line in lines if line[0] == "16 others")[2] == "16"


def test_regions_are_shown_where_they_can_be_judged(row):
    rows = (row("A1", "A1", region="DE", answered="DE"), row("A1", "A1", group="x"))
    table = printed(report_table(ReaderReport(rows, ("DE",))))
    assert "reg." in table
    lines = [cells(line) for line in table.splitlines()]
    assert [line[-1] for line in lines if line[1:2] == ["1"]] == [
        "100.0",
        "–",  # noqa: RUF001 - nothing to judge in this set
        "100.0",
    ]
    assert "reg." not in printed(report_table(ReaderReport(rows)))


def test_most_frequent_confusion_comes_first(row):
    rows = (row("B8", "88"), row("B8", "88"), row("B8", "B"), row("B8", "B8X"))
    report = ReaderReport(rows)
    assert frequent_confusions(report) == [("B", "8", 2), ("", "X", 1), ("8", "", 1)]
    shown = [line.split() for line in printed(confusion_table(report)).splitlines()]
    assert ["B", ">", "8", "2", "50", "%"] in shown


def test_json_tells_all(row):
    report = ReaderReport(
        (row("AB10", "AB1O", 0.5, once="AB10"), row("AB10", "AB10", region="DE", answered="FR")),
        ("DE", "FR"),
    )
    data = json.loads(json.dumps(report_to_json(report)))
    assert data["total"]["one_look"]["exact_share"] == 1
    second = data["total"]["second_look"]
    assert (second["exact"], second["exact_folded"], second["plates"]) == (1, 2, 2)
    assert (second["regions"], second["regions_right"]) == (1, 0)
    assert len(second["bins"]) == 15
    assert (second["crop_ms"], second["crop_ms_mean"]) == (4, 4)
    assert data["confusions"] == [{"wanted": "0", "read": "O", "count": 1}]
    assert [one["name"] for one in data["sets"]] == ["eu"]
    first = data["rows"][0]
    assert (first["picture"], first["plate"], first["set"]) == ("a.png", "AB10", "eu")
    assert first["second_look"]["cause"] == "lookalike"
    assert first["one_look"]["exact"] is True
    assert first["second_look"] == {
        "text": "AB1O",
        "confidence": 0.5,
        "text_without_prior": "AB1O",
        "exact": False,
        "exact_folded": True,
        "cause": "lookalike",
        "region": None,
        "cost_ms": 4.0,
    }


def test_csv_has_a_line_for_each_plate(row):
    report = ReaderReport((row("AB10", "AB1O", 0.5), row("A,B", "A")))
    lines = list(csv.DictReader(io.StringIO(rows_as_csv(report))))
    assert [line["plate"] for line in lines] == ["AB10", "A,B"]
    assert lines[0]["second_look_text"] == "AB1O"
    assert lines[0]["one_look_confidence"] == "0.5"
