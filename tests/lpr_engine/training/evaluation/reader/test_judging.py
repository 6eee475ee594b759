from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.reader.causes import Cause
from lpr_engine.training.evaluation.reader.figures import Way
from lpr_engine.training.evaluation.reader.judging import evaluate_reader
from lpr_engine.training.evaluation.reader.plates import read_true_plates
from lpr_engine.vision.reader import FastPlateReader

PICTURES = "image,x,y,w,h,plate"
CROPS = "image_path,plate_text,region"


def test_the_bundled_reader_reads_a_plate_in_both_ways(
    street: Path, labels: Callable[..., Path], bundled_reader: FastPlateReader
) -> None:
    labels(PICTURES, "car.png,100,200,330,96,AB123CD", "car.png,100,200,330,96,XB123CD")
    steps: list[tuple[int, int]] = []

    report = evaluate_reader(
        read_true_plates(street), bundled_reader, Grammar(), (), lambda *step: steps.append(step)
    )

    right, wrong = report.rows
    for way in Way:
        assert right.answers[way].text == "AB123CD"
        assert 0.5 < right.answers[way].confidence <= 1
        assert right.answers[way].cost_ms > 0
    assert right.crop is None
    assert wrong.cause() is Cause.ONE_SIGN
    assert wrong.crop is not None
    assert wrong.crop.shape[0] <= 96
    assert steps == [(1, 2), (2, 2)]


def test_what_nobody_can_read_gets_an_answer_too(
    tmp_path: Path, labels: Callable[..., Path], bundled_reader: FastPlateReader
) -> None:
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((30, 90, 3), 120, np.uint8))
    cv2.imwrite(str(tmp_path / "dot.png"), np.full((1, 1, 3), 120, np.uint8))
    labels(CROPS, "blank.png,AB123,DE", "dot.png,AB123,DE")

    report = evaluate_reader(read_true_plates(tmp_path), bundled_reader, Grammar())

    assert report.total().exact == 0
    assert all(0 <= row.answers[Way.SECOND_LOOK].confidence < 0.9 for row in report.rows)


def test_a_country_weighs_in(
    tmp_path: Path, labels: Callable[..., Path], bundled_reader: FastPlateReader
) -> None:
    """Dutch and British plates want their letters at other places, so a prior moves the doubt."""
    noise = np.random.default_rng(5).integers(0, 255, (24, 90, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "noise.png"), cv2.GaussianBlur(noise, (5, 5), 0))
    labels(CROPS, "noise.png,AB123,DE")
    plates = read_true_plates(tmp_path)
    confidences = {
        evaluate_reader(plates, bundled_reader, Grammar(countries)).total().confidence
        for countries in ((), ("GB",), ("NL",))
    }
    assert len(confidences) > 1


def test_every_bad_picture_is_named_and_nothing_is_reported(
    street: Path, labels: Callable[..., Path], bundled_reader: FastPlateReader
) -> None:
    (street / "bad.png").write_bytes(b"no picture")
    file = labels(
        PICTURES,
        "bad.png,1,1,5,5,AB1",
        "car.png,100,200,330,96,AB123CD",
        "car.png,700,200,30,9,AB1",
    )
    with pytest.raises(EvaluationDataError) as caught:
        evaluate_reader(read_true_plates(street), bundled_reader, Grammar())
    assert f"{file}:2: " in str(caught.value)
    assert f"{file}:4: " in str(caught.value)
    assert f"{file}:3: " not in str(caught.value)
