"""Passages as CSV, JSON and JSON lines; nothing in them is a formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.api.export_chunks import text_chunks
from lpr_engine.api.export_formats import COLUMNS, defused, format_of
from lpr_engine.model.contract import passage_to_json
from lpr_engine.model.kept import KeptPassage
from lpr_engine.model.passage import Alternative, Verdict
from tests.lpr_engine.pipeline.scripted import update


def kept(text: str = "AB1", **fields: object) -> KeptPassage:
    passage = replace(
        update("gate", text=text).passage, sequence=7, crop="media/c", frame="media/f", **fields
    )
    return KeptPassage(json.dumps(passage_to_json(passage)), 7, "media/c", "media/f")


def written(name: str, *batches: tuple[KeptPassage, ...]) -> str:
    return b"".join(text_chunks(batches, format_of(name))).decode()


def cells(*batches: tuple[KeptPassage, ...]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", *batches), newline="")))


def test_csv_has_a_row_for_each_passage() -> None:
    verdict = Verdict("allow", "anna", True)
    others = (Alternative("AB7", 0.2), Alternative("A81", 0.1))
    row = cells((kept(verdict=verdict, alternatives=others),), ())[0]

    assert list(row) == list(COLUMNS)
    assert (row["text"], row["camera"], row["sequence"]) == ("AB1", "gate", "7")
    assert (row["list"], row["vehicle"], row["open"]) == ("allow", "anna", "true")
    assert row["alternatives"] == "AB7:0.2 A81:0.1"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_cells_that_spreadsheets_would_run_are_defused(start: str) -> None:
    formula = f'{start}HYPERLINK("http://evil.example","x")'
    row = cells((kept(display=formula, zone=formula),))[0]

    assert row["display"] == row["zone"] == f"'{formula}"


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = str(defused(text))

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")


def test_numbers_are_left_alone() -> None:
    assert defused(-0.5) == -0.5
    assert defused(None) is None


@pytest.mark.parametrize("batches", [(), ((),), ((kept("A"), kept("B")), (), (kept("C"),))])
def test_json_is_one_array_and_lines_are_lines(
    batches: tuple[tuple[KeptPassage, ...], ...],
) -> None:
    wanted = [one.as_json() for batch in batches for one in batch]

    assert json.loads(written("json", *batches)) == wanted
    assert [json.loads(line) for line in written("ndjson", *batches).splitlines()] == wanted


@pytest.mark.parametrize("name", ["csv", "json", "ndjson"])
@pytest.mark.parametrize("body", ["{", "[]", "7", "{}", '{"verdict": 1}', ""])
def test_what_cannot_be_read_is_left_out(name: str, body: str) -> None:
    damaged = KeptPassage(body, 8, None, None)

    assert written(name, (kept("A"), damaged, kept("B"))) == written(name, (kept("A"), kept("B")))


def test_pictures_that_are_gone_are_not_named() -> None:
    gone = replace(kept(), crop=None)
    for name in ("json", "ndjson"):
        assert '"media/c"' not in written(name, (gone,))
        assert '"media/f"' in written(name, (gone,))
    assert cells((gone,))[0]["crop"] == ""
