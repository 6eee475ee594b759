"""Plates drawn into a picture: frame, text and confidence, legible at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation
from lpr_engine.model.pixels import Pixels

FONT = cv2.FONT_HERSHEY_DUPLEX
FONT_CAP_HEIGHT_PX = 22
INK = (28, 24, 20)
PAPER = (255, 255, 255)
SURE = (80, 200, 60)
UNSURE = (30, 170, 255)
DOUBTFUL = (70, 70, 235)
LABEL_OPACITY = 0.82
UNREAD = "?"


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands beside one plate; `confidence` is that of the reading, or of the detection."""

    box: Box
    text: str
    confidence: float

    @classmethod
    def of(cls, observation: Observation) -> Caption:
        """The caption of an observation, read or not."""
        reading = observation.reading
        if reading is None or not reading.text:
            return cls(observation.detection.box, UNREAD, observation.detection.confidence)
        return cls(observation.detection.box, reading.text, reading.confidence)

    @property
    def colour(self) -> tuple[int, int, int]:
        """BGR: green where sure, amber where unsure, red where doubtful."""
        if self.confidence >= 0.8:
            return SURE
        return UNSURE if self.confidence >= 0.4 else DOUBTFUL


@dataclass(frozen=True, slots=True)
class Pen:
    """Line and letter sizes that suit a picture's size, in pixels."""

    line_px: int
    letter_px: float

    @classmethod
    def for_picture(cls, width: int, height: int) -> Pen:
        """About a thirtieth of the short side, and never too small to be read."""
        letter_px = max(9.0, min(width, height) / 30)
        return cls(max(1, round(letter_px / 9)), letter_px)

    @property
    def padding_px(self) -> int:
        """Room around letters."""
        return max(2, round(self.letter_px * 0.45))

    def fitting(self, text: str, width_px: int) -> Pen:
        """The same, or a smaller one with which the text fits into that width."""
        room = max(1, width_px - 2 * self.padding_px)
        share = min(1.0, room / max(1, self.text_width(text)))
        return Pen(self.line_px, self.letter_px * share)

    def text_width(self, text: str) -> int:
        """Width of a line of text."""
        (width, _), _ = cv2.getTextSize(text, FONT, self.font_scale, self.stroke_px)
        return int(width)

    @property
    def font_scale(self) -> float:
        """OpenCV's scale for this letter height."""
        return self.letter_px / FONT_CAP_HEIGHT_PX

    @property
    def stroke_px(self) -> int:
        """Thickness of the letters' strokes."""
        return max(1, round(self.letter_px / 14))


def annotate(picture: Pixels, observations: Sequence[Observation]) -> Pixels:
    """A copy of the picture with each plate framed and captioned."""
    return draw(picture, [Caption.of(observation) for observation in observations])


def draw(picture: Pixels, captions: Sequence[Caption]) -> Pixels:
    """A copy of the picture with these captions in it."""
    canvas: Pixels = picture.copy()
    height, width = picture.shape[:2]
    pen = Pen.for_picture(width, height)
    for caption in captions:
        _frame(canvas, caption, pen)
    taken = [caption.box for caption in captions]
    for caption in captions:
        taken.append(_label(canvas, caption, pen, taken))
    return canvas


def _frame(canvas: Pixels, caption: Caption, pen: Pen) -> None:
    """A line in the caption's colour between two dark ones, so that any background shows it."""
    edge = pen.line_px
    start = (round(caption.box.x0) - edge, round(caption.box.y0) - edge)
    end = (round(caption.box.x1) + edge - 1, round(caption.box.y1) + edge - 1)
    cv2.rectangle(canvas, start, end, INK, pen.line_px + 2)
    cv2.rectangle(canvas, start, end, caption.colour, pen.line_px)


def _label(canvas: Pixels, caption: Caption, pen: Pen, taken: Sequence[Box]) -> Box:
    """Draw text and confidence on a plaque beside the plate; returns the plaque's place."""
    height, width = canvas.shape[:2]
    percent = f" {100 * caption.confidence:.0f}%"
    pen = pen.fitting(caption.text + percent, width)
    padding = pen.padding_px
    size = (
        pen.text_width(caption.text + percent) + 2 * padding,
        round(pen.letter_px) + 2 * padding,
    )
    place = _free_place(caption.box, size, pen, Box(0, 0, width, height), taken)
    _plaque(canvas, place, caption.colour, pen)
    left, foot = round(place.x0) + padding, round(place.y1) - padding
    _write(canvas, caption.text, (left, foot), PAPER, pen)
    left += pen.text_width(caption.text)
    _write(canvas, percent, (left, foot), caption.colour, pen)
    return place


def _free_place(
    plate: Box, size: tuple[int, int], pen: Pen, frame: Box, taken: Sequence[Box]
) -> Box:
    """Above the plate or below it, wherever the label hides least of other plates and labels."""
    gap = 2 * pen.line_px + 1
    tops = (plate.y0 - gap - size[1], plate.y1 + gap, plate.y0 - 2 * gap - 2 * size[1])
    lefts = (plate.x0, plate.x1 - size[0])
    places = [_inside(left, top, size, frame) for top in tops for left in lefts]
    return min(places, key=lambda place: sum(place.intersection(other) for other in taken))


def _inside(left: float, top: float, size: tuple[int, int], frame: Box) -> Box:
    x = round(min(max(0.0, left), max(0.0, frame.width - size[0])))
    y = round(min(max(0.0, top), max(0.0, frame.height - size[1])))
    return Box(x, y, x + size[0], y + size[1])


def _plaque(canvas: Pixels, place: Box, colour: tuple[int, int, int], pen: Pen) -> None:
    x0, y0, x1, y1 = (round(edge) for edge in place.as_tuple())
    area = canvas[y0:y1, x0:x1]
    area[:] = np.asarray(area * (1 - LABEL_OPACITY) + np.array(INK) * LABEL_OPACITY, np.uint8)
    area[:, : max(1, pen.line_px)] = colour


def _write(
    canvas: Pixels, text: str, foot: tuple[int, int], colour: tuple[int, int, int], pen: Pen
) -> None:
    cv2.putText(canvas, text, foot, FONT, pen.font_scale, colour, pen.stroke_px, cv2.LINE_AA)
