import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from lpr_engine.training.synthetic.drive_by import DRIVES, frames, write_clip
from lpr_engine.training.synthetic.street import Camera, draw_street

_SHORT = tuple(replace(drive, duration_s=0.5) for drive in DRIVES[:1])


@pytest.fixture(scope="module")
def pictures():
    """The short drive; drawing it takes seconds."""
    return list(frames(_SHORT))


def test_things_grow_as_they_come_nearer():
    camera = Camera()
    far, near = camera.project(1, 0, 20), camera.project(1, 0, 5)
    assert near[0] > far[0]
    assert near[1] > far[1] > camera.horizon


def test_a_street_is_repeatable():
    streets = [draw_street(Camera(), np.random.default_rng(2)) for _ in range(2)]
    assert np.array_equal(streets[0], streets[1])


def test_a_car_comes_and_goes(pictures):
    grey = [cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(int) for p in pictures]
    empty = grey[0]
    changed = [int((np.abs(p - empty) > 40).sum()) for p in grey]
    assert max(changed) > 20_000
    assert changed[-1] < 500


@pytest.mark.parametrize("drive", DRIVES, ids=lambda d: d.text)
def test_a_drives_text_is_what_its_plate_spells(drive):
    assert drive.text.isalnum()
    assert drive.leaves == (drive.depths_m[1] > drive.depths_m[0])


def test_the_clip_can_be_read_back(pictures, tmp_path):
    path = tmp_path / "street.mp4"
    write_clip(path, _SHORT)
    facts = json.loads(path.with_suffix(".json").read_text())
    assert facts == {"passages": 1, "plates": [{"text": "MKX4711", "country": "DE"}]}
    capture = cv2.VideoCapture(str(path))
    shapes = []
    while True:
        more, picture = capture.read()
        if not more:
            break
        shapes.append(picture.shape)
    assert set(shapes) == {(720, 1280, 3)}
    assert len(shapes) == len(pictures)
