"""Evaluation on labelled folders: what counts as found and as read, and what bad rows do."""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.judging import evaluate, judge_plate
from lpr_engine.training.evaluation.labels import EvaluationDataError, PlateLabel
from lpr_engine.training.evaluation.report import report_table, report_to_json
from lpr_engine.training.evaluation.spelling import bare, folded
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.sight import PlateVision

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
HEADER = "image,x,y,w,h,plate\n"


def reading_of(text: str) -> Reading:
    rows = np.zeros((len(text), len(ALPHABET)), np.float32)
    for slot, sign in enumerate(text):
        rows[slot, ALPHABET.index(sign)] = 1
    return Reading(text, rows, ALPHABET)


def observed(box: Box, text: str | None) -> Observation:
    reading = None if text is None else reading_of(text)
    return Observation(Detection(box, 0.9), Crop(np.zeros((2, 4, 3), np.uint8), 1.0), reading)


class WhiteDetector:
    """Finds the white rectangle of each picture."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> list[Detection]:
        rows, columns = np.nonzero(picture.min(axis=2) > 200)
        if not len(rows):
            return []
        edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        return [Detection(Box(*(float(edge) for edge in edges)), 0.9)]


class WidthReader:
    """Reads a crop of width 70 as AB70O."""

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [reading_of(f"AB{crop.pixels.shape[1]}O") for crop in crops]


@pytest.fixture
def vision() -> PlateVision:
    cropper = LooseCropper(0, 0, enhances=False)
    return PlateVision(WhiteDetector(), cropper, WidthReader())


@pytest.fixture
def write_picture() -> Callable[..., None]:
    def write(path: Path, box_xyxy: tuple[int, int, int, int] | None) -> None:
        path.parent.mkdir(exist_ok=True)
        picture = np.zeros((200, 300, 3), np.uint8)
        if box_xyxy is not None:
            x0, y0, x1, y1 = box_xyxy
            picture[y0:y1, x0:x1] = 255
        cv2.imwrite(str(path), picture)

    return write


def test_sets_are_judged_each_and_together(
    tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    write_picture(tmp_path / "eu" / "a.png", (10, 10, 80, 30))
    write_picture(tmp_path / "eu" / "b.png", (10, 10, 60, 30))
    write_picture(tmp_path / "us" / "c.png", None)
    (tmp_path / "eu" / "labels.csv").write_text(
        HEADER + "a.png,10,10,70,20,AB-70 0\nb.png,10,10,70,20,ab50o\n"
    )
    (tmp_path / "us" / "labels.csv").write_text(HEADER + "c.png,10,10,70,20,AB70O\n")
    steps: list[tuple[int, int]] = []

    report = evaluate(tmp_path, vision, lambda *step: steps.append(step))

    eu, us = report.sets
    assert (eu.name, eu.plates, eu.found, eu.tight) == ("eu", 2, 2, 2)
    assert (eu.exact, eu.exact_folded) == (1, 2)
    assert (us.plates, us.found, us.exact) == (1, 0, 0)
    assert (report.total.plates, report.total.found, report.total.exact) == (3, 2, 1)
    assert len(report.total.times) == 3
    assert report.problems == ()
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_folder_with_labels_of_its_own_is_one_set(
    tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    write_picture(tmp_path / "a.png", (10, 10, 80, 30))
    (tmp_path / "labels.csv").write_text(HEADER + "a.png,10,10,70,20,AB70O\n")

    (only,) = evaluate(tmp_path, vision).sets

    assert only.name == tmp_path.name
    assert only.exact == 1


def test_picture_with_two_labels_is_looked_at_once(
    tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    write_picture(tmp_path / "a.png", (10, 10, 80, 30))
    (tmp_path / "labels.csv").write_text(
        HEADER + "a.png,10,10,70,20,AB70O\na.png,200,100,70,20,XY1\n"
    )

    total = evaluate(tmp_path, vision).total

    assert (total.plates, total.found, len(total.times)) == (2, 1, 1)


BAD_ROWS = [
    ("gone.png,1,1,5,5,AB1", "no picture 'gone.png'"),
    (",1,1,5,5,AB1", "no picture ''"),
    ("a.png,one,1,5,5,AB1", "x is 'one', not a number"),
    ("a.png,1,nan,5,5,AB1", "y is nan"),
    ("a.png,1,1,inf,5,AB1", "w is inf"),
    ("a.png,1,1,5,0,AB1", "a box of 5 x 0 pixels"),
    ("a.png,1,1,5,-3,AB1", "h is -3"),
    ("a.png,1,1,5,5,--", "the plate '--' has no letter or digit"),
    ("a.png,1,1", "w is '', not a number"),
]


@pytest.mark.parametrize(("row", "problem"), BAD_ROWS)
def test_bad_row_is_named_and_costs_no_other(
    row: str,
    problem: str,
    tmp_path: Path,
    vision: PlateVision,
    write_picture: Callable[..., None],
) -> None:
    write_picture(tmp_path / "a.png", (10, 10, 80, 30))
    file = tmp_path / "labels.csv"
    file.write_text(f"{HEADER}{row}\na.png,10,10,70,20,AB70O\n")

    report = evaluate(tmp_path, vision)

    assert report.total.exact == report.total.plates == 1
    (found,) = report.problems
    assert found.startswith(f"{file}:2: ")
    assert problem in found


def test_damaged_picture_is_named_and_costs_no_other(
    tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    write_picture(tmp_path / "a.png", (10, 10, 80, 30))
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    (tmp_path / "labels.csv").write_text(
        HEADER + "b.jpg,10,10,70,20,AB70O\na.png,10,10,70,20,AB70O\n"
    )

    report = evaluate(tmp_path, vision)

    assert report.total.plates == 1
    assert report.problems[0].startswith(f"{tmp_path / 'labels.csv'}:2: {tmp_path / 'b.jpg'}")


@pytest.mark.parametrize("box", ["250,10,70,20", "10,190,70,20"])
def test_box_outside_its_picture_is_named_and_counts_for_nothing(
    box: str, tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    write_picture(tmp_path / "a.png", (10, 10, 80, 30))
    (tmp_path / "labels.csv").write_text(f"{HEADER}a.png,10,10,70,20,AB70O\na.png,{box},AB1\n")

    report = evaluate(tmp_path, vision)

    assert report.total.exact == report.total.plates == 1
    (problem,) = report.problems
    assert problem.startswith(f"{tmp_path / 'labels.csv'}:3: the box (")
    assert problem.endswith("leaves the picture of 300 x 200 pixels")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "neither it nor a folder in it holds a labels.csv"),
        ("", "no column image, x, y, w, h, plate"),
        ("image,x,y,w,h\n", "no column plate"),
        (HEADER, "no usable row"),
        (HEADER + "gone.png,1,1,5,5,AB1\n", "no usable row: .*labels.csv:2: no picture"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_nothing_to_judge_is_an_error(
    content: str | bytes | None, message: str, tmp_path: Path, vision: PlateVision
) -> None:
    if content is not None:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / "labels.csv").write_bytes(data)

    with pytest.raises(EvaluationDataError, match=message):
        evaluate(tmp_path, vision)


def test_missing_folder_is_an_error(tmp_path: Path, vision: PlateVision) -> None:
    with pytest.raises(EvaluationDataError, match="no such folder"):
        evaluate(tmp_path / "gone", vision)


@pytest.mark.parametrize(
    ("box", "found", "tight"),
    [
        (Box(0, 0, 100, 20), True, True),
        (Box(0, 0, 69, 20), True, False),
        (Box(0, 0, 51, 20), True, False),
        (Box(0, 0, 49, 20), False, False),
        (Box(300, 0, 400, 20), False, False),
    ],
)
def test_found_and_tight_by_overlap(box: Box, found: bool, tight: bool) -> None:
    label = PlateLabel(Box(0, 0, 100, 20), "AB1")

    outcome = judge_plate("a.png", label, [observed(box, "AB1")])

    assert (outcome.found, outcome.tight) == (found, tight)


@pytest.mark.parametrize(
    ("texts", "exact", "same_when_folded"),
    [
        (["AB10"], True, True),
        (["ABIO"], False, True),
        (["XX", "AB10"], True, True),
        ([None], False, False),
        (["AB101"], False, False),
        ([], False, False),
    ],
)
def test_exact_counts_any_plate_of_the_picture(
    texts: list[str | None], exact: bool, same_when_folded: bool
) -> None:
    label = PlateLabel(Box(0, 0, 100, 20), "ab 10")

    outcome = judge_plate("a.png", label, [observed(Box(500, 0, 510, 9), text) for text in texts])

    assert (outcome.exact, outcome.exact_folded) == (exact, same_when_folded)


def test_spelling() -> None:
    assert bare("b-oi 2") == "BOI2"
    assert folded("b-oi 2") == "B012"


def test_report_as_json_and_table(
    tmp_path: Path, vision: PlateVision, write_picture: Callable[..., None]
) -> None:
    for name in ("eu", "us"):
        write_picture(tmp_path / name / "a.png", (10, 10, 80, 30))
        (tmp_path / name / "labels.csv").write_text(HEADER + "a.png,10,10,70,20,AB700\n")
    report = evaluate(tmp_path, vision)

    data = json.loads(json.dumps(report_to_json(report)))
    page = io.StringIO()
    Console(file=page, width=120).print(report_table(report))

    assert data["total"]["plates"] == 2
    assert data["total"]["exact_share"] == 0
    assert data["total"]["exact_folded_share"] == 1
    assert data["sets"][0]["outcomes"][0] == {
        "picture": "a.png",
        "plate": "AB700",
        "texts": ["AB70O"],
        "iou": 1.0,
        "exact": False,
        "exact_folded": True,
    }
    assert [line.split()[1] for line in page.getvalue().splitlines() if "%" in line] == [
        "eu",
        "us",
        "total",
    ]
