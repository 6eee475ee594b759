"""What people keep and say is written exactly as in the examples that all sides share."""

import json
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from lpr_engine.api.remarks_json import correction_to_json, remarks_to_json
from lpr_engine.api.vehicle_json import list_to_json, vehicle_from_json, vehicle_to_json
from lpr_engine.api.vehicle_table import VehicleTable
from lpr_engine.api.vehicle_tables import report_to_json
from lpr_engine.api.verdict import explanation_to_json
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.contract import parse_time, passage_from_json
from lpr_engine.model.passage import Alternative
from lpr_engine.model.passage_actions import CorrectedPassage, Note, Remarks
from lpr_engine.model.question import Question
from lpr_engine.model.vehicle import ListMeaning, PlateList, ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptList, KeptVehicle
from lpr_engine.model.vehicle_import import BadCell, ImportReport, Outcome, RowOutcome
from lpr_engine.plates.rules import PlateRules

FOLDER = Path(__file__).parent
SEVEN = parse_time("2026-05-04T07:00:00.000Z")
FOUR_PAST = parse_time("2026-05-04T07:04:00.000Z")
ANNA = Vehicle(
    id="0198b2c4-9a00-7f31-8e55-12d9a3b7c402",
    text="AB123CD",
    display="AB-123-CD",
    label="Anna's car",
    owner="Anna",
    note="the blue one",
    lists=frozenset({"allow", "family"}),
    cameras=frozenset({"gate"}),
    window=ValidityWindow(
        valid_from=parse_time("2026-01-01T00:00:00.000Z"),
        weekdays=frozenset(range(5)),
        from_time=time(6),
        until_time=time(22, 30),
    ),
)


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_vehicle_is_written_and_read_without_loss():
    wanted = example("vehicle")
    assert vehicle_to_json(KeptVehicle(ANNA, 3, SEVEN)) == wanted
    assert vehicle_from_json(wanted, wanted["id"]) == ANNA


def test_list():
    kept = KeptList(PlateList("family", ListMeaning.ALLOW), 2, SEVEN, 4)
    assert list_to_json(kept) == example("list")


def test_explanation():
    lists = [PlateList("allow", ListMeaning.ALLOW)]
    anna = replace(ANNA, lists=frozenset({"allow"}), window=ValidityWindow(), cameras=None)
    question = Question(
        "ab-123-cd", "gate", SEVEN, 0.4, alternatives=(Alternative("AB123CO", 0.05),)
    )
    explanation = PlateRules([anna], lists, SystemClock()).explain(question)
    assert explanation_to_json(explanation) == example("explanation")


def test_import_report():
    bob = replace(ANNA, id="0198b2c4-9a00-7f31-8e55-12d9a3b7c403", text="BAB1234")
    bad = (BadCell(4, "lists", "gusts", "there is no list of this name"),)
    rows = (
        RowOutcome(2, Outcome.ADDED, bob),
        RowOutcome(3, Outcome.CHANGED, ANNA, ("label", "lists")),
        RowOutcome(5, Outcome.UNCHANGED, ANNA),
    )
    report = ImportReport(rows, bad, written=True)
    assert report_to_json(VehicleTable((), (), ("colour",)), report, bad) == example(
        "import_report"
    )


@pytest.fixture
def corrected():
    passage = replace(
        passage_from_json(example("passage")),
        revision=3,
        corrected_by="anna",
        crop=f"media/3f/{'3f' * 32}.jpg",
    )
    read = example("correction")["read"]
    as_read = replace(
        passage,
        text=read["text"],
        display=None,
        confidence=read["confidence"],
        characters=tuple((sign, value) for sign, value in read["characters"]),
        alternatives=(Alternative("AB123CD", 0.31),),
    )
    return CorrectedPassage(passage, as_read, FOUR_PAST)


def test_remarks(corrected):
    note = Note("towed away", "anna", parse_time("2026-05-04T07:05:00.000Z"))
    assert remarks_to_json(Remarks(("delivery", "vip"), note, corrected)) == example("remarks")


def test_correction(corrected):
    assert correction_to_json(corrected) == example("correction")
