"""Corrections become a training set that the trainer takes as it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.model.passage import Passage
from lpr_engine.training.reading.crops import load_crops, read_labels
from tests.lpr_engine.api.people import Door, passage_id, people_door
from tests.lpr_engine.pipeline.scripted import update


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with people_door(tmp_path) as opened:
        yield opened


def see(door: Door, number: int, camera: str = "gate", region: str | None = None) -> Passage:
    """A passage whose crop is its own."""
    one = update(camera)
    evidence = one.evidence
    crop = np.random.default_rng(number).integers(0, 256, (20, 60, 3), dtype=np.uint8)
    observation = replace(
        evidence.observation, crop=replace(evidence.observation.crop, pixels=crop)
    )
    passage = replace(one.passage, id=passage_id(number), text=f"READ{number}", region=region)
    kept = replace(one, passage=passage, evidence=replace(evidence, observation=observation))
    return door.store.commit(kept)


def put_right(door: Door, number: int, text: str) -> None:
    path = f"/passages/{passage_id(number)}/correction"
    assert door.ask("PUT", path, {"text": text}).status == 200


def archive(door: Door, query: str = "") -> zipfile.ZipFile:
    reply = door.get(f"/corrections.zip{query}", who="viewer")
    assert reply.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(reply.body))


def test_corrections_are_listed_with_what_was_read(door: Door) -> None:
    for number in (1, 2, 3):
        see(door, number)
        put_right(door, number, f"RIGHT {number}")

    page = door.get("/corrections?limit=2").json
    rest = door.get(f"/corrections?limit=2&cursor={page['next_cursor']}").json

    items = [*page["items"], *rest["items"]]
    assert [(one["text"], one["read"]["text"]) for one in items] == [
        (f"RIGHT{number}", f"READ{number}") for number in (3, 2, 1)
    ]
    assert items[0]["crop"].startswith("media/")
    later = items[1]["corrected_at"]
    since = door.get(f"/corrections?since={later}").json["items"]
    assert {one["id"] for one in since} >= {one["id"] for one in items[:2]}


def test_the_trainer_takes_the_archive_as_it_is(door: Door, tmp_path: Path) -> None:
    for number in range(1, 105):
        see(door, number, "gate" if number % 2 else "yard", "US-CA" if number < 3 else None)
        put_right(door, number, f"AB {number}")

    archive(door).extractall(tmp_path / "set")

    crops = read_labels([tmp_path / "set" / "labels.csv"])
    assert {crop.text for crop in crops} == {f"AB{number}" for number in range(1, 105)}
    assert {crop.group for crop in crops} == {"gate", "yard", "US-CA"}
    assert len(load_crops(crops)) == 104


def test_what_cannot_teach_is_left_out(door: Door) -> None:
    for number, text in ((1, "GOOD1"), (2, "ÄÖ42"), (3, "A" * 11), (4, "GONE4"), (5, "GOOD5")):
        see(door, number)
        put_right(door, number, text)
    gone = door.store.search.get(passage_id(4))
    assert gone is not None
    door.store.media.remove([str(gone.crop)])

    found = archive(door)

    assert found.testzip() is None
    lines = found.read("labels.csv").decode().splitlines()
    assert lines[0] == "image_path,plate_text,region"
    assert [line.split(",")[1] for line in lines[1:]] == ["GOOD5", "GOOD1"]


def test_a_picture_stands_in_one_row_only(door: Door) -> None:
    first = door.see(1)
    assert door.see(2).crop == first.crop
    put_right(door, 1, "WRONG")
    put_right(door, 2, "RIGHT")

    lines = archive(door).read("labels.csv").decode().splitlines()

    assert [line.split(",")[1] for line in lines[1:]] == ["RIGHT"]


def test_nothing_corrected_is_an_empty_set(door: Door) -> None:
    found = archive(door, "?since=2030-01-01T00:00:00Z")
    assert found.namelist() == ["labels.csv"]


@pytest.mark.parametrize("query", ["?cursor=x", "?cursor=WyIxIiwiMiJd4", "?since=now", "?limit=0"])
def test_a_query_that_makes_no_sense(door: Door, query: str) -> None:
    assert door.get(f"/corrections{query}").status == 400


def test_corrections_are_not_for_everybody(door: Door) -> None:
    for path in ("/corrections", "/corrections.zip"):
        assert door.get(path, who=None).status == 401
        assert door.get(path, who="key:metrics").status == 403
