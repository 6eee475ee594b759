"""`lpr-engine bench store` as a user calls it, on a small store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.search import PassageFilter
from lpr_engine.store.store import PassageStore

Lpr = Callable[..., tuple[int, str, str]]


def test_figures_are_measured_and_written_and_the_store_is_kept(lpr: Lpr, tmp_path: Path) -> None:
    target, folder = tmp_path / "figures.json", tmp_path / "store"
    words = ("bench", "store", "--passages", 400, "--rounds", 2)

    code, out, err = lpr(*words, "--json", target, "--folder", folder)

    assert (code, err) == (0, "")
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert figures["passages"] == 400
    assert figures["fill_s"] > 0
    names = {one["name"] for one in figures["quiet"]}
    assert {"exact", "prefix", "fuzzy, best first", "a month's visits"} <= names
    assert "insert: processor time" in {one["name"] for one in figures["busy"]}
    for one in (*figures["quiet"], *figures["busy"]):
        assert 0 < one["p50_ms"] <= one["p95_ms"]
        assert one["count"] >= 2
        assert one["name"] in out
    assert {one["format"]: one["passages"] for one in figures["exports"]} == {
        "csv": 400,
        "json": 400,
        "ndjson": 400,
    }

    code, _, _ = lpr(*words, "--json", target, "--folder", folder)

    assert code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["fill_s"] is None
    with PassageStore(StorageSection(directory=folder)) as store:
        assert len(store.search.find(PassageFilter(), 1000).passages) == 400
        assert store.depth() == 0


@pytest.mark.parametrize("words", [("--passages", "0"), ("--rounds", "many")])
def test_senseless_counts_are_refused(lpr: Lpr, words: tuple[str, str]) -> None:
    code, _, err = lpr("bench", "store", *words)

    assert code == 2
    assert words[0] in err


def test_place_for_figures_is_checked_first(lpr: Lpr, tmp_path: Path) -> None:
    code, _, err = lpr("bench", "store", "--json", tmp_path / "missing" / "figures.json")

    assert code == 1
    assert "missing/figures.json: the figures cannot be written there" in err
