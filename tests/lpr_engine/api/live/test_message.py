"""The binary message: its layout, and no number in it that JSON cannot say."""

from __future__ import annotations

import dataclasses
import struct

import numpy as np

from lpr_engine.api.live.message import frame_header, pack
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import LiveFrame, PictureForm
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from tests.lpr_engine.api.live_house import Shown, numbered

FORM = PictureForm(64, 80)


def observed(box: Box, table: np.ndarray) -> Observation:
    crop = Crop(np.zeros((4, 8, 3), np.uint8), 1.0)
    return Observation(Detection(box, 0.5), crop, Reading("1", table, "01_"))


def test_length_header_picture() -> None:
    message = pack({"text": "Ü"}, b"\xff\xd8picture")
    assert message[:4] == struct.pack(">I", len(b'{"text":"\xc3\x9c"}'))
    shown = Shown.of(message)
    assert (shown.header, shown.jpeg) == ({"text": "Ü"}, b"\xff\xd8picture")


def test_the_header_tells_both_sizes() -> None:
    header = frame_header(LiveFrame(numbered("gate", 7), (), 5), FORM, 3)
    assert (header["width"], header["height"]) == (64, 36)
    assert (header["source_width"], header["source_height"]) == (128, 72)
    assert (header["number"], header["looked_at"], header["dropped"]) == (7, 5, 3)


def test_boxes_stay_in_the_picture_and_broken_models_are_no_confidence() -> None:
    table = np.array([[np.nan, 0.5, 0.5]], np.float32)
    frame = LiveFrame(numbered("gate", 7), (observed(Box(-10, 60, 20, 90), table),), 7)
    (detection,) = frame_header(frame, FORM, 0)["detections"]
    assert detection["box"] == [0, 0.83333, 0.15625, 1]
    assert detection["reading"]["confidence"] == 0
    assert detection["track"] is None
    pack(frame_header(frame, FORM, 0), b"")


def test_what_was_not_read_says_so() -> None:
    one = dataclasses.replace(observed(Box(0, 0, 9, 9), np.ones((1, 3), np.float32)), reading=None)
    (detection,) = frame_header(LiveFrame(numbered("gate", 7), (one,), 7), FORM, 0)["detections"]
    assert detection["reading"] is None
