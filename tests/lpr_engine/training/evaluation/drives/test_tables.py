import csv
import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.figures import DrivesReport
from lpr_engine.training.evaluation.drives.outcome import DriveOutcome, judge_drive
from lpr_engine.training.evaluation.drives.tables import (
    condition_table,
    error_table,
    fate_lines,
    report_to_json,
    rows_as_csv,
)


@pytest.fixture
def report(reel):
    films = [reel("MKX4711", "AB12CDE"), reel("LS15EBC")]
    for _ in range(5):
        films[0].show("MKX4711", "AB12CDE")
    for text in ("XS15EBC", "XS15EBC", "LX15EBC", "LS15EBX", "LS15EBC"):
        films[1].show(text, sure=0.8)
    rules = TrackingSection()
    records = [replace(film.record(), number=at) for at, film in enumerate(films)]
    drives = tuple(judge_drive(record, Grammar(()), rules) for record in records)
    return DrivesReport(drives, 7, rules.min_readings)


def shown(table):
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text()


def test_tables_name_every_way_and_condition(report):
    errors = shown(error_table(report))
    for word in ("single frame", "best frame", "majority", "ours, final passage", "0.00"):
        assert word in errors
    assert "3 cars in 2 drive-bys" in errors
    conditions = shown(condition_table(report))
    for word in ("5-8 fps", "approaching", "total", "preview s"):
        assert word in conditions


def test_fates_in_words(report):
    lines = "\n".join(fate_lines(report))
    assert "not counted: 0 of 3" in lines
    assert "show no car: 0" in lines
    assert (
        "no frame reads right: 0 of 3; of the other 3 the majority gets 1 wrong, our vote 0"
        in lines
    )
    assert "cars told of: 3, 0 of them wrongly; the majority gets 1 of the same cars wrong" in lines
    assert "1.000 right" in lines


def test_json_is_plain_and_whole(report):
    told = json.loads(json.dumps(report_to_json(report), allow_nan=False))
    assert told["seed"] == 7
    assert told["drives"] == 2
    assert told["total"]["cars"] == 3
    assert told["total"]["ways"]["majority"]["wrong"]["value"] == pytest.approx(1 / 3, abs=1e-3)
    assert told["total"]["ways"]["ours"]["to_majority"]["value"] == 0.0
    assert {band["name"] for band in told["conditions"]} >= {"5-8 fps", "approaching"}
    assert [row["plate"] for row in told["rows"]] == ["MKX4711", "AB12CDE", "LS15EBC"]


def test_a_csv_line_for_each_car(report):
    rows = list(csv.DictReader(io.StringIO(rows_as_csv(report))))
    assert [row["drive"] for row in rows] == ["0", "0", "1"]
    assert rows[2]["majority"] == "XS15EBC"
    assert rows[2]["ours"] == "LS15EBC"


def test_no_drives_make_empty_tables():
    empty = DrivesReport((DriveOutcome((), 0),), 1, 2)
    assert "0 cars" in shown(error_table(empty))
    assert rows_as_csv(empty).strip() == ""
